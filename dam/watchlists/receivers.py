"""After every run and every decision: alerts follow the mentions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dam.watchlists import alerts
from indexing.signals import facts_changed


def connect() -> None:
    """Listen to indexing. Connecting twice does no harm."""
    facts_changed.connect(follow_facts, dispatch_uid="watchlists.follow_facts")


def follow_facts(asset_ids: Sequence[int], **_: Any) -> None:
    """What was spotted becomes an alert, once; what is not there after all stops being one."""
    alerts.bring_up_to_date(asset_ids)
