"""How a rule of the access matrix is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dam.sharing.models import Role

VIEWER, CONTRIBUTOR, ARCHIVIST, ADMINISTRATOR = Role
INSTALLATION = 100
"""Above every role: only an administrator of the installation."""
NOBODY = 200
"""Above that: no visitor at all, because the row is somebody else's own."""

Rows = dict[str, Any]


@dataclass(frozen=True)
class Rule:
    """Rows that fill the path, and by method the least role that gets through.

    A method that is not named changes nothing for anybody. The role must be held in one of `places`.
    `data` makes a request body from the rows, one that would work for whoever is allowed.
    """

    rows: tuple[str, ...] = ()
    methods: dict[str, int] = field(default_factory=dict)
    places: tuple[str, ...] = ("library", "collection")
    data: Callable[[Rows], Any] = lambda rows: {}
    headers: Callable[[Rows], dict[str, str]] = lambda rows: {}


WHOLE = ("library",)
"""The role must be held in the whole library."""
ANYWHERE = ("library", "collection", "another collection")
"""The role may be held in any collection of the library."""


def at(*rows: str, get: int | None = None, post: int | None = None, **rest: Any) -> Rule:
    """A rule for the address of one row."""
    named = {name: rest.pop(name.lower()) for name in ("PUT", "PATCH", "DELETE") if name.lower() in rest}
    methods = {**({"GET": get} if get else {}), **({"POST": post} if post else {}), **named}
    return Rule(rows, methods, **rest)


def over_all(post: int | None = None, **rest: Any) -> Rule:
    """A rule for a page about everything that the visitor may see; everyone with an account gets one."""
    return Rule(methods={"GET": 0, **({"POST": post} if post else {})}, **rest)
