"""Each time the planner looks around: what people decided is measured."""

from __future__ import annotations

from typing import Any

from dam.review import measuring
from indexing.signals import looking_around


def connect() -> None:
    """Listen to the planner. Connecting twice does no harm."""
    looking_around.connect(look_around, dispatch_uid="review.look_around")


def look_around(**_: Any) -> None:
    """Measure what was decided since the last time."""
    measuring.look()
