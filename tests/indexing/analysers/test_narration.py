"""A film's descriptions come from its captions, and avoid what is said, sung or heard."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from indexing.analysers.contract import Context, Finding, Place
from indexing.analysers.narration import Narration
from indexing.engines.speech import RATE
from indexing.media import open_media
from tests.indexing.analysers.made_media import MadeMedia

CAPTIONS = (
    Finding("caption", "A harbour with many boats.", place=Place(0, 10), confidence=0.7, language="en"),
    Finding("caption", "A woman opens a door.", place=Place(10, 30), confidence=0.6, language="en"),
    Finding("caption", "Boats. A woman."),
)


class Film(MadeMedia):
    """A film with that sound."""

    def __init__(self, sound: np.ndarray, duration: float = 30.0) -> None:
        super().__init__("video", duration=duration)
        self.sound_samples = sound

    def sample_chunks(self, rate: int, seconds: float) -> Iterator[np.ndarray]:
        step = int(rate * seconds)
        for first in range(0, len(self.sound_samples), step):
            yield self.sound_samples[first : first + step]


def told(**kinds: Sequence[Finding]) -> Context:
    return Context(lambda name: Path(), lambda kind: kinds.get(kind, ()))


def spans(found: Sequence[Finding]) -> list[tuple[float, float]]:
    return [(each.place.start or 0.0, each.place.end or 0.0) for each in found]


def test_the_scenes_of_a_silent_film_are_described_with_where_they_come_from() -> None:
    first, second = Narration().analyse(Film(np.zeros(0, np.float32)), told(caption=CAPTIONS))
    assert (first.kind, first.text, first.language) == ("narration", "A harbour with many boats.", "en")
    assert (first.confidence, first.details["of"]) == (0.7, "A harbour with many boats.")
    assert (second.text, second.place.start) == ("A woman opens a door.", 15.0)
    assert not first.accepted


def test_nothing_is_said_over_speech_and_singing_but_over_music() -> None:
    speech = [Finding("speech", "Good evening", place=Place(0, 12))]
    sounds = [
        Finding("sound", "singing", place=Place(11, 20)),
        Finding("sound", "music", place=Place(0, 30)),
    ]
    found = list(
        Narration().analyse(
            Film(np.zeros(30 * RATE, np.float32)), told(caption=CAPTIONS, speech=speech, sound=sounds)
        )
    )
    assert [each.text for each in found] == ["A woman opens a door."]
    assert spans(found)[0][0] > 20


def test_a_film_without_scenes_or_duration_has_no_description() -> None:
    quiet = np.zeros(0, np.float32)
    assert list(Narration().analyse(Film(quiet), told(caption=CAPTIONS[2:]))) == []
    assert list(Narration().analyse(Film(quiet, 0.0), told(caption=CAPTIONS))) == []


def test_speech_that_nobody_transcribed_is_not_talked_over(shared: Callable[..., Path]) -> None:
    folder = shared("media", "speech_librispeech")
    with (folder / "manifest.csv").open() as rows:
        path = folder / next(csv.DictReader(rows))["file"]
    voice = open_media("audio", path, 60).samples(RATE)[: 12 * RATE]
    sound = np.concatenate([np.zeros(8 * RATE, np.float32), voice, np.zeros(10 * RATE, np.float32)])
    film = Film(sound, len(sound) / RATE)
    found = list(Narration().analyse(film, told(caption=CAPTIONS)))
    assert found
    for start, end in spans(found):
        assert np.abs(sound[int(start * RATE) : int(end * RATE)]).max(initial=0) < 0.05
