"""Answers for smart collections: a collection whose assets are what a query finds, for each reader anew."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from dam.assets.models import Asset
from dam.collections import smart
from dam.collections.models import Collection
from search.parser import QueryError, parse

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

_asked: ContextVar[frozenset[str]] = ContextVar("_asked", default=frozenset())
"""The queries that are being answered: one that leads back to itself is not asked again."""


class Resolver:
    """What dam.collections.smart.Resolver asks for."""

    def check(self, query: str) -> None:
        """Raises smart.BadQueryError for a text that is no query, or asks for nothing."""
        try:
            found = parse(query)
        except QueryError as problem:
            raise smart.BadQueryError(str(problem)) from problem
        if not found:
            raise smart.BadQueryError("There is nothing to search for in it.")

    def answer(self, user: AnyUser, query: str) -> smart.Answer:
        """What the user may see of the answers by words, fields and time joins: likeness in meaning and
        corrected spellings are for a person who looks for something."""
        from search.saved_answers import answers  # it needs the backend, which needs this

        if query in _asked.get():
            return smart.Answer(())
        token = _asked.set(_asked.get() | {query})
        try:
            found = answers(user, query)
        finally:
            _asked.reset(token)
        return smart.Answer(found.assets, found.complete)


def answering(user: AnyUser, collections: QuerySet[Collection], pk: str) -> Q:
    """The condition that the asset at the path `pk` answers the query of a smart one of the collections;
    an empty one where none is smart."""
    condition = Q()
    for each in collections.exclude(query=""):
        ids = smart.resolver().answer(user, each.query).asset_ids
        here = Asset.objects.visible_to(user).filter(library=each.library_id, pk__in=ids)
        condition |= Q(**{f"{pk}__in": here.values("pk")})
    return condition
