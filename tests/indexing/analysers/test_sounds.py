"""Spans of sounds: terms, lanes that check each other, and real weights on real clips."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from indexing import weights
from indexing.analysers import registry
from indexing.analysers.contract import Context, Finding
from indexing.analysers.sound_lanes import LANES, Lanes, united, without
from indexing.analysers.sound_terms import Scorer, terms
from indexing.analysers.sounds import Sounds, Spotter
from indexing.engines.voice_activity import RATE
from indexing.media import open_media
from tests.indexing.analysers.made_sound import MadeSound

HOP = 7680  # samples from one window of YAMNet to the next
LABELS = sorted(
    {name for term in terms() for name in (*term.classes, *term.rivals)}
    | {name for lane in LANES for name in lane.classes}
    | {"Silence"}
)


def scores(windows: int, **heard: tuple[int, int, float]) -> np.ndarray:
    """Scores of windows, 0 but for each class between two windows; _ stands for a space."""
    made = np.zeros((windows, len(LABELS)))
    for name, (first, last, score) in heard.items():
        made[first:last, LABELS.index(name.replace("_", " "))] = score
    return made


def spotted(made: np.ndarray, seconds: float = 60.0, size: int = 16) -> list[Finding]:
    spotter = Spotter(LABELS)
    for first in range(0, len(made), size):
        spotter.feed(made[first : first + size])
    return list(spotter.finish(seconds))


class Odds:
    """A voice detector that says of each frame what it was told beforehand."""

    def __init__(self, odds: np.ndarray) -> None:
        self._odds = odds
        self._given = 0

    def stream(self) -> Odds:
        return self

    def feed(self, samples: np.ndarray) -> np.ndarray:
        count = len(samples) // 160
        self._given += count
        return self._odds[self._given - count : self._given]

    def finish(self) -> np.ndarray:
        return self._odds[self._given :]


def laned(made: np.ndarray, **voices: list[tuple[float, float]]) -> dict[str, list[tuple[float, float]]]:
    """The spans of each lane, where the detector hears voices between those seconds."""
    seconds = len(made) * HOP / RATE
    odds = np.zeros((int(seconds * 100), 3))
    for name, spans in voices.items():
        for start, end in spans:
            odds[int(start * 100) : int(end * 100), ("speech", "singing", "music").index(name)] = 0.9
    lanes = Lanes(Odds(odds), LABELS)  # type: ignore[arg-type]
    chunks = np.split(np.zeros(len(made) * HOP, np.float32), len(made))
    for _, row in zip(lanes.overhear(chunks), made, strict=True):
        lanes.feed(row[None])
    for _ in lanes.overhear([]):
        pass
    found: dict[str, list[tuple[float, float]]] = {}
    for finding in lanes.finish():
        found.setdefault(finding.text, []).append((finding.place.start or 0.0, finding.place.end or 0.0))
    return found


def test_the_table_holds_clear_terms_each_once_with_known_general_terms() -> None:
    names = [term.name for term in terms()]
    assert 60 <= len(names) == len(set(names)) <= 100
    assert all(term.within in ["", *names] for term in terms())
    assert all(0.2 <= term.threshold <= 0.6 for term in terms())


@pytest.mark.models
def test_every_class_of_the_table_is_one_of_the_networks() -> None:
    if not weights.available("yamnet"):
        pytest.skip(weights.shelf().reason("yamnet"))
    from indexing.engines.yamnet import Yamnet

    assert set(LABELS) <= set(Yamnet(weights.path("yamnet")).labels)


def test_a_table_that_wants_an_unknown_class_is_refused() -> None:
    with pytest.raises(ValueError, match="not in list"):
        Scorer(["Speech"])


def test_neighbouring_windows_are_one_span_with_the_best_score() -> None:
    made = scores(100, Applause=(10, 20, 0.5))
    made[15, LABELS.index("Clapping")] = 0.8
    (found,) = spotted(made)
    assert (found.kind, found.text, found.confidence) == ("sound", "applause", 0.8)
    assert (found.place.start, found.place.end) == (10 * 0.48 + 0.24, 20 * 0.48 + 0.24)


def test_what_stays_below_its_threshold_is_not_told() -> None:
    assert spotted(scores(50, Applause=(10, 20, 0.3))) == []


def test_a_missing_window_does_not_end_a_span_and_two_do() -> None:
    assert len(spotted(scores(50, Dog=(5, 8, 0.9)) + scores(50, Dog=(9, 12, 0.9)))) == 1
    assert len(spotted(scores(50, Dog=(5, 8, 0.9)) + scores(50, Dog=(10, 12, 0.9)))) == 2


def test_the_special_term_drops_the_general_ones() -> None:
    made = scores(50, Animal=(5, 20, 0.9), Bird=(5, 10, 0.8), Owl=(5, 10, 0.7))
    assert [(each.text, each.place.start) for each in spotted(made)] == [("owl", 2.64), ("animal", 5.04)]


def test_a_rival_that_is_surer_silences_a_term() -> None:
    assert [each.text for each in spotted(scores(50, Bell=(5, 10, 0.6)))] == ["bell"]
    assert spotted(scores(50, Bell=(5, 10, 0.6), Music=(5, 10, 0.9))) == []


def test_a_span_ends_with_its_recording() -> None:
    (found,) = spotted(scores(10, Rain=(0, 10, 0.9)), seconds=4.9)
    assert (found.place.start, found.place.end) == (0.0, 4.9)


def test_speech_needs_both_networks_and_keeps_the_fine_edges() -> None:
    made = scores(100, Speech=(20, 40, 0.7))
    found = laned(made, speech=[(10.5, 18.0), (30.0, 35.0)])
    assert found["speech"] == [(pytest.approx(10.35, abs=0.05), pytest.approx(18.15, abs=0.1))]


def test_speech_that_only_the_coarse_network_is_sure_of_is_told_too() -> None:
    assert laned(scores(100, Speech=(20, 40, 0.95)))["speech"] == [(9.84, 19.44)]
    assert "speech" not in laned(scores(100, Speech=(20, 22, 0.95)))


def test_a_pause_within_a_sentence_does_not_break_speech() -> None:
    found = laned(scores(100, Speech=(0, 100, 0.9)), speech=[(5.0, 9.0), (9.4, 12.0)])
    assert len(found["speech"]) == 1


def test_silence_is_what_no_voice_and_no_music_covers() -> None:
    made = scores(100, Silence=(0, 100, 0.9))
    made[20:40, LABELS.index("Speech")] = 0.9
    found = laned(made, speech=[(10.0, 18.0)])
    assert found["silence"][0][0] == 0.0
    assert found["silence"][-1][1] == 48.0
    assert all(end <= 10.1 or start >= 17.9 for start, end in found["silence"])


def test_united_and_without() -> None:
    assert united([(3, 4), (0, 1), (1, 2)]) == [(0, 2), (3, 4)]
    assert without([(0, 10)], [(2, 4), (6, 20)], shortest=1) == [(0, 2), (4, 6)]
    assert without([(0, 10)], []) == [(0, 10)]
    assert without([(2, 3)], [(0, 10)]) == []


def test_the_analyser_is_registered() -> None:
    assert registry.BUILT_IN["sounds"] == f"{Sounds.__module__}:{Sounds.__name__}"


@pytest.fixture(scope="module")
def context() -> Context:
    if not weights.available("yamnet"):
        pytest.skip(weights.shelf().reason("yamnet"))
    return Context(weights.path)


@pytest.mark.models
@pytest.mark.parametrize("samples", [None, np.zeros(0), np.zeros((8, 0))], ids=["none", "empty", "eight"])
def test_no_sound_no_findings(context: Context, samples: np.ndarray | None) -> None:
    assert list(Sounds().analyse(MadeSound(samples), context)) == []  # type: ignore[arg-type]


@pytest.mark.models
def test_silence_and_samples_that_are_no_numbers_are_borne(context: Context) -> None:
    nothing = np.zeros(4 * RATE)
    nothing[RATE : RATE + 100] = np.nan
    found = list(Sounds().analyse(MadeSound(nothing), context))  # type: ignore[arg-type]
    assert [(each.text, each.place.start, each.place.end) for each in found] == [("silence", 0.0, 4.0)]  # type: ignore[union-attr]


@pytest.mark.models
def test_clicks_of_a_few_samples_are_borne(context: Context) -> None:
    for length in (1, 100, 500):
        list(Sounds().analyse(MadeSound(np.ones(length)), context))  # type: ignore[arg-type]


@pytest.mark.models
@pytest.mark.parametrize("label", ["Dog bark", "Rooster", "Baby cry", "Chainsaw"])
def test_noises_are_named_and_are_no_speech(
    context: Context, shared: Callable[..., Path], label: str
) -> None:
    folder = shared("media", "sound_events_esc10")
    rows = [row for row in csv.DictReader((folder / "manifest.csv").open()) if row["label"] == label]
    term = {"Dog bark": "dog", "Rooster": "rooster", "Baby cry": "baby crying", "Chainsaw": "chainsaw"}[label]
    named = spoken = 0
    for row in rows:
        media = open_media("audio", folder / row["file"], None)
        told = [each for each in Sounds().analyse(media, context) if isinstance(each, Finding)]
        named += any(each.text == term for each in told)
        spoken += any(each.text in ("speech", "music", "singing") for each in told)
    assert named >= len(rows) - 1
    assert spoken <= 1


@pytest.mark.models
def test_speech_and_music_are_told_apart(context: Context, shared: Callable[..., Path]) -> None:
    speech = shared("media", "speech_librispeech") / "2033" / "2033-164914-0000.flac"
    music = shared("media", "music_synth") / "piano_0.ogg"
    for path, right, wrong in ((speech, "speech", "music"), (music, "music", "speech")):
        media = open_media("audio", path, None)
        told = [each.text for each in Sounds().analyse(media, context) if isinstance(each, Finding)]
        assert right in told
        assert wrong not in told
