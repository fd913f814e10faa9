"""Who speaks when: turns, and by which stretch each speaker of a recording can be heard."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from typing import Literal

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Place, Queue, Vector
from indexing.analysers.steering import Steering
from indexing.engines.cache import loaded
from indexing.engines.diarization.contract import RATE, Diarization, Diarizer, Turn, numbered
from indexing.engines.diarization.separated import diarize_channels
from indexing.engines.diarization.stretches import clearest, overlapping, seconds_of
from indexing.engines.speech import Segment
from indexing.engines.speech_channels import separate
from indexing.engines.voice_embedder import DIMENSIONS, SPACE

Engine = Literal["onnx", "pyannote"]
CHUNK = 60.0  # seconds decoded at a time
SEGMENTATION, VOICES = "pyannote-segmentation-3", "wespeaker-resnet34"


class Speakers:
    """One "turn" for each time that somebody speaks, and one "voice" for each speaker, whose place is the
    stretch by which he can be heard and whose vector is his voice. Both are called "Speaker 1" and so on, in
    the order in which they are first heard."""

    name = "speakers"
    version = "1"
    kinds: Sequence[str] = ("turn", "voice")
    applies_to: Sequence[MediaKind] = ("audio", "video")
    depends: Sequence[str] = ("sounds", "speech")
    queue: Queue = "cpu"
    spaces: Mapping[str, int] = {SPACE: DIMENSIONS}
    engine: Engine = "onnx"
    weights: Sequence[str] = (SEGMENTATION, VOICES)

    @property
    def model(self) -> str:
        """The engine and its weights."""
        return " ".join([self.engine, *self.weights])

    def analyse(self, media: Media, context: Context) -> Iterator[Finding]:
        recorded = media.sound()
        if not recorded:
            return
        channels = separate(media.channel_chunks(RATE, CHUNK)) if recorded.channels > 1 else []
        diarizer = self._diarizer(context)
        if channels:
            found = diarize_channels(diarizer, partial(media.channel_chunks, RATE, CHUNK), channels)
        else:
            found = diarizer.diarize(media.sample_chunks(RATE, CHUNK))
        yield from findings(believed(found, context))

    def _diarizer(self, context: Context) -> Diarizer:
        from indexing.engines.diarization.onnx import OnnxDiarizer

        segmentation, voices = context.weights(SEGMENTATION), context.weights(VOICES)
        key = ("diarization", segmentation, voices, context.threads)
        return loaded(key, lambda: OnnxDiarizer(segmentation, voices, context.threads))


class PyannoteSpeakers(Speakers):
    """The same through pyannote's pipeline, on the segmentation that whisperX carries."""

    engine: Engine = "pyannote"
    weights: Sequence[str] = (VOICES,)

    @property
    def hindrance(self) -> str:
        """Why it cannot run here, or nothing."""
        missing = [name for name in ("torch", "whisperx", "pyannote") if find_spec(name) is None]
        return f"These packages are not installed: {', '.join(missing)}." if missing else ""

    def _diarizer(self, context: Context) -> Diarizer:
        from indexing.engines.diarization.pyannote import PyannoteDiarizer

        path, threads = context.weights(VOICES), context.threads
        return loaded(("pyannote", path, threads), lambda: PyannoteDiarizer(path, threads))


def believed(found: Diarization, context: Context) -> Diarization:
    """Without the turns that lie in music or singing where nobody was heard to speak and no word is known."""
    steering = Steering(context.facts("sound"))
    spoken = sorted(word.place.start or 0.0 for word in context.facts("word") if word.place.region is None)

    def credible(turn: Turn) -> bool:
        has_words = bisect_left(spoken, turn.start) < bisect_left(spoken, turn.end)
        return has_words or not steering.doubt(Segment("", turn.start, turn.end, "", 0.0))

    return numbered(filter(credible, found.turns), found.voices)


def findings(found: Diarization) -> Iterator[Finding]:
    """The turns, and then the voices, as facts."""
    for turn, overlap in zip(found.turns, overlapping(found.turns), strict=True):
        details = {"speaker": turn.speaker, "overlap": overlap}
        place = _place(turn.start, turn.end)
        yield Finding("turn", _name(turn.speaker), place=place, confidence=turn.confidence, details=details)
    seconds = seconds_of(found.turns)
    for speaker, stretch in sorted(clearest(found.turns).items()):
        spoken, share = round(seconds[speaker], 2), round(seconds[speaker] / sum(seconds.values()), 4)
        known: dict[str, float] = {"speaker": speaker, "seconds": spoken, "share": share}
        place, voice = _place(*stretch), found.voices.get(speaker)
        vector = None if voice is None else Vector(SPACE, voice, place)
        yield Finding("voice", _name(speaker), place=place, details=known, vector=vector)


def _name(speaker: int) -> str:
    return f"Speaker {speaker}"


def _place(start: float, end: float) -> Place:
    return Place(round(start, 3), round(end, 3))
