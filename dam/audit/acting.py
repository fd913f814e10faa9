"""Who acts: the request that is being answered, for whatever is written down because of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.http import HttpRequest

from dam.sharing.guest_address import network_of

if TYPE_CHECKING:
    from dam.sharing.models import User

_request: ContextVar[HttpRequest | None] = ContextVar("audited_request", default=None)


@contextmanager
def answering(request: HttpRequest) -> Iterator[None]:
    """Within the block, the visitor of that request is the one who acts."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def user() -> User | None:
    """The signed-in person who acts; None for guests, commands and workers."""
    request = _request.get()
    found = getattr(request, "user", None)
    return found if found is not None and found.is_authenticated else None


def network() -> str:
    """The network from which the act comes; empty for commands and workers."""
    request = _request.get()
    return network_of(request) if request is not None else ""


def is_visited() -> bool:
    """Whether a request is being answered at all."""
    return _request.get() is not None
