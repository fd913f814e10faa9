"""Each time the planner looks around: purges go on, and the trash empties itself where that is wished."""

from __future__ import annotations

from typing import Any

from dam.describing import purging
from indexing.signals import looking_around


def connect() -> None:
    """Listen to indexing. Connecting twice does no harm."""
    looking_around.connect(look_around, dispatch_uid="describing.look_around")


def look_around(**_: Any) -> None:
    """Do what is due."""
    purging.look()
