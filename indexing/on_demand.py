"""Renditions that are made when somebody asks for them, and how far the making has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from celery import Task
from django.core.cache import cache
from kombu.exceptions import OperationalError

from dam.assets.derive import rendition_name
from dam.assets.models import Asset, Rendition, renditions
from dam.assets.storing import store_rendition

REMEMBERED = 24 * 3600  # seconds that an end is told
PATIENCE = 900  # seconds without a word from the worker after which it counts as lost


@dataclass(frozen=True)
class Progress:
    """How far the making of a rendition has come: `done` of `total` parts. `message` says why it failed."""

    state: Literal["waiting", "making", "done", "failed"]
    done: int = 0
    total: int = 0
    message: str = ""

    @property
    def under_way(self) -> bool:
        return self.state in ("waiting", "making")


def progress(asset_id: int, name: str) -> Progress | None:
    """How far the last making of that rendition has come, while it is remembered."""
    found = cache.get(_key(asset_id, name))
    return Progress(**found) if found else None


def tell(asset_id: int, name: str, state: Progress) -> None:
    """Write down how far the making has come."""
    cache.set(_key(asset_id, name), asdict(state), PATIENCE if state.under_way else REMEMBERED)


def hand_over(task: Task, asset_id: int, name: str) -> bool:
    """Have a worker make that rendition; False where no queue answers. It counts as waiting before it is
    sent, so that a quick worker's word is not overwritten."""
    tell(asset_id, name, Progress("waiting"))
    try:
        task.delay(asset_id)
    except OperationalError:
        cache.delete(_key(asset_id, name))
        return False
    return True


def keep(asset: Asset, name: str, path: Path, media_type: str, details: Mapping[str, Any]) -> None:
    """Store a file as that rendition of the asset, in the place of an earlier one."""
    stored = store_rendition(renditions(), path, rendition_name(asset, name, path))
    values = {"file": stored, "size": path.stat().st_size, "media_type": media_type, "details": dict(details)}
    Rendition.objects.update_or_create(asset=asset, name=name, defaults=values)


def _key(asset_id: int, name: str) -> str:
    return f"{name}-{asset_id}"
