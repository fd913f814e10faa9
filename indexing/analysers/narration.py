"""An audio description for film: what is seen, said in the pauses of speech."""

from __future__ import annotations

from collections.abc import Iterator

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Place, Queue
from indexing.analysers.describing import Description, Span, describe, pauses
from indexing.engines.speech import RATE, speech_spans, tidy

TALK = {"speech", "singing"}
"""The sounds over which nothing is said."""
CHUNK = 60.0  # seconds of sound at a time


class Narration:
    """One "narration" for each thing to be said: the words, the span in which to say them.

    Speech is what the transcript says, what the sounds say, and what a voice detector hears in the recording
    itself, so that a sentence that nobody transcribed is not talked over. details["pause"] is the span that
    is free, details["of"] the caption that was shortened.
    """

    name = "narration"
    version = "1"
    model = ""
    kinds = ("narration",)
    applies_to: tuple[MediaKind, ...] = ("video",)
    depends = ("shots", "captions", "speech", "sounds")
    queue: Queue = "cpu"
    weights: tuple[str, ...] = ()
    spaces: dict[str, int] = {}

    def analyse(self, media: Media, context: Context) -> Iterator[Finding]:
        scenes = [each for each in context.facts("caption") if each.place.start is not None]
        if scenes and media.duration:
            talk = [*_known(context), *_heard(media)]
            for description in describe(scenes, pauses(talk, media.duration)):
                yield _finding(description)


def _known(context: Context) -> Iterator[Span]:
    """Where speech was transcribed or singing recognised."""
    sounds = [each for each in context.facts("sound") if each.text.casefold() in TALK]
    for fact in [*context.facts("speech"), *sounds]:
        if fact.place.start is not None and fact.place.end is not None:
            yield fact.place.start, fact.place.end


def _heard(media: Media) -> Iterator[Span]:
    """Where the voice detector hears somebody."""
    for number, chunk in enumerate(media.sample_chunks(RATE, CHUNK)):
        for first, last in speech_spans(tidy(chunk)):
            yield number * CHUNK + first / RATE, number * CHUNK + last / RATE


def _finding(description: Description) -> Finding:
    scene = description.scene
    return Finding(
        "narration",
        description.text,
        place=Place(round(description.start, 3), round(description.end, 3)),
        confidence=scene.confidence,
        language=scene.language,
        details={"of": scene.text, "pause": [round(second, 3) for second in description.pause]},
    )
