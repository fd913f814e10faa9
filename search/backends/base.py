"""What a search backend is: it finds candidates and moments among the assets it is given, and no others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from dam.sharing.access import AssetQuerySet
from search.filters import Filters
from search.meaning import Meaning
from search.query import Query
from search.results import Moment

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser


@dataclass(frozen=True)
class Lexical:
    """Assets that answer by their words, best first; `complete` is false where there were more.

    `query` is what they answer: the query given, or one with misspelt words replaced.
    """

    assets: Sequence[int]
    query: Query
    complete: bool = True


@dataclass(frozen=True)
class Neighbour:
    """An asset near in meaning: its nearest place in seconds, and the cosine of the two vectors."""

    asset_id: int
    similarity: float
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True)
class AssetMoments:
    """The best moments of one asset, best first, each with its whole text, and how many there are."""

    moments: Sequence[Moment] = ()
    count: int = 0


class Backend(Protocol):
    """Finds; never ranks by fusion, never builds pages. It is made for one search, over the assets that the
    reader may see, narrowed by filters: nothing else is found, counted, or told by a corrected spelling.
    Without a reader, no collection is known by its name."""

    def __init__(self, assets: AssetQuerySet, reader: AnyUser | None = None) -> None: ...

    def lexical(self, query: Query, limit: int) -> Lexical:
        """Assets whose documents answer the query.

        Where none does and words are misspelt, those of the nearest words that occur in the assets are
        tried; the corrected query is returned only when it has answers.
        """
        ...

    def nearest(self, query: Query, meaning: Meaning, limit: int) -> list[Neighbour]:
        """Assets near in meaning that fit the musts of the query, nearest first, each once."""
        ...

    def moments(
        self, query: Query, filters: Filters, asset_ids: Collection[int], limit: int
    ) -> Mapping[int, AssetMoments]:
        """The best `limit` moments of each of those assets, which this backend has found before, that hold
        any word sought or the object of the filters."""
        ...

    def matched(self, query: Query, words: Collection[str]) -> set[str]:
        """Those of the words, as written in texts, that the query asks for."""
        ...
