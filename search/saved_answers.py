"""Which assets answer a saved search, asked as its owner."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dam.assets.models import Asset
from dam.sharing.access import AssetQuerySet
from search.backends.postgres import PostgresBackend
from search.keywords import expand
from search.parser import QueryError, parse
from search.query import Query

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

REMEMBERED = 10_000
"""Answers of a search that can be told from new ones."""


@dataclass(frozen=True)
class Answers:
    """Ids of assets; `complete` is false where there are more."""

    assets: frozenset[int] = frozenset()
    complete: bool = True


def answers(user: AnyUser, text: str) -> Answers:
    """What of everything that the user may see answers by its words, its fields and its time joins.

    Likeness in meaning and corrected spellings are for a person who looks for something; nobody is told
    of them. A text that is no query has no answers.
    """
    return _asked(user, Asset.objects.visible_to(user), text, REMEMBERED)


def answers_among(user: AnyUser, text: str, asset_ids: Collection[int]) -> frozenset[int]:
    """Those of the assets that are among the user's answers.

    The few assets are asked first, which is cheap. Whether a word stands in a text or may be a part of a
    name depends on all that the user may see, so what was found is looked up among all answers.
    """
    few = Asset.objects.visible_to(user).filter(pk__in=asset_ids)
    some = _asked(user, few, text, len(asset_ids)).assets
    if not some:
        return some
    everything = answers(user, text)
    return some & everything.assets if everything.complete else some


def _asked(user: AnyUser, assets: AssetQuerySet, text: str, limit: int) -> Answers:
    query = expand(_query(text), user).query
    if not query:
        return Answers()
    found = PostgresBackend(assets, user).lexical(query, limit)
    return Answers(frozenset(found.assets), found.complete) if found.query == query else Answers()


def _query(text: str) -> Query:
    try:
        return parse(text)
    except QueryError:
        return parse("")
