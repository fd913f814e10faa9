"""The segments of a transcript that its editor shows at once, however long the recording is."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from dam.assets.models import Asset
from dam.assets.replacing import HOLDING, by_person
from dam.assets.turns_speakers import Speaker
from dam.export.spoken import SpokenWord, evenly, plain, unspaced
from dam.export.transcript import holding
from indexing import speakers
from indexing.models import Annotation

WINDOW = 100
"""Segments of a page: some ten minutes of talk."""


@dataclass(frozen=True)
class Segment:
    """A stretch of speech, its words with their times, and who says most of it (None: not known)."""

    fact: Annotation
    words: Sequence[SpokenWord]
    speaker: Speaker | None

    @property
    def text(self) -> str:
        """What is said, on one line: in the editor a new line begins a new segment."""
        return plain(self.fact.text)

    @property
    def space(self) -> str:
        """What stands between its words."""
        return "" if unspaced(self.fact.language) else " "

    @property
    def undoable(self) -> bool:
        """Whether a person wrote it in place of something else."""
        return by_person(self.fact) and "corrects" in self.fact.details


@dataclass(frozen=True)
class Window:
    """Segments in order of time, and the cursors of those before and after; "" where there are none."""

    segments: list[Segment]
    earlier: str
    later: str


def window(asset: Asset, people: Sequence[Speaker], second: float = 0.0, cursor: str = "") -> Window:
    """The segments from a second on, or, with a cursor that a window gave, those beside it. Six queries.

    A cursor is "after" or "before", the second of a segment, and its number: "after_12.5_77". Raises Http404
    for one that is none.
    """
    rows, size = _speech(asset), WINDOW + 1
    if cursor.startswith("before_"):
        found = list(rows.filter(_before(cursor)).order_by("-start", "-pk")[:size])[::-1]
        facts, more_before, more_after = found[-WINDOW:], len(found) > WINDOW, bool(found)
    else:
        chosen = (
            rows.filter(_after(cursor)) if cursor else rows.filter(Q(end__gt=second) | Q(start__gte=second))
        )
        found = list(chosen.order_by("start", "pk")[:size])
        facts, more_after = found[:WINDOW], len(found) > WINDOW
        more_before = bool(facts) and rows.filter(_before(_cursor("before", facts[0]))).exists()
    return Window(
        segments=segments_of(asset, _standing(asset, facts), people),
        earlier=_cursor("before", facts[0]) if more_before else "",
        later=_cursor("after", facts[-1]) if more_after and facts else "",
    )


def segments_of(asset: Asset, facts: Sequence[Annotation], people: Sequence[Speaker]) -> list[Segment]:
    """Those facts with their words and speakers. Two queries."""
    if not facts:
        return []
    by_number = {each.number: each for each in people}
    words, turns = _words_of(facts), _turns(asset)
    return [_segment(fact, words[fact.pk], turns, by_number) for fact in facts]


def standing_at(asset: Asset, start: float, end: float) -> list[Annotation]:
    """The segments that hold between two seconds, in order of time."""
    meeting = _speech(asset).filter(start__lt=end, end__gt=start).order_by("start", "pk")
    return holding(list(meeting[:WINDOW]))


def checked(asset: Asset) -> tuple[int, int]:
    """How many segments people have written or agreed to, and how many there are."""
    accepted = Count("pk", filter=Q(status=Annotation.Status.ACCEPTED))
    counts = _speech(asset).aggregate(accepted=accepted, whole=Count("pk"))
    return counts["accepted"], counts["whole"]


def _speech(asset: Asset) -> QuerySet[Annotation]:
    rows = asset.annotations.filter(kind="speech", status__in=HOLDING, start__isnull=False)
    return rows.select_related("author")


def _standing(asset: Asset, facts: Sequence[Annotation]) -> list[Annotation]:
    """Those of the facts that no correction outranks, be it one that began before them."""
    if not facts:
        return []
    shown = {fact.pk for fact in facts}
    first, last = facts[0].start or 0.0, max(fact.end or 0.0 for fact in facts)
    said = _speech(asset).filter(source=Annotation.Source.PERSON, start__lt=last, end__gt=first)
    beside = [each for each in said if each.pk not in shown]
    return [fact for fact in holding([*facts, *beside]) if fact.pk in shown]


def _words_of(facts: Sequence[Annotation]) -> dict[int, list[SpokenWord]]:
    rows = Annotation.objects.filter(parent__in=facts, kind="word", start__isnull=False).order_by(
        "start", "pk"
    )
    words: dict[int, list[SpokenWord]] = defaultdict(list)
    for parent, text, start, end in rows.values_list("parent", "text", "start", "end"):
        words[parent or 0].append(SpokenWord(text, start or 0.0, end or 0.0))
    return words


def _turns(asset: Asset) -> list[speakers.Turn]:
    rows = asset.annotations.filter(kind="turn", status__in=HOLDING, start__isnull=False)
    told = rows.values_list("start", "end", "details__speaker")
    return [speakers.Turn(start or 0.0, end or 0.0, who) for start, end, who in told if isinstance(who, int)]


def _segment(
    fact: Annotation,
    known: Sequence[SpokenWord],
    turns: Sequence[speakers.Turn],
    people: dict[int, Speaker],
) -> Segment:
    start, end = fact.start or 0.0, fact.end or 0.0
    written = "".join(fact.text.split())
    same = "".join("".join(word.text.split()) for word in known) == written
    words = known if same else evenly(fact.text, start, end, fact.language)
    who = speakers.speaker_of(words, turns)
    return Segment(fact, words, people.get(who) if who is not None else None)


def _cursor(side: str, fact: Annotation) -> str:
    return f"{side}_{fact.start!r}_{fact.pk}"


def _after(cursor: str) -> Q:
    start, pk = _position(cursor)
    return Q(start__gt=start) | Q(start=start, pk__gt=pk)


def _before(cursor: str) -> Q:
    start, pk = _position(cursor)
    return Q(start__lt=start) | Q(start=start, pk__lt=pk)


def _position(cursor: str) -> tuple[float, int]:
    try:
        _, start, pk = cursor.split("_")
        second, number = float(start), int(pk)
    except ValueError as error:
        raise Http404("This address names no part of the transcript.") from error
    if not math.isfinite(second) or not 0 <= number < 2**63:
        raise Http404("This address names no part of the transcript.")
    return second, number
