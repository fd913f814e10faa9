"""From what a job did to an asset to the changes that take it back, as far as nobody has changed it since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Ids
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dam.assets.models import Asset
from dam.bulk.fields import FIELDS, LABELS
from dam.bulk.models import BulkChange, BulkJob
from dam.bulk.standing import changeable, places_in, rights_of
from dam.bulk.steps import Change, Decide, Place, Put, State, Step
from dam.collections.models import Collection
from dam.describing.record import text_of
from dam.rights.models import AssetRights
from dam.sharing.access import collections_for
from dam.sharing.models import Role
from indexing.models import Annotation

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

Status = Annotation.Status
APART = ("collection", "decision")
"""Of these each is taken back for itself, as of fields with several values."""
HOLDING = (Status.PROPOSED, Status.ACCEPTED)


@dataclass(frozen=True)
class Done:
    """What a job did to one asset, with the facts as they are now, and where the asset stands now."""

    asset: Asset
    changes: Sequence[BulkChange]
    positions: Mapping[int, int]
    fillable: Mapping[int, Collection]
    rights: AssetRights


def read(job: BulkJob, user: AnyUser, ids: Ids[int], lock: bool = False) -> dict[int, Done]:
    """What the job did to those of the assets that the person may change, in the trash or not."""
    assets = changeable(user, ids, trashed=True, lock=lock)
    by_asset: dict[int, list[BulkChange]] = defaultdict(list)
    for change in job.changes.filter(asset__in=list(assets)).select_related("fact").order_by("pk"):
        by_asset[change.asset_id].append(change)
    wanted = {each.collection_id for rows in by_asset.values() for each in rows if each.collection_id}
    fillable = {each.pk: each for each in collections_for(user, Role.ARCHIVIST).filter(pk__in=wanted)}
    positions = places_in(wanted, assets)
    rights = rights_of(assets)
    return {
        pk: Done(asset, by_asset[pk], positions[pk], fillable, rights.get(pk) or AssetRights())
        for pk, asset in assets.items()
    }


def changes(done: Done) -> tuple[list[Change], list[str]]:
    """The changes that take it back, and the labels of the fields that somebody has changed since.

    Of a field with one value everything is taken back or nothing; of several values each for itself.
    """
    groups: dict[Any, list[BulkChange]] = defaultdict(list)
    for change in done.changes:
        name = change.field.partition(".")[0]
        apart = name in APART or (name in FIELDS and FIELDS[name].many)
        groups[name, change.pk if apart else 0].append(change)
    kept = {group for group, rows in groups.items() if not all(_stands(done, row) for row in rows)}
    back: dict[str, list[BulkChange]] = defaultdict(list)
    for group, rows in groups.items():
        back[group[0]] += [] if group in kept else rows
    left = dict.fromkeys(LABELS[name] for name, _ in sorted(kept))
    return [_taken_back(done, name, rows) for name, rows in back.items() if rows], list(left)


def _stands(done: Done, change: BulkChange) -> bool:
    """Whether it still is as the job left it."""
    if change.fact is not None:
        return change.fact.status == change.after
    if change.collection_id is not None:
        inside = change.collection_id in done.positions
        return change.collection_id in done.fillable and inside == (change.after is not None)
    row, column = _column(done, change)
    return bool(getattr(row, column.attname) == column.to_python(change.after))


def _taken_back(done: Done, name: str, rows: Sequence[BulkChange]) -> Change:
    steps = tuple(_step(done, row) for row in rows)
    return Change(name, *_told(done, name, rows), steps)


def _step(done: Done, change: BulkChange) -> Step:
    if change.fact is not None:
        return Decide(change.fact, change.before or Status.SUPERSEDED)
    if change.collection_id is not None:
        inside = change.before is not None
        return Place(done.fillable[change.collection_id], inside, change.before)
    column = change.field.partition(".")[2]
    if change.field.startswith("rights."):
        return State(column, str(change.before or ""))
    return Put(column, change.before)


def _told(done: Done, name: str, rows: Sequence[BulkChange]) -> tuple[str, str]:
    """How it reads now and will read again."""
    if name == "title":
        column = next(row for row in rows if row.field == "title.title")
        return str(column.after or ""), str(column.before or "")
    if name == "trash":
        return ("in the trash", "") if done.asset.trashed_at else ("", "in the trash")
    if name == "collection":
        names = [[done.fillable[row.collection_id].name] for row in rows if row.collection_id]
        inside = [row.after is not None for row in rows]
        return _joined(names, inside), _joined(names, [not each for each in inside])
    facts = [[text_of(row.fact)] for row in rows if row.fact]
    holding = [(row.after in HOLDING, (row.before or "") in HOLDING) for row in rows if row.fact]
    return _joined(facts, [now for now, _ in holding]), _joined(facts, [again for _, again in holding])


def _joined(texts: Sequence[Sequence[str]], chosen: Sequence[bool]) -> str:
    return "; ".join(text for row, wanted in zip(texts, chosen, strict=True) if wanted for text in row)


def _column(done: Done, change: BulkChange) -> tuple[Asset | AssetRights, Any]:
    """The row that the change is about, and its column."""
    name, _, column = change.field.partition(".")
    row = done.rights if name == "rights" else done.asset
    return row, row._meta.get_field(column)
