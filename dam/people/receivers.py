"""After every decision and every run: what may be kept no longer is erased."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dam.people import grounds
from indexing.signals import facts_changed


def connect() -> None:
    """Listen to indexing. Connecting twice does no harm."""
    facts_changed.connect(follow_facts, dispatch_uid="people.follow_facts")


def follow_facts(asset_ids: Sequence[int], **_: Any) -> None:
    """Whoever is not there after all leaves no vector behind."""
    grounds.enforce(asset_ids)
