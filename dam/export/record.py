"""An asset as formats see it: a frozen tree, built once from the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dam.assets.models import Asset
from dam.export.spoken import Passage, Segment
from dam.export.transcript import HOLDING, passages_of, transcript_of
from indexing.analysers.contract import Region
from indexing.models import Annotation


@dataclass(frozen=True)
class Word:
    """A written word, where it stands (0..1 of the upright frame) and how sure it is (0..1)."""

    text: str
    region: Region
    confidence: float | None = None


@dataclass(frozen=True)
class Line:
    """A written line. `block` numbers the blocks of the page in the order of reading, `turn` is how far it is
    turned in degrees clockwise, `reader` what read it; `accepted` says that a person agrees."""

    text: str
    region: Region
    confidence: float | None = None
    language: str = ""
    block: int | None = None
    turn: int = 0
    words: Sequence[Word] = ()
    reader: tuple[str, str] = ("", "")
    accepted: bool = False


@dataclass(frozen=True)
class AssetRecord:
    """What is written in an asset, in reading order, and what is said in it, in order of time.

    The frame is `width` x `height` pixels, upright; `duration` in seconds, `frame_rate` in frames a second.
    """

    kind: str
    name: str
    sha256: str
    width: int | None
    height: int | None
    lines: Sequence[Line] = ()
    title: str = ""
    duration: float | None = None
    speech: Sequence[Segment] = ()
    chapters: Sequence[Passage] = ()
    narrations: Sequence[Passage] = ()
    highlights: Sequence[Passage] = ()
    frame_rate: float | None = None


def record_of(asset: Asset, language: str = "") -> AssetRecord:
    """The record of an asset that the reader was allowed to reach, its speech as translated into `language`
    where one is named."""
    heard = asset.kind != "image"
    return AssetRecord(
        kind=asset.kind,
        name=asset.original_name,
        sha256=asset.sha256,
        width=asset.width,
        height=asset.height,
        lines=_lines_of(asset),
        title=str(asset),
        duration=asset.duration,
        speech=transcript_of(asset, language) if heard else (),
        chapters=passages_of(asset, "chapter") if heard else (),
        narrations=passages_of(asset, "narration") if asset.kind == "video" else (),
        highlights=passages_of(asset, "highlight") if heard else (),
        frame_rate=_frame_rate(asset),
    )


def _frame_rate(asset: Asset) -> float | None:
    streams = asset.technical.get("streams", ())
    films = [each for each in streams if each["type"] == "video" and not each.get("cover")]
    return films[0].get("rate") if films else None


def _lines_of(asset: Asset) -> list[Line]:
    facts = list(
        asset.annotations.filter(kind="text", status__in=HOLDING, x__isnull=False)
        .exclude(details__has_key="symbology")
        .select_related("run")
    )
    words = _words_of(facts)
    return [_line(fact, words[fact.pk]) for fact in sorted(facts, key=_reading_order)]


def _words_of(facts: Sequence[Annotation]) -> dict[int, list[Annotation]]:
    words: dict[int, list[Annotation]] = defaultdict(list)
    rows = Annotation.objects.filter(parent__in=facts, kind="word", status__in=HOLDING, x__isnull=False)
    for word in rows.order_by("pk"):
        words[word.parent_id or 0].append(word)
    return words


def _reading_order(fact: Annotation) -> tuple[int, int, int]:
    """Lines that nobody ordered come last."""
    last = 10**9
    return _number(fact, "block", last), _number(fact, "line", last), fact.pk


def _number(fact: Annotation, name: str, otherwise: int) -> int:
    value = fact.details.get(name)
    return value if isinstance(value, int) else otherwise


def _line(fact: Annotation, words: Sequence[Annotation]) -> Line:
    block = fact.details.get("block")
    run = fact.run
    return Line(
        text=fact.text,
        region=_region(fact),
        confidence=fact.confidence,
        language=fact.language,
        block=block if isinstance(block, int) else None,
        turn=_number(fact, "turn", 0),
        words=tuple(Word(word.text, _region(word), word.confidence) for word in words),
        reader=(f"{run.analyser} {run.version}", run.model) if run else ("", ""),
        accepted=fact.status == Annotation.Status.ACCEPTED,
    )


def _region(fact: Annotation) -> Region:
    return Region(fact.x or 0.0, fact.y or 0.0, fact.w or 0.0, fact.h or 0.0)
