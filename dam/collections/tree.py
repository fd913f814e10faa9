"""Nested collections in reading order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dam.collections.models import Collection

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Branch:
    """A collection and how deep it lies below the first collection that the reader may see."""

    collection: Collection
    depth: int


def tree(collections: Iterable[Collection]) -> list[Branch]:
    """The collections depth first, siblings by name; one whose parent is not among them begins a tree."""
    found = sorted(collections, key=lambda each: each.name.casefold())
    known = {each.pk for each in found}
    below: dict[int | None, list[Collection]] = defaultdict(list)
    for each in found:
        below[each.parent_id if each.parent_id in known else None].append(each)
    return list(_branches(below, None, 0))


def _branches(below: dict[int | None, list[Collection]], parent: int | None, depth: int) -> Iterator[Branch]:
    for each in below[parent]:
        yield Branch(each, depth)
        yield from _branches(below, each.pk, depth + 1)


def choices(collections: QuerySet[Collection]) -> list[tuple[int, str]]:
    """Values and labels of a select, indented by depth."""
    return [
        (branch.collection.pk, "\u2003" * branch.depth + branch.collection.name)
        for branch in tree(collections)
    ]
