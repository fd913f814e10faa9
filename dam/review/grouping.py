"""Groups of what waits, the one with the most to gain first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce
from django.http import Http404

from dam.review.subjects import GROUPINGS, IN_A_GRID, title_of
from indexing.models import Annotation

GROUPS_A_PAGE = 40
UNSURE = Coalesce("confidence", Value(0.5))
"""A fact without a confidence is as doubtful as one of 0.5."""
DOUBT = Cast(4000 * UNSURE * (1 - UNSURE), IntegerField())
"""What a decision on a fact of probability p settles: 4p(1 - p), the variance of a yes or no as a share of
the greatest, in thousandths. It is 1000 where the machine is quite unsure, and 0 where it is certain."""
NAMES = ("asset__title", "asset__original_name")


@dataclass(frozen=True)
class Group:
    """Facts that are decided on together: those of a kind and a label, or all that waits in one asset.

    `gain` is the doubt that deciding on all of them settles, in thousandths of the most that one can have.
    """

    kind: str = ""
    label: str = ""
    asset_id: int | None = None
    asset_name: str = ""
    count: int = 0
    gain: int = 0

    @property
    def title(self) -> str:
        """What the group is called."""
        return self.label or self.asset_name or title_of(self.kind)

    @property
    def kind_title(self) -> str:
        """What sort of group it is."""
        return title_of(self.kind) if self.kind else "File"

    @property
    def query(self) -> dict[str, str]:
        """What names the group in an address."""
        if self.asset_id is not None:
            return {"asset": str(self.asset_id)}
        return {"of": self.kind, "label": self.label}

    @property
    def in_a_grid(self) -> bool:
        """Whether its facts can be judged side by side."""
        return self.kind in IN_A_GRID

    def of(self, facts: QuerySet[Annotation]) -> QuerySet[Annotation]:
        """Those of the facts that belong to the group."""
        if self.asset_id is not None:
            return facts.filter(asset=self.asset_id)
        return facts.filter(kind=self.kind, text=self.label)


def groups(facts: QuerySet[Annotation], by: str, cursor: str = "") -> tuple[list[Group], str]:
    """The groups with the most to gain, GROUPS_A_PAGE of them, and the cursor of what follows. One query.

    `by` is a name from GROUPINGS. Raises Http404 for a cursor that this function did not make.
    """
    keys = ["asset"] if by == "asset" else ["kind", "text"]
    counted = facts.filter(kind__in=GROUPINGS[by]).values(*keys, *(NAMES if by == "asset" else ()))
    counted = counted.annotate(count=Count("pk"), gain=Sum(DOUBT))
    if cursor:
        counted = counted.filter(_after(cursor, keys))
    rows = list(counted.order_by("-gain", *keys)[: GROUPS_A_PAGE + 1])
    shown = rows[:GROUPS_A_PAGE]
    following = ":".join(str(shown[-1][name]) for name in ("gain", *keys)) if len(rows) > len(shown) else ""
    return [_group(row) for row in shown], following


def _after(cursor: str, keys: Sequence[str]) -> Q:
    """The condition on groups that come after the one that the cursor names."""
    gain, *values = cursor.split(":", len(keys))
    try:
        numbers = [int(each) for each in ([gain, *values] if keys == ["asset"] else [gain])]
    except ValueError as error:
        raise Http404("This address names no page of the queue.") from error
    if len(values) != len(keys):
        raise Http404("This address names no page of the queue.")
    if keys == ["asset"]:
        same = Q(asset__gt=numbers[1])
    else:
        same = Q(kind__gt=values[0]) | Q(kind=values[0], text__gt=values[1])
    return Q(gain__lt=numbers[0]) | (Q(gain=numbers[0]) & same)


def _group(row: Mapping[str, Any]) -> Group:
    return Group(
        kind=row.get("kind", ""),
        label=row.get("text", ""),
        asset_id=row.get("asset"),
        asset_name=row.get("asset__title") or row.get("asset__original_name") or "",
        count=row["count"],
        gain=row["gain"],
    )
