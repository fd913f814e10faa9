"""What stands around the answers: the panel, the chips, the facets, and the place of an error."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from dam.collections.tree import tree
from dam.sharing.access import collections_for
from search import panel
from search.facets import Facet, Value, facets
from search.forms import Panel, collection_choices, collection_names
from search.parser import QueryError, parse
from search.query import And, Query
from search.rewrite import Part, parts, setting

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

AROUND = 60
"""Characters of the text that are shown on either side of an error."""


class Place(NamedTuple):
    """The text around an error: before the place, at it, and after it."""

    before: str
    at: str
    after: str


class Step(NamedTuple):
    """A value of a facet, how many answers have it, and the part of a query that asks for it; `chosen` where
    the query does so already."""

    label: str
    assets: int
    part: str
    chosen: bool


class SearchPage:
    """The parts of the search page for one text. A text that is no query has a panel without values."""

    def __init__(self, user: AnyUser, text: str, sort: str = "") -> None:
        self.text = text
        self._sort = sort
        self._branches = tree(collections_for(user))
        self._names = collection_names(self._branches)
        try:
            self.query = parse(text)
        except QueryError:
            self.query = Query(And())

    @cached_property
    def chips(self) -> list[Part]:
        """What narrows the search, each with the text without it."""
        return parts(self.query)

    @cached_property
    def without_chips(self) -> str:
        """The text without all of that."""
        return panel.free_words(self.query)

    @cached_property
    def form(self) -> Panel:
        """The panel, filled from the text."""
        values = {**panel.values(self.query, self.chips), "sort": self._sort}
        if values.get("collection", "").isdigit():
            values["collection"] = self._names.get(int(values["collection"]), values["collection"])
        return Panel(values, collection_choices(self._branches, self._names))

    def narrowing(self, asset_ids: Sequence[int]) -> list[tuple[Facet, list[Step]]]:
        """The facets of those assets with the ways to narrow the search by them."""
        labels = {each.collection.pk: each.collection.name for each in self._branches}
        asked = {(part.name, part.value.casefold()) for part in self.chips}
        found = []
        for facet in facets(asset_ids, labels):
            steps = [self._step(facet.name, value, asked) for value in facet.values]
            found.append((facet, steps))
        return found

    def place(self, position: int) -> Place:
        """The text around that position, at most AROUND characters on either side."""
        before, at, after = (
            self.text[:position],
            self.text[position : position + 1],
            self.text[position + 1 :],
        )
        cut_before = f"…{before[-AROUND:]}" if len(before) > AROUND else before
        return Place(cut_before, at, f"{after[:AROUND]}…" if len(after) > AROUND else after)

    def _step(self, name: str, value: Value, asked: set[tuple[str, str]]) -> Step:
        told = self._names[int(value.value)] if name == "collection" else value.value
        return Step(value.label, value.assets, setting(name, told), (name, told.casefold()) in asked)
