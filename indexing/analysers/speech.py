"""What is said, sentence by sentence and word by word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Place, Queue
from indexing.engines.cache import loaded
from indexing.engines.speech import RATE, FasterWhisper, Segment, Transcriber, Word, windows

Engine = Literal["faster-whisper", "whisperx"]
CHUNK = 60.0  # seconds decoded at a time
LONGEST = 15.0  # seconds of one sentence
SHORT = 1.0  # seconds below which a mark may be an abbreviation's
PAUSE = 0.8  # seconds of silence that end a sentence
MARKS = (".", "?", "!", "…", "。", "？", "！")  # noqa: RUF001


class Speech:
    """One "speech" for each sentence, in its language, whose children are its "word"s."""

    name = "speech"
    version = "1"
    kinds: Sequence[str] = ("speech", "word")
    applies_to: Sequence[MediaKind] = ("audio", "video")
    depends: Sequence[str] = ()
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
        transcriber: Transcriber | None = None
        language = ""
        for offset, sound in windows(media.sample_chunks(RATE, CHUNK)):
            transcriber = transcriber or self._transcriber(context)
            for segment in sentences(transcriber.transcribe(sound, language)):
                language = segment.language
                yield _finding(segment, offset, offset + len(sound) / RATE)

    def _transcriber(self, context: Context) -> Transcriber:
        path, threads = context.weights(self.weights[0]), context.threads
        return loaded((self.engine, path, threads), lambda: transcriber_class(self.engine)(path, threads))


class BatchedSpeech(Speech):
    """The same through whisperX, which transcribes several stretches at once."""

    def __init__(self, model: str = "whisper-base") -> None:
        super().__init__("whisperx", model)


def transcriber_class(engine: Engine) -> Callable[[Path, int], Transcriber]:
    """The adapter of an engine, made from a folder of weights and a number of threads.

    Imported only when asked for: whisperX takes seconds to import.
    """
    if engine == "faster-whisper":
        return FasterWhisper
    from indexing.engines.speech_whisperx import WhisperX

    return WhisperX


def sentences(segments: Iterable[Segment]) -> Iterator[Segment]:
    """The same words cut where a sentence ends, somebody pauses, or LONGEST seconds have passed.

    Segments without timed words pass unchanged.
    """
    for segment in segments:
        groups = _groups(segment.words) if segment.words else ()
        for words in groups:
            yield segment._replace(
                text=" ".join(word.text for word in words),
                start=words[0].start,
                end=max(word.end for word in words),
                confidence=float(np.mean([word.confidence for word in words])),
                words=words,
            )
        if not groups:
            yield segment


def _groups(words: Sequence[Word]) -> list[list[Word]]:
    groups = [[words[0]]]
    for before, word in pairwise(words):
        length = word.end - groups[-1][0].start
        ended = before.text.endswith(MARKS) and before.end - groups[-1][0].start >= SHORT
        if ended or word.start - before.end >= PAUSE or length > LONGEST:
            groups.append([])
        groups[-1].append(word)
    return groups


def _finding(segment: Segment, offset: float, limit: float) -> Finding:
    def place(start: float, end: float) -> Place:
        first = min(max(0.0, start + offset), limit)
        return Place(round(first, 3), round(min(max(first, end + offset), limit), 3))

    words = [
        Finding("word", word.text, place=place(word.start, word.end), confidence=word.confidence)
        for word in segment.words
    ]
    return Finding(
        kind="speech",
        text=segment.text,
        place=place(segment.start, segment.end),
        confidence=segment.confidence,
        language=segment.language,
        children=words,
    )
