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
    """One asset with its best moments, how many more it has, and the hits that look the same and stand
    behind it: copies, and photographs of one burst."""

    asset: Asset
    moments: Sequence[Moment]
    more_moments: int = 0
    alike: Sequence[Asset] = ()


@dataclass(frozen=True)
class Problem:
    """Why a string is no query, for a person; `position` counts characters from 0, and `mend` is a whole
    string to search for instead, empty where none comes to mind."""

    message: str
    position: int
    mend: str = ""


@dataclass(frozen=True)
class Results:
    """One page of hits.

    `total` counts all hits; it is a lower bound where `total_is_exact` is false. `next_page` is None on
    the last page. `corrected` is the string that was searched for instead of the reader's misspelt one.
    `notes` say how the search was done, `errors` why it could not be; `problem` points at the place where
    the language was not understood. Where nothing fits, `nearest_apart` holds what comes nearest.
    `candidates` are the ids of all hits, as far as they are counted.
    """

    hits: Sequence[Hit] = ()
    total: int = 0
    total_is_exact: bool = True
    page: int = 1
    next_page: int | None = None
    corrected: str | None = None
    notes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    problem: Problem | None = None
    nearest_apart: Sequence[Hit] = ()
    candidates: Sequence[int] = ()

    @property
    def is_folded(self) -> bool:
        """Whether hits of this page stand behind others."""
        return any(hit.alike for hit in self.hits)
