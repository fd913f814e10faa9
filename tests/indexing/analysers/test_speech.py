"""What the analyser makes of a transcriber that replays what it is given, and of real weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from indexing import weights
from indexing.analysers import speech
from indexing.analysers.contract import Context, Finding, MediaKind, Place, Sound
from indexing.analysers.speech import BatchedSpeech, Speech
from indexing.engines import speech_windows
from indexing.engines.speech import RATE, Segment, Word
from tests.indexing.engines.test_speech import reading


class Recording:
    """Sound held in memory, of shape (channels, n)."""

    kind: MediaKind = "audio"

    def __init__(self, sound: np.ndarray) -> None:
        self.channels = np.atleast_2d(sound)
        self.duration: float | None = self.channels.shape[1] / RATE

    def sound(self) -> Sound:
        return Sound(RATE, len(self.channels))

    def sample_chunks(self, rate: int, seconds: float) -> Iterator[np.ndarray]:
        for chunk in self.channel_chunks(rate, seconds):
            yield chunk.mean(0)

    def channel_chunks(self, rate: int, seconds: float) -> Iterator[np.ndarray]:
        assert rate == RATE
        step = int(rate * seconds)
        for first in range(0, self.channels.shape[1], step):
            yield self.channels[:, first : first + step]


class Level:
    """A transcriber that says how loud each second is, in a language that follows from what was before."""

    def __init__(self, *suppressed: str) -> None:
        self.suppressed = suppressed
        self.asked: list[tuple[int, str, Sequence[str]]] = []

    def transcribe(
        self, samples: np.ndarray, language: str = "", hints: Sequence[str] = ()
    ) -> Iterator[Segment]:
        self.asked.append((len(samples), language, tuple(hints)))
        for second in range(len(samples) // RATE):
            loud = float(np.abs(samples[second * RATE : (second + 1) * RATE]).max())
            if loud > 0.01:
                text = f"level {loud:.2f}."
                words = [Word(word, second + 0.5 * n, second + 0.5 * n + 0.4, 0.5)
                         for n, word in enumerate(text.split())]  # fmt: skip
                reason = self.suppressed[second] if second < len(self.suppressed) else ""
                yield Segment(text, second, second + 0.9, f"{language}x", 0.5, words, 0.0, reason)


class Kept:
    """A checkpoint in memory that breaks down after so many windows, as a worker does that is killed."""

    def __init__(self, data: bytes | None = None, windows: int = 1000) -> None:
        self.data = data
        self.windows = windows

    def load(self) -> bytes | None:
        return self.data

    def save(self, data: bytes) -> None:
        self.data = data
        self.windows -= 1
        if not self.windows:
            raise KeyboardInterrupt


@pytest.fixture
def level(monkeypatch: pytest.MonkeyPatch) -> Level:
    made = Level()
    monkeypatch.setattr(Speech, "_transcriber", lambda self, context: made)
    return made


def no_weights(name: str) -> Path:
    raise LookupError(name)


def noise(seconds: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-0.5, 0.5, seconds * RATE).astype(np.float32)


def said(found: list[Finding]) -> list[str]:
    return [each.text for each in found if each.kind == "speech"]


def test_no_sound_needs_no_weights_and_finds_nothing() -> None:
    assert list(Speech().analyse(Recording(np.empty((1, 0), np.float32)), Context(no_weights))) == []


def test_the_engine_and_the_model_are_named() -> None:
    assert (Speech().model, Speech().weights) == ("faster-whisper whisper-base", ("whisper-base",))
    other = Speech("whisperx", "whisper-tiny-en")
    assert (other.model, other.weights) == ("whisperx whisper-tiny-en", ("whisper-tiny-en",))
    with pytest.raises(LookupError, match="whisper-base"):
        list(Speech().analyse(Recording(np.zeros(RATE, np.float32)), Context(no_weights)))


def test_hints_are_asked_for_once_and_reach_the_transcriber(level: Level) -> None:
    context = Context(no_weights, hints=lambda: ["Anna Seghers"])
    list(Speech().analyse(Recording(noise(2)), context))
    assert level.asked == [(2 * RATE, "", ("Anna Seghers",))]


def test_an_interrupted_run_goes_on_and_tells_the_same(level: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech_windows, "WINDOW", 40.0)
    recording = Recording(noise(130) * np.repeat(np.linspace(0.1, 1, 130), RATE).astype(np.float32))
    whole = list(Speech().analyse(recording, Context(no_weights, hints=lambda: ["first"])))
    uncut, kept = list(level.asked), Kept(windows=2)
    with pytest.raises(KeyboardInterrupt):
        list(Speech().analyse(recording, Context(no_weights, checkpoint=kept, hints=lambda: ["first"])))
    done = len(level.asked)
    again = Context(no_weights, checkpoint=Kept(kept.data), hints=lambda: ["second"])
    assert list(Speech().analyse(recording, again)) == whole
    later = level.asked[done:]
    assert len(later) > 1
    assert later == uncut[2:]


def test_a_checkpoint_that_cannot_be_read_is_ignored(level: Level) -> None:
    recording = Recording(noise(2))
    whole = list(Speech().analyse(recording, Context(no_weights)))
    for broken in (b"", b"[]", b'{"heard": []}', b'{"heard": 1, "suppressed": []}'):
        assert list(Speech().analyse(recording, Context(no_weights, checkpoint=Kept(broken)))) == whole


def test_progress_is_told_in_seconds_of_the_recording(level: Level) -> None:
    told: list[float] = []
    list(Speech().analyse(Recording(noise(5)), Context(no_weights, progress=told.append)))
    assert told == sorted(told)
    assert told[-1] == 5.0
    assert len(told) == 6


def test_each_speaker_on_a_channel_of_his_own_is_heard_there(level: Level) -> None:
    turns = np.repeat(np.arange(40) // 4 % 2, RATE)
    sound = np.stack([noise(40) * (turns == 0), 0.5 * noise(40, 2) * (turns == 1)]).astype(np.float32)
    found = list(Speech().analyse(Recording(sound), Context(no_weights)))
    channels = [each.details["channel"] for each in found]
    assert channels == [second // 4 % 2 for second in range(40)]
    assert all(child.details == each.details for each in found for child in each.children)
    assert [each.place.start for each in found] == sorted(each.place.start for each in found)


def test_one_silent_channel_leaves_one_voice(level: Level) -> None:
    sound = np.stack([noise(20), np.zeros(20 * RATE, np.float32)])
    found = list(Speech().analyse(Recording(sound), Context(no_weights)))
    assert len(found) == 20
    assert all("channel" not in each.details for each in found)


def test_what_is_not_believed_is_counted_by_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Level("", "repetition", "silence", "repetition")
    monkeypatch.setattr(Speech, "_transcriber", lambda self, context: made)
    found = list(Speech().analyse(Recording(noise(5)), Context(no_weights)))
    assert [each.kind for each in found] == ["speech", "speech", "condition"]
    condition = found[-1]
    assert condition.text == "suppressed speech (2 repetition, 1 silence)"
    assert condition.number == 3
    assert condition.details["reasons"]["repetition"] == {"passages": 2, "seconds": 1.8}
    assert condition.details["spans"][0] == (1.0, 1.9, "repetition")
    assert condition.place == Place()


def test_text_over_music_in_which_nobody_speaks_is_not_believed(level: Level) -> None:
    sounds = [
        Finding("sound", "music", place=Place(0.0, 10.0)),
        Finding("sound", "speech", place=Place(3.0, 6.0)),
    ]
    context = Context(no_weights, facts=lambda kind: sounds if kind == "sound" else ())
    found = list(Speech().analyse(Recording(noise(12)), context))
    assert [each.place.start for each in found if each.kind == "speech"] == [3.0, 4.0, 5.0, 10.0, 11.0]
    assert found[-1].number == 7


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


def test_an_aligner_that_is_not_here_is_done_without(tmp_path: Path) -> None:
    assert speech._aligner(no_weights, "en") is None
    assert speech._aligner(lambda name: tmp_path / name, "de") == tmp_path / "wav2vec2-de"
