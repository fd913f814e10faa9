"""Smart collections ask for their assets. Who can answer registers here; this room need not know them."""

from __future__ import annotations

from collections.abc import Collection as Ids
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from dam.assets.models import Asset
from dam.collections.models import Collection

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser, AssetQuerySet


class BadQueryError(ValueError):
    """A text that is no query, and why, in words for a person."""


@dataclass(frozen=True)
class Answer:
    """Ids of assets that answer a query; `complete` is false where there are more."""

    asset_ids: Ids[int]
    complete: bool = True


class Resolver(Protocol):
    """Whoever can read and answer queries."""

    def check(self, query: str) -> None:
        """Raises BadQueryError for a text that cannot be asked."""
        ...

    def answer(self, user: AnyUser, query: str) -> Answer:
        """What of everything that the user may see answers the query; nothing where it is none."""
        ...


class NoResolverError(RuntimeError):
    """Nobody here answers queries."""


_resolvers: list[Resolver] = []


def register(resolver: Resolver) -> None:
    """Have queries answered by that one from now on."""
    _resolvers[:] = [resolver]


def resolver() -> Resolver:
    """Who answers. Raises NoResolverError where nobody registered."""
    if not _resolvers:
        raise NoResolverError("No search is installed that could answer a smart collection.")
    return _resolvers[0]


def members(user: AnyUser, collection: Collection) -> tuple[AssetQuerySet, bool]:
    """The assets of a smart collection for that reader, and whether these are all of them.

    Access follows the assets: whoever may see the collection sees no asset more because of it.
    """
    answer = resolver().answer(user, collection.query)
    seen = Asset.objects.visible_to(user).filter(library=collection.library_id, pk__in=answer.asset_ids)
    return seen, answer.complete
