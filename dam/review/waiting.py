"""What waits for a decision, in assets of which the user is an archivist; and the facts of one group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import Http404

from dam.assets.grid import items_below
from dam.assets.models import Asset
from dam.review.subjects import REVIEWED
from dam.sharing.models import Role
from indexing.models import WAITING, Annotation

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

LEAST = -1.0
"""Stands for no confidence where facts are ordered by it."""
COUNTED = 1000
"""Facts that are counted for the header of every page."""
REMEMBERED = 60
"""Seconds for which that count is remembered."""
LOOKUPS = {
    "kind": "kind",
    "library": "asset__library",
    "least": "confidence__gte",
    "most": "confidence__lte",
    "analyser": "run__analyser",
}


def waiting(user: AnyUser, chosen: Mapping[str, Any], withheld: bool = False) -> QuerySet[Annotation]:
    """Facts on which the user may decide and nobody has; the withheld ones instead, if so asked.

    `chosen` narrows them: see ReviewFilter.chosen.
    """
    state = Q(status=Annotation.Status.WITHHELD, parent=None) if withheld else WAITING
    facts = Annotation.objects.filter(
        state, kind__in=REVIEWED, asset__in=Asset.objects.reachable_by(user, Role.ARCHIVIST)
    )
    facts = facts.filter(**{lookup: chosen[name] for name, lookup in LOOKUPS.items() if name in chosen})
    if "collection" in chosen:
        facts = facts.filter(asset__in=items_below(chosen["collection"]).values("asset"))
    return facts


def waiting_count(user: AnyUser) -> int:
    """How much waits for the user, up to COUNTED. Remembered for REMEMBERED seconds, so that pages that tell
    it cost no query."""
    key = _count_key(user)
    count: int | None = cache.get(key)
    if count is None:
        count = waiting(user, {})[:COUNTED].count()
        cache.set(key, count, REMEMBERED)
    return count


def forget_count(user: AnyUser) -> None:
    """Have it counted anew the next time, because the user has decided on something."""
    cache.delete(_count_key(user))


def _count_key(user: AnyUser) -> str:
    return f"review-waiting-{user.pk}"


@dataclass(frozen=True)
class Page:
    """Facts of one group, surest first, and the positions of those before and after them; "" at the ends."""

    facts: Sequence[Annotation]
    previous: str
    next: str


def page_at(facts: QuerySet[Annotation], position: str, size: int) -> Page:
    """The facts from a position on, `size` of them, with what a picture of each needs: three queries at most.

    Raises Http404 for a position that this function did not make.
    """
    ordered = facts.annotate(sure=Coalesce("confidence", Value(LEAST)))
    before: list[Annotation] = []
    rest = ordered
    if position:
        sure, pk = _place(position)
        rest = ordered.filter(Q(sure__lt=sure) | Q(sure=sure, pk__gte=pk))
        passed = ordered.filter(Q(sure__gt=sure) | Q(sure=sure, pk__lt=pk))
        before = list(passed.order_by("sure", "-pk")[:size])
    shown = rest.select_related("run", "asset__library").prefetch_related("asset__renditions")
    found = list(shown.order_by("-sure", "pk")[: size + 1])
    return Page(
        found[:size],
        position_of(before[-1]) if before else "",
        position_of(found[size]) if len(found) > size else "",
    )


def position_of(fact: Annotation) -> str:
    """Where a fact stands in its group, as an address writes it."""
    return f"{LEAST if fact.confidence is None else fact.confidence!r}_{fact.pk}"


def _place(position: str) -> tuple[float, int]:
    sure, _, pk = position.partition("_")
    try:
        return float(sure), int(pk)
    except ValueError as error:
        raise Http404("This address names no place in the queue.") from error
