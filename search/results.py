"""What a search gives back: assets, and the moments in them that answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dam.assets.models import Asset
from indexing.analysers.contract import Region


class Piece(NamedTuple):
    """A stretch of plain text; `matched` where it is one of the words asked for. Never HTML."""

    text: str
    matched: bool


@dataclass(frozen=True)
class Moment:
    """Where in an asset, and why: `reason` is "said", "seen", "titled", "looks like" and so on.

    `start` and `end` are seconds or None for the whole asset; `region` is in 0..1 of the upright frame.
    `annotation_id` is the fact behind it, None for a title or a likeness. `score` orders moments of one
    asset and means nothing beyond it.
    """

    asset_id: int
    reason: str
    kind: str
    pieces: Sequence[Piece] = ()
    start: float | None = None
    end: float | None = None
    region: Region | None = None
    annotation_id: int | None = None
    score: float = 0.0

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Hit:
    """One asset with its best moments, and how many more it has."""

    asset: Asset
    moments: Sequence[Moment]
    more_moments: int = 0


@dataclass(frozen=True)
class Results:
    """One page of hits.

    `total` counts all hits; it is a lower bound where `total_is_exact` is false. `next_page` is None on
    the last page. `corrected` is the string that was searched for instead of the reader's misspelt one.
    `notes` say how the search was done, `errors` why it could not be.
    """

    hits: Sequence[Hit] = ()
    total: int = 0
    total_is_exact: bool = True
    page: int = 1
    next_page: int | None = None
    corrected: str | None = None
    notes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
