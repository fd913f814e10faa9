"""What somebody has chosen: a list of assets, or everything that an address of the site shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import Resolver404, ResolverMatch, resolve

from dam.assets.forms import GridFilter
from dam.assets.grid import filtered, items_below
from dam.assets.models import Asset
from dam.bulk.models import Selection
from dam.collections import smart
from dam.sharing.access import collections_for
from dam.sharing.scopes import trashed_for
from search import service

if TYPE_CHECKING:
    from dam.sharing.models import User

MOST_IDS = 10_000
NO_ASSETS = "This address shows no assets that could be chosen. Go to the library, a collection or a search."


class SelectionError(ValueError):
    """Why nothing can be chosen so; the message is for a person."""


def choose(user: User, ids: list[str], address: str) -> Selection:
    """Keep what somebody chose: the ids, or else everything that the address shows. Raises SelectionError."""
    numbers = sorted({int(each) for each in ids if each.isascii() and each.isdigit() and len(each) < 19})
    if len(numbers) > MOST_IDS:
        raise SelectionError(
            f"You chose {len(numbers):,} assets one by one; {MOST_IDS:,} is the most. Choose all that match."
        )
    if not numbers and not address:
        raise SelectionError("Choose some assets first.")
    chosen = Selection(owner=user, ids=numbers, address="" if numbers else address)
    if not assets_of(chosen).exists():
        raise SelectionError("Nothing of what you chose is there any more.")
    chosen.save()
    return chosen


def assets_of(selection: Selection) -> QuerySet[Asset]:
    """The assets that its owner chose and may see, in the trash or not. Raises SelectionError."""
    user = selection.owner
    if selection.address:
        return _shown(user, selection.address)
    seen = Asset.objects.visible_to(user) | trashed_for(user)
    return seen.filter(pk__in=selection.ids)


def _shown(user: User, address: str) -> QuerySet[Asset]:
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404 as error:
        raise SelectionError(NO_ASSETS) from error
    if parts.netloc or match.url_name not in PAGES:
        raise SelectionError(NO_ASSETS)
    return PAGES[match.url_name](user, match, QueryDict(parts.query))


def _of_library(user: User, match: ResolverMatch, query: QueryDict) -> QuerySet[Asset]:
    form = GridFilter(user, query)
    if not form.is_valid():
        raise SelectionError("A filter of this address cannot be read. Go back and mend it first.")
    return filtered(Asset.objects.visible_to(user), form.chosen())


def _of_collection(user: User, match: ResolverMatch, query: QueryDict) -> QuerySet[Asset]:
    collection = collections_for(user).filter(pk=match.kwargs["pk"]).first()
    if collection is None:
        raise SelectionError("The collection is not there any more.")
    if collection.smart:
        return smart.members(user, collection)[0]
    return Asset.objects.visible_to(user).filter(pk__in=items_below(collection).values("asset"))


def _of_search(user: User, match: ResolverMatch, query: QueryDict) -> QuerySet[Asset]:
    """All answers as the page counts them, at most service.COUNTED."""
    text = query.get("q", "")
    results = service.search(user, text, per_page=1)
    if results.errors or not text.strip():
        raise SelectionError(" ".join(results.errors) or "Search for something first.")
    return Asset.objects.visible_to(user).filter(pk__in=results.candidates)


def _of_trash(user: User, match: ResolverMatch, query: QueryDict) -> QuerySet[Asset]:
    return trashed_for(user)


PAGES: dict[str, Callable[[User, ResolverMatch, QueryDict], QuerySet[Asset]]] = {
    "library": _of_library,
    "collection": _of_collection,
    "search": _of_search,
    "trash": _of_trash,
}
"""The pages that show assets, by the names of their addresses."""
