"""Searches to begin with, made of what is in the library, so that each of them finds something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import OuterRef, Subquery

from dam.assets.models import Asset
from search.facets import facets
from search.models import MomentDocument
from search.rewrite import setting
from search.words import words

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

SAMPLE = 200
"""The newest assets that examples are taken from."""

SENTENCES = 50
TELLING = 5
"""Letters from which on a spoken word says something by itself."""

MEANINGS = {
    "object": "where this is seen",
    "person": "where this person is shown",
    "speaker": "where this person speaks",
    "place": "what was taken there",
    "tag": "what carries this tag",
    "date": "what was taken in this year",
    "lang": "where this language is spoken",
}


class Example(NamedTuple):
    """A search, and what it finds."""

    text: str
    meaning: str


def examples(user: AnyUser) -> list[Example]:
    """Searches of several kinds that find something among the newest assets that the user may see."""
    newest = Asset.objects.visible_to(user).order_by("-added_at", "-pk")
    ids = list(newest.values_list("pk", flat=True)[:SAMPLE])
    found = {facet.name: facet.values[0].value for facet in facets(ids, {})}
    counted = [Example(setting(name, found[name]), said) for name, said in MEANINGS.items() if name in found]
    return [*counted, *_spoken(ids)]


def _spoken(asset_ids: Sequence[int]) -> Iterator[Example]:
    """A word that is spoken, and what is seen while it is."""
    seen = MomentDocument.objects.filter(
        kind="object", asset=OuterRef("asset"), start__lt=OuterRef("end"), end__gt=OuterRef("start")
    )
    speech = MomentDocument.objects.filter(kind="speech", asset__in=asset_ids)
    rows = speech.order_by("-asset", "start").annotate(seen=Subquery(seen.values("text")[:1]))[:SENTENCES]
    telling = [(word, row.seen) for row in rows if (word := _telling(row.text))]
    for word, _ in telling[:1]:
        yield Example(setting("said", word), "where somebody says it")
    for word, thing in [pair for pair in telling if pair[1]][:1]:
        joined = f"{setting('said', word)} WITH {setting('object', thing)}"
        yield Example(joined, "where it is said while this is seen")


def _telling(sentence: str) -> str:
    """The longest word of a sentence, empty where all are short."""
    longest = max((word for word in words(sentence) if word.isalpha()), key=len, default="")
    return longest.lower() if len(longest) >= TELLING else ""
