"""What is suggested and told follows what happens in the other rooms."""

from __future__ import annotations

from typing import Any

from dam.people.signals import traces_erased
from indexing.signals import looking_around
from search import saved_looking, suggest_terms


def connect() -> None:
    """Listen to the rooms. Connecting twice does no harm."""
    traces_erased.connect(follow_erasure, dispatch_uid="search.saved.follow_erasure")
    looking_around.connect(look_around, dispatch_uid="search.saved.look_around")


def look_around(**_: Any) -> None:
    """News of saved searches and fresh terms, whenever the planner looks around."""
    saved_looking.look()


def follow_erasure(**_: Any) -> None:
    """An erased name is suggested to nobody; it goes from the terms too."""
    suggest_terms.forget_lost()
