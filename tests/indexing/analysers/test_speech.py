"""Sentences and words, from a transcriber that replays what it is given and from real weights."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from indexing import weights
from indexing.analysers.contract import Context, MediaKind
from indexing.analysers.speech import LONGEST, BatchedSpeech, Speech, sentences
from indexing.engines.speech import RATE, Segment, Word
from tests.indexing.engines.test_speech import reading


class Recording:
    """Sound held in memory."""

    kind: MediaKind = "audio"

    def __init__(self, sound: np.ndarray) -> None:
        self.sound = sound
        self.duration: float | None = len(sound) / RATE

    def sample_chunks(self, rate: int, seconds: float) -> Iterator[np.ndarray]:
        assert rate == RATE
        step = int(rate * seconds)
        for first in range(0, len(self.sound), step):
            yield self.sound[first : first + step]


def no_weights(name: str) -> Path:
    raise LookupError(name)


def segment(text: str, pauses: dict[int, float] | None = None, length: float = 0.4) -> Segment:
    """Words of `length` seconds, each after the one before, with pauses before those named by number."""
    words, second = [], 0.0
    for number, word in enumerate(text.split()):
        second += (pauses or {}).get(number, 0.0)
        words.append(Word(word, second, second + length, 0.5 + 0.1 * (number % 2)))
        second += length
    return Segment(text, 0.0, second, "en", 0.5, words)


def texts(found: Iterator[Segment]) -> list[str]:
    return [each.text for each in found]


def test_sentences_end_at_marks_and_pauses() -> None:
    whole = segment("It was late at night. Was it? so it seemed then nothing", {9: 1.0})
    assert texts(sentences([whole])) == ["It was late at night.", "Was it? so it", "seemed then nothing"]


def test_an_abbreviation_at_the_start_does_not_end_a_sentence() -> None:
    assert texts(sentences([segment("Mr. Jones was late for tea.")])) == ["Mr. Jones was late for tea."]


def test_endless_speech_is_cut_and_keeps_every_word() -> None:
    whole = segment(" ".join(f"word{number}" for number in range(120)))
    parts = list(sentences([whole]))
    assert all(part.end - part.start <= LONGEST + 1e-6 for part in parts)
    assert " ".join(part.text for part in parts) == whole.text
    assert all(before.end <= after.start + 1e-6 for before, after in pairwise(parts))


def test_a_sentence_is_as_sure_as_its_words_on_average() -> None:
    (part,) = sentences([segment("two words")])
    assert part.confidence == pytest.approx(0.55)


def test_a_segment_without_timed_words_passes_unchanged() -> None:
    bare = Segment("Hello.", 1.0, 2.0, "en", 0.9)
    assert list(sentences([bare])) == [bare]


def test_no_sound_needs_no_weights_and_finds_nothing() -> None:
    assert list(Speech().analyse(Recording(np.empty(0, np.float32)), Context(no_weights))) == []


def test_the_engine_and_the_model_are_named() -> None:
    assert (Speech().model, Speech().weights) == ("faster-whisper whisper-base", ("whisper-base",))
    other = Speech("whisperx", "whisper-tiny-en")
    assert (other.model, other.weights) == ("whisperx whisper-tiny-en", ("whisper-tiny-en",))
    with pytest.raises(LookupError, match="whisper-base"):
        list(Speech().analyse(Recording(np.zeros(RATE, np.float32)), Context(no_weights)))


@pytest.mark.models
def test_speech_is_found_where_it_is_and_silence_is_not() -> None:
    if not weights.available("whisper-tiny-en"):
        pytest.skip(weights.shelf().reason("whisper-tiny-en"))
    _, sound, _ = reading(1)
    analyser, context = Speech(model="whisper-tiny-en"), Context(weights.path)
    assert list(analyser.analyse(Recording(np.zeros(2 * RATE, np.float32)), context)) == []
    late = Recording(np.concatenate([np.zeros(70 * RATE, np.float32), sound]))
    found = list(analyser.analyse(late, context))
    assert found
    for each in found:
        assert (each.kind, each.language) == ("speech", "en")
        assert 69.5 <= each.place.start < each.place.end <= late.duration
        assert [word.kind for word in each.children] == ["word"] * len(each.text.split())
        assert all(each.place.start <= word.place.start <= word.place.end for word in each.children)


@pytest.mark.parametrize("analyser", [Speech, BatchedSpeech])
def test_the_engine_and_the_model_are_part_of_the_identity(analyser: type[Speech]) -> None:
    made = analyser.choose(lambda use: "whisper-tiny-en")
    assert made.weights == ("whisper-tiny-en",)
    assert made.model == f"{made.engine} whisper-tiny-en"
    assert (made.engine == "whisperx") == (analyser is BatchedSpeech)
