"""Search by example: the moments that look like a picture, among those that the reader may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import F

from dam.assets.models import Asset
from dam.assets.quarantine import workspace
from dam.assets.refusals import Refused
from dam.assets.sniff import sniff
from indexing import flags, weights
from indexing.analysers.contract import MediaError
from indexing.decoding import child, stills
from indexing.decoding.limits import LIMITS, MIB
from indexing.engines.spaces import PREFERENCE, current_space
from indexing.models import Embedding
from search.backends.vectors import EF_SEARCH, near
from search.meaning import Meaning
from search.results import Hit, Moment, Piece, Results

if TYPE_CHECKING:
    from pathlib import Path

    from dam.sharing.access import AnyUser

LARGEST = 50 * MIB
LONG_SIDE = 512
HITS = 60
CANDIDATES = 300
MOMENTS = 3
FLOOR = 0.65
"""The cosine from which a picture resembles the example: between two unrelated photographs the median is 0.50
(CLIP ViT-B/16); where resemblance begins was not measured."""


class NoExample(ValueError):  # noqa: N818
    """There is nothing to compare with. The message is for a person."""


@dataclass(frozen=True, eq=False)
class Example:
    """A picture's unit vector in the named space; `own` is the stored vector that it is, if any."""

    space: str
    vector: np.ndarray
    own: int | None = None


def of_asset(asset: Asset, second: float | None = None) -> Example:
    """The asset itself as the example; of a film the shot at that second, else at a third of its length,
    where its poster is from. Raises NoExample where it has not been looked at."""
    for space in PREFERENCE:
        rows = Embedding.objects.filter(asset=asset, space=space, annotation=None).order_by("-start")
        found = min(rows, key=lambda row: _away(row, _moment(asset, second)), default=None)
        if found is not None:
            return Example(space, found.vector, found.pk)
    raise NoExample(f"“{asset}” has not been looked at yet, so nothing can be compared with it.")


def _moment(asset: Asset, second: float | None) -> float:
    return (asset.duration or 0.0) / 3 if second is None else second


def _away(row: Embedding, second: float) -> float:
    """Seconds between a stored place and a second; 0 within it, and for a still."""
    if row.start is None or row.end is None:
        return 0.0
    return max(row.start - second, second - row.end, 0.0)


def of_upload(upload: UploadedFile) -> Example:
    """A picture that the reader sent. It is decoded in the child, compared, and gone when this returns.

    Raises NoExample for what is no picture or too large, and where no model is installed.
    """
    if (upload.size or 0) > LARGEST:
        raise NoExample(f"The picture is larger than {LARGEST // MIB} MiB; send a smaller copy.")
    try:
        space = current_space(weights.path)
    except LookupError as missing:
        raise NoExample("Search by example is off: its model is not installed.") from missing
    with workspace(f"example-{uuid4().hex}") as folder:
        path = folder / "example"
        with path.open("wb") as copy:
            copy.writelines(upload.chunks())
        pixels = _pixels(path, upload.name or "")
    return Example(space.name, space.encode_images([pixels])[0])


def _pixels(path: Path, name: str) -> np.ndarray:
    try:
        found = sniff(path, name)
        if found.kind != "image":
            raise NoExample(f"An example must be a picture; this is {found.media_type}.")
        return child.call(stills.picture, path, found.form, LONG_SIDE, seconds=LIMITS.still_seconds)
    except (Refused, MediaError) as problem:
        raise NoExample(str(problem)) from problem


def search_by(user: AnyUser, example: Example) -> Results:
    """The assets with moments that look like the example, most alike first, at most HITS of them."""
    with transaction.atomic():
        _search_thoroughly()
        rows = near(Meaning(example.space, example.vector), Asset.objects.visible_to(user))
        others = rows if example.own is None else rows.exclude(pk=example.own)
        values = others.values_list("asset", F("distance"), "start", "end")
        moments = [
            _moment_of(pk, -distance, start, end)
            for pk, distance, start, end in values[:CANDIDATES]
            if -distance >= FLOOR
        ]
    hits = hits_of(user, sorted(moments, key=lambda moment: -moment.score))
    return Results(hits=hits, total=len(hits), total_is_exact=len(moments) < CANDIDATES)


def _search_thoroughly() -> None:
    """Until the transaction ends, let the index go on until enough rows belong to the reader's assets."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET LOCAL hnsw.iterative_scan = 'relaxed_order'; SET LOCAL hnsw.ef_search = {EF_SEARCH}"
        )


def _moment_of(pk: int, cosine: float, start: float | None, end: float | None) -> Moment:
    return Moment(
        asset_id=pk,
        reason="looks like",
        kind="likeness",
        pieces=(Piece("your example", False),),
        start=start,
        end=end,
        score=cosine,
    )


def hits_of(user: AnyUser, moments: Iterable[Moment]) -> list[Hit]:
    """The moments by asset, in the order of each asset's best one."""
    by_asset: dict[int, list[Moment]] = {}
    for moment in moments:
        by_asset.setdefault(moment.asset_id, []).append(moment)
    ids = list(by_asset)[:HITS]
    rows = Asset.objects.visible_to(user).prefetch_related("renditions").in_bulk(ids)
    flags.mark(rows.values())
    return [
        Hit(rows[pk], by_asset[pk][:MOMENTS], max(0, len(by_asset[pk]) - MOMENTS)) for pk in ids if pk in rows
    ]
