"""The events that other systems may be told of, and how each tells what it is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dam.webhooks.models import Endpoint

Describe = Callable[["Endpoint", Sequence[int]], list[dict[str, Any]]]
TEST = "test"
"""The event of a message that somebody sends to see whether it arrives; nobody chooses it."""


@dataclass(frozen=True)
class Event:
    """`describe` turns ids into what the message says of them: only of those that the endpoint's maker may
    see at that moment."""

    name: str
    label: str
    describe: Describe


_EVENTS: dict[str, Event] = {}


def register(name: str, label: str, describe: Describe) -> Event:
    """Add an event, once. Raises ValueError where another has the name."""
    event = Event(name, label, describe)
    if _EVENTS.setdefault(name, event) != event:
        raise ValueError(f"The event {name!r} is already registered.")
    return event


def get(name: str) -> Event | None:
    """The event of that name; None where the room that told of it is not installed any more."""
    return _EVENTS.get(name)


def choices() -> list[tuple[str, str]]:
    """Names and labels of the events that can be chosen."""
    return [(event.name, event.label) for event in _EVENTS.values() if event.name != TEST]
