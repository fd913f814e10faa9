"""Names and words that may be said in a recording, gathered for those who listen to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from django.db.models import Count, QuerySet

from dam.assets.models import Asset
from dam.people.models import Person
from indexing.models import Annotation

MOST = 60
"""Hints for one recording; a listener may take fewer, from the first on."""
LONGEST = 60
"""Characters of one hint: more is a sentence, not a name."""
KINDS = ("person", "place", "keyword")


def hints(asset: Asset) -> list[str]:
    """At most MOST names and words, the most useful first: what is accepted about this asset, the titles of
    the asset and its collections, then the people and the accepted places and keywords of its library, by how
    often they occur. Hidden persons and what only a machine proposed are left out."""
    named = chain(_own(asset), _titles(asset), _people(asset), _of_library(asset))
    return list(_distinct(named))[:MOST]


def _own(asset: Asset) -> Iterable[str]:
    return _accepted().filter(asset=asset).order_by("pk").values_list("text", flat=True)[:MOST]


def _titles(asset: Asset) -> Iterable[str]:
    return [asset.title, *asset.collections.order_by("name").values_list("name", flat=True)[:MOST]]


def _people(asset: Asset) -> Iterable[str]:
    persons = Person.objects.filter(library=asset.library_id, hidden=False)
    often = persons.annotate(times=Count("appearances")).order_by("-times", "pk")
    return often.values_list("name", flat=True)[:MOST]


def _of_library(asset: Asset) -> Iterable[str]:
    words = _accepted().filter(asset__library=asset.library_id).exclude(kind="person")
    often = words.values("text").annotate(times=Count("pk")).order_by("-times", "text")
    return often.values_list("text", flat=True)[:MOST]


def _accepted() -> QuerySet[Annotation]:
    return Annotation.objects.filter(kind__in=KINDS, status=Annotation.Status.ACCEPTED, parent=None)


def _distinct(texts: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for text in texts:
        text = " ".join(text.split())
        if text and len(text) <= LONGEST and text.casefold() not in seen:
            seen.add(text.casefold())
            yield text
