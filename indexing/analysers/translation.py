"""What was said, in other languages, sentence by sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Queue
from indexing.engines.cache import loaded
from indexing.engines.translator import Translator, open_translator

PIVOT = "en"
"""Models are mostly made from and to English; other pairs go through it."""
Pair = tuple[str, str]
Locate = Callable[[], Mapping[Pair, str | Path]]


class TranslatedSegment(NamedTuple):
    """A sentence of the transcript in another language, with its span in seconds."""

    text: str
    start: float
    end: float
    language: str


class Translation:
    """One "translation" for each sentence of the transcript and each language that the operator asks for.

    `models` tells which models are here: by (source, target) the name of weights or a folder.
    details["of"] is the language of the original, details["through"] the languages in between.
    """

    name = "translation"
    version = "1"
    kinds: Sequence[str] = ("translation",)
    applies_to: Sequence[MediaKind] = ("audio", "video")
    depends: Sequence[str] = ("speech",)
    queue: Queue = "cpu"
    spaces: Mapping[str, int] = {}

    def __init__(self, targets: Sequence[str] = (), models: Locate = dict) -> None:
        self._targets = list(dict.fromkeys(map(primary, targets)))
        self._models = models

    @property
    def model(self) -> str:
        """The languages asked for and the models that lead there: another choice makes runs stale."""
        used = sorted(f"{source}-{target}" for source, target in self._useful())
        return f"to {' '.join(self._targets)} by {' '.join(used)}"

    @property
    def weights(self) -> Sequence[str]:
        return sorted(model for model in self._useful().values() if isinstance(model, str))

    @property
    def hindrance(self) -> str:
        """Why nothing can be translated, or nothing."""
        if not self._targets:
            return "No language is asked for. To translate: TRANSLATE_TO=pt (or several, with commas)."
        if not self._useful():
            languages = ", ".join(self._targets)
            return f"No model that translates to {languages} is here; see docs/analysers/translation.md."
        return ""

    def analyse(self, media: Media, context: Context) -> Iterator[Finding]:
        segments = _holding([each for each in context.facts("speech") if each.text.strip() and each.language])
        models = self._models()
        for source in dict.fromkeys(primary(each.language) for each in segments):
            said = [each for each in segments if primary(each.language) == source]
            for target in self._targets:
                if route := way(models.keys(), source, target):
                    yield from _translated(said, route, partial(_opened, models, context))

    def _useful(self) -> dict[Pair, str | Path]:
        """The models that lead to a language asked for, directly or from the pivot on."""
        models = self._models()
        ends = {target for target in self._targets if (PIVOT, target) in models}
        wanted = {*self._targets, *([PIVOT] if ends else [])}
        return {pair: model for pair, model in models.items() if pair[1] in wanted}


def primary(language: str) -> str:
    """The primary subtag of a BCP 47 tag, in small letters."""
    return language.replace("_", "-").split("-")[0].lower()


def way(pairs: Iterable[Pair], source: str, target: str) -> list[str]:
    """The languages to go through, both ends included; empty where no models lead there."""
    known = set(pairs)
    routes = ([source, target], [source, PIVOT, target])
    found = (route for route in routes if all(step in known for step in pairwise(route)))
    return next(found, []) if source != target else []


def translated_segments(facts: Iterable[Finding], language: str) -> list[TranslatedSegment]:
    """The transcript in a language from facts of kind "translation", in order of time.

    Of several for one span the one that a person accepted counts.
    """
    found: dict[tuple[float, float], Finding] = {}
    for fact in sorted(facts, key=lambda each: each.accepted):
        start, end = fact.place.start, fact.place.end
        if primary(fact.language) == primary(language) and start is not None and end is not None:
            found[start, end] = fact
    return [TranslatedSegment(found[span].text, *span, found[span].language) for span in sorted(found)]


def _holding(segments: Sequence[Finding]) -> list[Finding]:
    """The segments without the undecided ones of which more than half was said anew by a person."""
    decided = [_span(each) for each in segments if each.accepted]
    return [
        each for each in segments if each.accepted or not any(_mostly(_span(each), span) for span in decided)
    ]


def _span(segment: Finding) -> tuple[float, float]:
    return segment.place.start or 0.0, segment.place.end or 0.0


def _mostly(span: tuple[float, float], other: tuple[float, float]) -> bool:
    return min(span[1], other[1]) - max(span[0], other[0]) > (span[1] - span[0]) / 2


def _opened(models: Mapping[Pair, str | Path], context: Context, pair: Pair) -> Translator:
    model = models[pair]
    folder = context.weights(model) if isinstance(model, str) else model
    key = ("translator", folder, context.threads)
    return loaded(key, lambda: open_translator(folder, context.threads))


def _translated(
    segments: Sequence[Finding], route: Sequence[str], opened: Callable[[Pair], Translator]
) -> Iterator[Finding]:
    texts = [segment.text for segment in segments]
    for source, target in pairwise(route):
        texts = opened((source, target)).translate(texts, source, target)
    details = {"of": route[0], **({"through": list(route[1:-1])} if len(route) > 2 else {})}
    for segment, text in zip(segments, texts, strict=True):
        if text:
            yield Finding("translation", text, place=segment.place, language=route[-1], details=details)
