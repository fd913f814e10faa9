"""A sentence for a picture and for each shot, a paragraph for a film, and alternative text from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Self

import numpy as np

from indexing.analysers.composing import Composed, Facts, compose
from indexing.analysers.contract import EVERYWHERE, Context, Finding, Media, MediaKind, Place, Queue
from indexing.analysers.keyframes import key_frames
from indexing.analysers.spans import Sight, runs
from indexing.analysers.wording import alt_text
from indexing.engines.captioner import BATCH, Captioner, Sentence, open_captioner

COMPOSED = "composed-captions"
"""The name, in the weights manifest, of the way that needs no weights."""
COMPOSED_FROM = ("shots", "objects", "tags", "text", "places")
"""The analysers whose facts are said."""
LONG_SIDE = 768
"""Pixels; BLIP sees 384 squared and Florence-2 768 squared."""
SENTENCES = 6
"""Sentences of a film's paragraph at most: those of its longest shots."""
TAGS_OF_A_FILM = 3
NONE: Mapping[str, object] = {}

Said = tuple[Place, Sentence]


class Captions:
    """One "caption" for a still, one for each shot and one for all of a film, and one "alt".

    A network tells what it sees where its weights are here; otherwise captions are composed of what other
    analysers, the file and people say, and marked: details["composed"] is true and details["from"] names
    the kinds of fact. Where there is nothing to say there is no caption.
    """

    name = "captions"
    version = "1"
    kinds = ("caption", "alt")
    applies_to: tuple[MediaKind, ...] = ("image", "video")
    queue: Queue = "cpu"
    spaces: dict[str, int] = {}

    def __init__(self, model: str = COMPOSED) -> None:
        self.model = model
        self.weights: tuple[str, ...] = () if model == COMPOSED else (model,)
        self.depends: tuple[str, ...] = COMPOSED_FROM if model == COMPOSED else ("shots",)

    @classmethod
    def choose(cls, chosen: Callable[[str], str]) -> Self:
        """With the network that the operator named, else the preferred one that is here, else composing."""
        return cls(chosen("captions"))

    def analyse(self, media: Media, context: Context) -> Iterable[Finding]:
        if self.model == COMPOSED:
            return _composed(media, context)
        return _told(open_captioner(context.weights(self.model), context.threads), media, context)


def _told(captioner: Captioner, media: Media, context: Context) -> list[Finding]:
    """What a network sees in the picture, or in each shot; the poster's sentence gives a film's alt."""
    (still,) = captioner.describe([media.picture(LONG_SIDE)])
    if media.kind == "image":
        return _findings(still)
    shots = [each for batch in _batches(media, context) for each in _described(captioner, batch)]
    of_shots = [_caption(sentence, place=place) for place, sentence in shots if sentence.text]
    return [*of_shots, *_paragraph(shots), *_alt(still)]


def _findings(sentence: Sentence) -> list[Finding]:
    return [_caption(sentence), *_alt(sentence)] if sentence.text else []


def _caption(sentence: Sentence, details: Mapping[str, object] = NONE, place: Place = EVERYWHERE) -> Finding:
    chance = round(sentence.confidence, 4)
    return Finding("caption", sentence.text, place=place, confidence=chance, language="en", details=details)


def _alt(sentence: Sentence, details: Mapping[str, object] = NONE) -> Iterator[Finding]:
    if text := alt_text(sentence.text):
        chance = round(sentence.confidence, 4)
        yield Finding("alt", text, confidence=chance, language="en", details=details)


def _described(captioner: Captioner, batch: Sequence[tuple[Place, np.ndarray]]) -> Iterator[Said]:
    sentences = captioner.describe([pixels for _, pixels in batch])
    return zip((place for place, _ in batch), sentences, strict=True)


def _batches(media: Media, context: Context) -> Iterator[list[tuple[Place, np.ndarray]]]:
    """The first frame of each shot, a few at a time, so that memory stays flat."""
    batch: list[tuple[Place, np.ndarray]] = []
    for place, pixels in _one_a_shot(media, context):
        batch.append((place, pixels))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _one_a_shot(media: Media, context: Context) -> Iterator[tuple[Place, np.ndarray]]:
    """A shot may have several key frames; one sentence is enough for it."""
    waiting = _shots(media, context)
    for place, pixels in key_frames(media, context, LONG_SIDE):
        while waiting and _before(waiting[0], place):
            waiting.pop(0)
        if waiting and (place.start or 0.0) >= (waiting[0].start or 0.0):
            yield waiting.pop(0), pixels


def _before(shot: Place, place: Place) -> bool:
    return shot.end is not None and shot.end <= (place.start or 0.0)


def _shots(media: Media, context: Context) -> list[Place]:
    """The spans of a film's shots in order; without shots the film is a single one."""
    shots = sorted(context.facts("shot"), key=lambda shot: shot.place.start or 0.0)
    return [Place(shot.place.start, shot.place.end) for shot in shots] or [Place(0.0, media.duration)]


def _paragraph(said: Sequence[Said]) -> Iterator[Finding]:
    """The sentences of the longest shots in the order of the film, none twice; as sure as the least sure."""
    longest: dict[str, Said] = {}
    for place, sentence in sorted(said, key=lambda each: _length(each[0]), reverse=True):
        if sentence.text and len(longest) < SENTENCES:
            longest.setdefault(sentence.text, (place, sentence))
    kept = sorted(longest.values(), key=lambda each: each[0].start or 0.0)
    if kept:
        text = " ".join(sentence.text for _, sentence in kept)
        chance = min(sentence.confidence for _, sentence in kept)
        yield _caption(Sentence(text, chance), {"shots": len(said)})


def _length(place: Place) -> float:
    return (place.end or 0.0) - (place.start or 0.0)


def _composed(media: Media, context: Context) -> Iterator[Finding]:
    if media.kind == "video":
        yield from _composed_shots(media, context)
        whole = compose(context.facts, tags=TAGS_OF_A_FILM, joint=". ")
    else:
        whole = compose(context.facts)
    if whole:
        sentence = Sentence(whole.text, whole.confidence)
        yield _caption(sentence, _marks(whole))
        yield from _alt(sentence, _marks(whole))


def _composed_shots(media: Media, context: Context) -> Iterator[Finding]:
    """One caption for each stretch of shots of which the same is known."""
    facts = _remembered(context.facts)
    spans = _shots(media, context)
    composed = [(number, span, compose(facts, span)) for number, span in enumerate(spans)]
    known = {number: each for number, _, each in composed if each}
    sights = [Sight(number, span, each.text, each.confidence) for number, span, each in composed if each]
    for run in runs(sights):
        best = max(run, key=lambda sight: sight.confidence)
        place = Place(run[0].place.start, run[-1].place.end)
        yield _caption(Sentence(best.label, best.confidence), _marks(known[best.frame]), place)


def _marks(composed: Composed) -> dict[str, object]:
    return {"composed": True, "from": list(composed.kinds)}


def _remembered(facts: Facts) -> Facts:
    """Each kind of fact asked for once, not once for each shot."""
    known: dict[str, Sequence[Finding]] = {}

    def remembered(kind: str) -> Sequence[Finding]:
        if kind not in known:
            known[kind] = facts(kind)
        return known[kind]

    return remembered
