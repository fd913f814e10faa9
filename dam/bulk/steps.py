"""The steps in which an asset is changed, and what a change is for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from dam.assets.models import Asset
from dam.collections.models import Collection
from indexing.analysers.contract import Finding
from indexing.models import Annotation


class RefusalError(Exception):
    """Why an asset cannot be changed; the message is for a person."""


@dataclass(frozen=True)
class Put:
    """Give a column of the asset a value, as JSON writes it: times are in ISO 8601."""

    column: str
    value: Any


@dataclass(frozen=True)
class Say:
    """Write down a fact as a person's."""

    finding: Finding


@dataclass(frozen=True)
class Decide:
    """Give a fact another status."""

    fact: Annotation
    status: str


@dataclass(frozen=True)
class Place:
    """Put the asset into a collection, at a position or at its end, or take it out."""

    collection: Collection
    inside: bool
    position: int | None = None


@dataclass(frozen=True)
class State:
    """Give a column of the asset's rights record a value."""

    column: str
    value: str


Step = Put | Say | Decide | Place | State
Kind = TypeVar("Kind", Put, Say, Decide, Place, State)
Rows = list[tuple[Asset, str, Kind]]
"""Steps of one kind, each with its asset and the field that it changes."""


@dataclass(frozen=True)
class Change:
    """How one field of one asset reads before and after, and the steps that bring it about."""

    field: str
    before: str
    after: str
    steps: tuple[Step, ...] = ()
