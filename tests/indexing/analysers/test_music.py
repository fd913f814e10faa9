"""Music in recordings made on the spot: where it is described, where not, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from indexing import weights
from indexing.analysers.contract import EVERYWHERE, Context, Finding, MediaKind, Place, Sound, Vector
from indexing.analysers.loudness import LoudnessAnalyser
from indexing.analysers.music import Music
from indexing.analysers.music_passages import cut, overheard, passages, share
from indexing.engines.voice_activity import CLASSES, FRAMES_A_SECOND
from tests.indexing.engines.music.made import A_MINOR, C_MAJOR, RATE, sine, tune

needs_weights = pytest.mark.skipif(
    not all(weights.available(name) for name in Music.weights), reason="the weights of musicnn are not here"
)


class Recording:
    """Sound held in memory, as it would be decoded at any rate it was made at."""

    kind: MediaKind = "audio"

    def __init__(self, sound: np.ndarray, channels: int = 1) -> None:
        self.mono = sound
        self.channels = channels
        self.duration: float | None = len(sound) / RATE

    def sound(self) -> Sound | None:
        return Sound(RATE, self.channels) if len(self.mono) else None

    def sample_chunks(self, rate: int, seconds: float) -> Iterator[np.ndarray]:
        assert rate == RATE
        step = int(rate * seconds)
        for first in range(0, len(self.mono), step):
            yield self.mono[first : first + step]

    def channel_chunks(self, rate: int, seconds: float) -> Iterator[np.ndarray]:
        whole = np.repeat(np.repeat(self.mono, rate // RATE)[None], self.channels, axis=0)
        step = int(rate * seconds)
        for first in range(0, whole.shape[1], step):
            yield whole[:, first : first + step]


def heard(*spans: tuple[str, float, float]) -> list[Finding]:
    return [Finding("sound", text, place=Place(start, end)) for text, start, end in spans]


def context(facts: Sequence[Finding] = (), path: object = weights.path) -> Context:
    def of_kind(kind: str) -> list[Finding]:
        return [each for each in facts if each.kind == kind]

    return Context(path, of_kind)  # type: ignore[arg-type]


def no_weights(name: str) -> Path:
    raise LookupError(name)


class TestPassages:
    def test_music_and_singing_join_over_short_pauses_and_moments_are_dropped(self) -> None:
        found = heard(
            ("music", 0, 10), ("singing", 11, 30), ("music", 50, 51), ("speech", 60, 90), ("Music", 95, 99)
        )
        assert passages(found) == [(0, 30), (95, 99)]

    def test_speech_dogs_and_silence_are_no_passages(self) -> None:
        assert passages(heard(("speech", 0, 50), ("dog", 3, 60), ("silence", 60, 70))) == []

    def test_the_longest_are_kept_in_order_where_there_are_too_many(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("indexing.analysers.music_passages.MOST", 2)
        assert passages(heard(("music", 0, 5), ("music", 20, 60), ("music", 80, 90))) == [(20, 60), (80, 90)]

    def test_sound_is_cut_at_the_sample_across_chunks(self) -> None:
        chunks = np.array_split(np.arange(1000.0), 7)
        found = list(cut(chunks, [(1.5, 4.0), (6.0, 20.0)], 100))
        for number, (first, last) in enumerate([(150, 400), (600, 1000)]):
            joined = np.concatenate([piece for each, piece in found if each == number])
            assert joined.tolist() == list(range(first, last))

    def test_the_share_of_a_span_that_others_cover(self) -> None:
        assert share((10, 20), [(0, 12), (18, 40)]) == pytest.approx(0.4)
        assert share((10, 20), []) == 0

    def test_without_earlier_facts_the_detector_tells_where_music_is(self) -> None:
        class Made:
            """Hears music in the seconds 4 to 12."""

            def stream(self) -> Made:
                return self

            def feed(self, samples: np.ndarray) -> np.ndarray:
                return np.zeros((0, len(CLASSES)), np.float32)

            def finish(self) -> np.ndarray:
                odds = np.zeros((20 * FRAMES_A_SECOND, len(CLASSES)), np.float32)
                odds[4 * FRAMES_A_SECOND : 12 * FRAMES_A_SECOND, CLASSES.index("music")] = 0.9
                return odds

        assert overheard([np.zeros(10)], Made()) == [(4.0, 12.0)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "facts", [heard(("speech", 0, 20)), heard(("silence", 0, 20)), heard(("dog", 0, 2), ("music", 3, 4))]
)
def test_where_no_music_is_nothing_is_said_and_no_weights_are_asked_for(facts: list[Finding]) -> None:
    recording = Recording(np.zeros(20 * RATE, np.float32))
    assert list(Music().analyse(recording, context(facts, no_weights))) == []  # type: ignore[arg-type]


@pytest.mark.models
@needs_weights
class TestWithRealWeights:
    @pytest.fixture(scope="class")
    def song(self) -> list[Finding | Vector]:
        """16 s in C major at 120, 16 s in F sharp minor at 90, as all of a recording."""
        sound = np.concatenate([tune(C_MAJOR, 120, 32), 0.3 * tune(A_MINOR, 90, 24, shift=9)])
        recording = Recording(sound)
        facts = heard(("music", 0, len(sound) / RATE))
        return list(Music().analyse(recording, context(facts)))  # type: ignore[arg-type]

    def test_every_finding_is_of_a_declared_kind_and_in_range(self, song: list) -> None:
        findings = [each for each in song if isinstance(each, Finding)]
        assert {each.kind for each in findings} <= set(Music.kinds)
        assert {"tempo", "key", "danceability", "energy", "vocals"} <= {each.kind for each in findings}
        for each in findings:
            assert 0 <= (each.confidence or 0) <= 1
            assert each.place == EVERYWHERE or 0 <= each.place.start < each.place.end <= 32.5  # type: ignore[operator]
        shares = [each.number for each in findings if each.kind in ("danceability", "energy")]
        assert all(0 <= number <= 1 for number in shares if number is not None)

    def test_keys_are_marked_as_unsure_and_the_first_one_is_right(self, song: list) -> None:
        keys = [each for each in song if isinstance(each, Finding) and each.kind == "key"]
        assert keys[0].text == "C major"
        assert all(each.details["reliability"] == "low" and (each.confidence or 0) <= 0.6 for each in keys)

    def test_tempo_offers_its_double_and_half_and_bounded_beats(self, song: list) -> None:
        tempo = next(each for each in song if isinstance(each, Finding) and each.kind == "tempo")
        assert tempo.details["alternatives"] == [
            pytest.approx(tempo.number * 2),
            pytest.approx(tempo.number / 2, abs=0.1),
        ]
        assert 10 < len(tempo.details["beats"]) <= 600
        assert len(tempo.details["bars"]) < len(tempo.details["beats"])

    def test_the_whole_is_described_and_every_section_has_a_unit_vector(self, song: list) -> None:
        vectors = [each for each in song if isinstance(each, Vector)]
        labels = [each for each in song if isinstance(each, Finding) and each.kind == "section"]
        assert len(vectors) == max(1, len(labels))
        assert all(np.linalg.norm(each.values) == pytest.approx(1, abs=1e-3) for each in vectors)
        whole = [each for each in song if isinstance(each, Finding) and each.place == EVERYWHERE]
        assert sum(each.kind == "energy" for each in whole) == 1
        assert 0 <= next(each for each in whole if each.kind == "energy").details["valence"] <= 1

    def test_a_jingle_in_an_interview_is_described_alone(self) -> None:
        sound = np.concatenate([tune(C_MAJOR, 120, 16), np.zeros(50 * RATE, np.float32)])
        facts = heard(("music", 0, 8), ("speech", 8, 58))
        found = list(Music().analyse(Recording(sound), context(facts)))  # type: ignore[arg-type]
        assert found
        assert all(each.place.end is not None and each.place.end <= 8 for each in found)

    @pytest.mark.parametrize("seconds", [3.0, 3.3])
    def test_one_note_and_the_shortest_passage_are_no_trouble(self, seconds: float) -> None:
        recording = Recording(sine(440, -10, seconds, RATE))
        found = list(Music().analyse(recording, context(heard(("music", 0, seconds)))))  # type: ignore[arg-type]
        kinds = {each.kind for each in found if isinstance(each, Finding)}
        assert "energy" in kinds
        assert not kinds & {"tempo", "key"}


class TestLoudness:
    def measured(self, recording: Recording, facts: Sequence[Finding] = ()) -> list[Finding]:
        return list(LoudnessAnalyser().analyse(recording, context(facts, no_weights)))  # type: ignore[arg-type]

    def test_speech_as_well_as_music_has_a_loudness(self) -> None:
        (found,) = self.measured(Recording(0.1 * np.sin(np.arange(10 * RATE)).astype(np.float32), channels=2))
        assert found.text == f"{found.number} LUFS"
        assert -30 < (found.number or 0) < -10
        assert found.details["true_peak"] is not None
        assert found.details["channels"] == 2

    def test_sections_of_music_are_measured_apart(self) -> None:
        sound = np.concatenate([sine(500, -40, 10, RATE), sine(500, -10, 10, RATE)])
        sections = [Finding("section", "A", place=Place(0, 9)), Finding("section", "B", place=Place(11, 20))]
        whole, first, second = self.measured(Recording(sound), sections)
        assert (whole.place, first.place) == (EVERYWHERE, Place(0, 9))
        assert (second.number or 0) - (first.number or 0) == pytest.approx(30, abs=0.3)

    def test_silence_moments_and_eight_channels_are_told_in_words(self) -> None:
        assert [each.text for each in self.measured(Recording(np.zeros(RATE, np.float32), 8))] == ["Silence"]
        assert [each.text for each in self.measured(Recording(np.ones(100, np.float32)))] == [
            "Too short to be measured"
        ]

    def test_no_sound_gives_nothing(self) -> None:
        assert self.measured(Recording(np.zeros(0, np.float32))) == []
