"""The filter panel of the search page, as fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from django import forms
from django.forms import BoundField

from dam.collections.tree import Branch, choices
from dam.sharing.access import collections_for
from search import sorting
from search.fields import ATTRIBUTES, HELP, names
from search.filters import Filters
from search.panel import DAYS

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

FIRST = ("type", "collection", *DAYS, "sort")
"""The fields that are always in sight, in this order."""

LABELS = {"type": "Media", "sort": "Order"}
MEDIA = [("", "All media"), ("image", "Photographs"), ("video", "Films"), ("audio", "Recordings")]


class SearchFilters(forms.Form):
    """Shows the collection of search.filters.Filters, for pages without a box of their own."""

    collection = forms.ChoiceField(required=False)

    def __init__(self, user: AnyUser, filters: Filters) -> None:
        super().__init__(initial=filters.to_query())
        allowed = choices(collections_for(user))
        self.fields["collection"].choices = [("", "All collections"), *allowed]  # type: ignore[attr-defined]


class Panel(forms.Form):
    """Shows what search.panel has read from the text; nothing is validated here: the text is, as a query.

    `collections` are the labels of those that the reader may see, by what the language calls them.
    """

    def __init__(self, values: Mapping[str, str], collections: Mapping[str, str]) -> None:
        super().__init__(initial=dict(values))
        for name in (*FIRST, *names()):
            if name != "date":
                self.fields.setdefault(name, _field(name, collections))

    def first(self) -> list[BoundField]:
        """The fields that are always in sight."""
        return [self[name] for name in FIRST]

    def others(self) -> list[BoundField]:
        """The fields that are shown when asked for."""
        return [field for field in self if field.name not in FIRST]


def collection_names(branches: list[Branch]) -> dict[int, str]:
    """What the language calls each collection, by id: its name, or its id where the name tells no one."""
    count = Counter(branch.collection.name.casefold() for branch in branches)
    return {
        pk: str(pk) if count[name.casefold()] > 1 or name.isdigit() or '"' in name else name
        for pk, name in ((branch.collection.pk, branch.collection.name) for branch in branches)
    }


def collection_choices(branches: list[Branch], names: Mapping[int, str]) -> dict[str, str]:
    """Labels of the select, indented by depth, by what the language calls each collection."""
    return {names[each.collection.pk]: "\u2003" * each.depth + each.collection.name for each in branches}


def _field(name: str, collections: Mapping[str, str]) -> forms.Field:
    if name in DAYS:
        label = "From" if name == DAYS[0] else "Until"
        return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}))
    if offered := list(_choices(name, collections)):
        return forms.ChoiceField(label=LABELS.get(name) or HELP[name].label, choices=offered, required=False)
    example = HELP[name].example.partition(":")[2].strip('"')
    widget = forms.TextInput({"placeholder": example, "size": 12})
    return forms.CharField(label=HELP[name].label, required=False, widget=widget)


def _choices(name: str, collections: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if name == "type":
        yield from MEDIA
    elif name == "sort":
        yield from sorting.LABELS.items()
    elif name == "collection":
        yield from [("", "All collections"), *collections.items()]
    elif name in ATTRIBUTES and ATTRIBUTES[name].choices:
        yield "", "Any"
        yield from ((choice, choice.capitalize()) for choice in ATTRIBUTES[name].choices)
