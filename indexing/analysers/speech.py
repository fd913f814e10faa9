"""What is said, sentence by sentence and word by word, in the language of each passage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Queue
from indexing.analysers.steering import Steering
from indexing.analysers.transcript import Transcript
from indexing.engines.cache import loaded
from indexing.engines.speech import RATE, Transcriber
from indexing.engines.speech_channels import separate, without_crosstalk
from indexing.engines.speech_windows import windows

Engine = Literal["faster-whisper", "whisperx"]
CHUNK = 60.0  # seconds decoded at a time, of all channels together


class Speech:
    """One "speech" for each sentence, in its language, whose children are its "word"s; and one "condition"
    that counts the text which the model wrote but nobody seems to have said."""

    name = "speech"
    version = "2"
    kinds: Sequence[str] = ("speech", "word", "condition")
    applies_to: Sequence[MediaKind] = ("audio", "video")
    depends: Sequence[str] = ("sounds",)
    queue: Queue = "cpu"
    spaces: Mapping[str, int] = {}

    def __init__(self, engine: Engine = "faster-whisper", model: str = "whisper-base") -> None:
        self.engine = engine
        self.model = f"{engine} {model}"
        self.weights: Sequence[str] = (model,)

    @classmethod
    def choose(cls, chosen: Callable[[str], str]) -> Speech:
        """With the model that serves speech here."""
        return cls(model=chosen("speech"))

    def analyse(self, media: Media, context: Context) -> Iterator[Finding]:
        """Go on after the last finished window of an earlier run, if there was one, and tell it all."""
        transcript = Transcript.resumed(context.checkpoint.load()) or _begun(media, context)
        steering = Steering(context.facts("sound"))
        transcriber: Transcriber | None = None
        for first, sound in windows(_sound(media, transcript.channels), transcript.passed):
            transcriber = transcriber or self._transcriber(context)
            for number, samples in enumerate(sound):
                begin = first + number * len(samples) / len(sound)
                for segment in transcriber.transcribe(samples, transcript.language(number), transcript.hints):
                    transcript.hear(segment, number, len(samples), steering.doubt)
                    context.progress((begin + segment.end * RATE / len(sound)) / RATE)
            transcript.passed = first + sound.shape[1]
            context.checkpoint.save(transcript.dump())
            context.progress(transcript.passed / RATE)
        yield from transcript.findings()

    def _transcriber(self, context: Context) -> Transcriber:
        path, threads = context.weights(self.weights[0]), context.threads
        return loaded((self.engine, path, threads), lambda: self._made(path, threads, context))

    def _made(self, path: Path, threads: int, context: Context) -> Transcriber:
        return transcriber_class(self.engine)(path, threads)


class BatchedSpeech(Speech):
    """The same through whisperX, which transcribes several stretches at once and places words with the
    aligner of their language, where its weights are here."""

    def __init__(self, model: str = "whisper-base") -> None:
        super().__init__("whisperx", model)

    def _made(self, path: Path, threads: int, context: Context) -> Transcriber:
        from indexing.engines.speech_whisperx import WhisperX

        return WhisperX(path, threads, aligners=partial(_aligner, context.weights))


def _aligner(weights: Callable[[str], Path], language: str) -> Path | None:
    """The folder of the aligner of a language, or None where there is none or it was not fetched."""
    try:
        return weights(f"wav2vec2-{language}")
    except LookupError:
        return None


def transcriber_class(engine: Engine) -> Callable[[Path, int], Transcriber]:
    """The adapter of an engine, made from a folder of weights and a number of threads.

    Imported only when asked for: whisperX takes seconds to import.
    """
    if engine == "faster-whisper":
        from indexing.engines.speech_faster_whisper import FasterWhisper

        return FasterWhisper
    from indexing.engines.speech_whisperx import WhisperX

    return WhisperX


def _begun(media: Media, context: Context) -> Transcript:
    recorded = media.sound()
    several = recorded is not None and recorded.channels > 1
    channels = separate(_channel_chunks(media)) if several else []
    return Transcript(channels, list(context.hints()))


def _sound(media: Media, channels: Sequence[int]) -> Iterator[np.ndarray]:
    """Chunks of shape (channels, n): those named, or the mix of all as one."""
    if not channels:
        yield from (chunk[np.newaxis] for chunk in media.sample_chunks(RATE, CHUNK))
        return
    for chunk in _channel_chunks(media):
        yield without_crosstalk(chunk[list(channels)])


def _channel_chunks(media: Media) -> Iterator[np.ndarray]:
    recorded = media.sound()
    channels = recorded.channels if recorded else 1
    yield from media.channel_chunks(RATE, CHUNK / channels)
