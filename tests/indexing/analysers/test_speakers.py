"""Turns and voices as facts: from a diarizer that replays turns, and from real weights on a conversation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from indexing import weights
from indexing.analysers.contract import Context, Finding, MediaKind, Place, Region, Sound
from indexing.analysers.registry import SPEAKERS
from indexing.analysers.speakers import PyannoteSpeakers, Speakers, believed, findings
from indexing.engines.diarization.contract import RATE, Diarization, Turn
from indexing.engines.voice_embedder import SPACE
from tests.bench.conversations import READINGS, converse, utterances

VOICE = np.eye(1, 256, dtype=np.float32)[0]


class Recording:
    """Sound of some channels held in memory."""

    kind: MediaKind = "audio"

    def __init__(self, channels: np.ndarray) -> None:
        self.channels = np.atleast_2d(channels).astype(np.float32)
        self.duration: float | None = self.channels.shape[1] / RATE

    def sound(self) -> Sound | None:
        return Sound(RATE, len(self.channels)) if self.channels.size else None

    def sample_chunks(self, rate: int, seconds: float) -> Iterator[np.ndarray]:
        return (chunk.mean(0) for chunk in self.channel_chunks(rate, seconds))

    def channel_chunks(self, rate: int, seconds: float) -> Iterator[np.ndarray]:
        assert rate == RATE
        step = int(rate * seconds)
        for first in range(0, self.channels.shape[1], step):
            yield self.channels[:, first : first + step]


def context(facts: Mapping[str, Sequence[Finding]] | None = None) -> Context:
    return Context(weights.path, lambda kind: (facts or {}).get(kind, ()))


def analysed(channels: np.ndarray) -> list[Finding]:
    for name in Speakers.weights:
        if not weights.available(name):
            pytest.skip(weights.shelf().reason(name))
    return list(Speakers().analyse(Recording(channels), context()))


def readers(number: int, seconds: float) -> list[np.ndarray]:
    if not READINGS.is_dir():
        pytest.skip(f"The labelled recordings are not here: {READINGS}")
    return [each[2].sound[: int(seconds * RATE)] for each in list(utterances().values())[:number]]


def at(found: Sequence[Finding], second: float) -> set[str]:
    """Who speaks at a second."""
    turns = (each for each in found if each.kind == "turn")
    return {each.text for each in turns if (each.place.start or 0) <= second < (each.place.end or 0)}


def sound(text: str, start: float, end: float) -> Finding:
    return Finding("sound", text, place=Place(start, end))


def test_turns_and_voices_become_facts() -> None:
    told = Diarization([Turn(0, 8, 1, 0.9), Turn(7, 9, 2, 0.6), Turn(20, 24, 2)], {1: VOICE})
    first, second, third, one, two = findings(told)
    assert [each.text for each in (first, second, third)] == ["Speaker 1", "Speaker 2", "Speaker 2"]
    assert (first.kind, first.place, first.confidence) == ("turn", Place(0, 8), 0.9)
    assert [each.details["overlap"] for each in (first, second, third)] == [True, True, False]
    assert (one.kind, one.text, one.place) == ("voice", "Speaker 1", Place(0, 6.9))
    assert one.vector is not None
    assert (one.vector.space, one.vector.place) == (SPACE, one.place)
    assert two.vector is None, "of whom there is too little no vector is made up"
    assert two.place == Place(20, 24)
    assert two.details == {"speaker": 2, "seconds": 6, "share": pytest.approx(6 / 14, abs=1e-3)}


def test_nobody_no_facts() -> None:
    assert list(findings(Diarization([], {}))) == []


def test_turns_in_music_are_left_out_unless_speech_or_words_are_known() -> None:
    told = Diarization([Turn(0, 4, 1), Turn(10, 14, 2), Turn(20, 24, 3)], {2: VOICE})
    sounds = [sound("music", 0, 30), sound("speech", 9, 15)]
    word = Finding("word", "love", place=Place(21.0, 21.4))
    kept = believed(told, context({"sound": sounds, "word": [word]}))
    assert [(turn.start, turn.speaker) for turn in kept.turns] == [(10, 1), (20, 2)]
    assert sorted(kept.voices) == [1]
    on_screen = Finding("word", "love", place=Place(21.0, 21.4, Region(0, 0, 1, 1)))
    assert len(believed(told, context({"sound": sounds, "word": [on_screen]})).turns) == 1


def test_without_sound_facts_every_turn_is_believed() -> None:
    told = Diarization([Turn(0, 4, 1)], {})
    assert believed(told, context()).turns == told.turns


def test_a_film_without_sound_needs_no_weights() -> None:
    def no_weights(name: str) -> Path:
        raise LookupError(name)

    assert list(Speakers().analyse(Recording(np.empty((0, 0))), Context(no_weights))) == []


def test_engine_and_weights_are_part_of_the_identity() -> None:
    assert Speakers().model == "onnx pyannote-segmentation-3 wespeaker-resnet34"
    assert PyannoteSpeakers().model == "pyannote wespeaker-resnet34"
    assert [where.split(":")[1] for where in SPEAKERS.values()] == ["Speakers", "PyannoteSpeakers"]


@pytest.mark.models
def test_two_readers_in_conversation_are_two_speakers() -> None:
    readers(2, 4.0)
    talk = converse({name: told[5:] for name, told in utterances().items()}, 2, 30.0, seed=100)
    found = analysed(talk.sound)
    voices = [each for each in found if each.kind == "voice"]
    assert [each.text for each in voices] == ["Speaker 1", "Speaker 2"]
    vectors = [each.vector.values for each in voices if each.vector is not None]
    assert float(vectors[0] @ vectors[1]) < 0.5
    first = talk.said[0].speaker
    expected = ["Speaker 1" if said.speaker == first else "Speaker 2" for said in talk.said]
    right = [who in at(found, said.start + 0.6) for who, said in zip(expected, talk.said, strict=True)]
    assert sum(right) >= 0.8 * len(right)
    assert all(0 < (each.confidence or 0) <= 1 for each in found if each.kind == "turn")


@pytest.mark.models
def test_a_speaker_on_each_channel_is_one_speaker_even_of_one_voice() -> None:
    (one,) = readers(1, 4.0)
    channels = np.zeros((2, len(one) * 2 + RATE), np.float32)
    channels[0, : len(one)] = one
    channels[1, len(one) + RATE :] = one
    found = analysed(channels)
    assert at(found, 0.5) == {"Speaker 1"}
    assert at(found, len(one) / RATE + 1.5) == {"Speaker 2"}
    assert {each.text for each in found} == {"Speaker 1", "Speaker 2"}


@pytest.mark.models
@pytest.mark.parametrize(
    "channels",
    [
        np.zeros((1, 0)),
        np.zeros((1, 100)),
        np.zeros((8, 5 * RATE)),
        np.full((1, 3 * RATE), np.nan),
        np.random.default_rng(1).normal(0, 0.1, (1, 12 * RATE)),
    ],
    ids=["empty", "a moment", "eight silent channels", "not a number", "noise"],
)
def test_no_turns_where_nobody_speaks(channels: np.ndarray) -> None:
    assert analysed(channels) == []


@pytest.mark.models
def test_a_telephone_band_is_heard() -> None:
    (one,) = readers(1, 6.0)
    spectrum, pitch = np.fft.rfft(one), np.fft.rfftfreq(len(one), 1 / RATE)
    spectrum[(pitch < 300) | (pitch > 3400)] = 0
    found = analysed(np.fft.irfft(spectrum, len(one)))
    assert at(found, 0.5) == {"Speaker 1"}
