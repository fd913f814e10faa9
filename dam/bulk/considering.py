"""What becomes of items of a job: the changes of those that can be changed, and why the others cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from dam.assets.models import Asset
from dam.bulk import planning, standing, undoing
from dam.bulk.models import BulkItem, BulkJob
from dam.bulk.standing import Standing
from dam.bulk.steps import Change, RefusalError
from dam.bulk.wishes import Wish, of_row, stored

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

State = BulkItem.State
TOLD = 300
"""Characters of a value that are kept for people to read."""
CHANGED_SINCE = "Left as it is, because it was changed again since: {}."


@dataclass(frozen=True)
class Verdict:
    """The changes of an asset, or why it, or a part of it, cannot be changed."""

    asset: Asset | None = None
    changes: Sequence[Change] = ()
    reason: str = ""


def consider(
    job: BulkJob, items: Sequence[BulkItem], lock: bool = False
) -> list[tuple[Asset, Sequence[Change]]]:
    """Set each item's state, reason and what is told of it; returns the changes of those that will change.

    Rows that found no asset are refused already and stay so. With `lock` the assets' rows are held.
    """
    user: AnyUser = job.owner or AnonymousUser()
    found = [item for item in items if item.asset_id is not None]
    judge = _undo if job.kind == BulkJob.Kind.UNDO else _fulfil
    verdicts = judge(job, found, user, lock)
    for item in found:
        _settle(item, verdicts[item.number])
    return [(each.asset, each.changes) for each in verdicts.values() if each.asset and each.changes]


def _settle(item: BulkItem, verdict: Verdict) -> None:
    refused = State.REFUSED if verdict.reason else State.UNCHANGED
    item.state = State.WILL_CHANGE if verdict.changes else refused
    item.reason = verdict.reason
    item.told = [[each.field, each.before[:TOLD], each.after[:TOLD]] for each in verdict.changes]


def _fulfil(job: BulkJob, items: Sequence[BulkItem], user: AnyUser, lock: bool) -> Mapping[int, Verdict]:
    """What comes of the wishes for each item."""
    wished = {item.number: _wishes(job, item) for item in items}
    ids = {item.asset_id for item in items if item.asset_id}
    standings = standing.read(user, ids, [wish for wishes in wished.values() for wish in wishes], lock)
    lost = standing.missing(user, ids - set(standings))
    return {
        item.number: Verdict(reason=lost[item.asset_id])
        if item.asset_id in lost
        else _planned(job, item, standings[item.asset_id or 0], wished[item.number])
        for item in items
    }


def _wishes(job: BulkJob, item: BulkItem) -> list[Wish]:
    if job.kind == BulkJob.Kind.IMPORT:
        return list(of_row(item.values or {}, job.options["mode"], job.options["mode_of_many"]))
    return stored(job.wishes)


def _planned(job: BulkJob, item: BulkItem, stands: Standing, wishes: Sequence[Wish]) -> Verdict:
    """What a row of a file says is no pattern for titles."""
    try:
        if job.kind == BulkJob.Kind.EDIT:
            wishes = [planning.titled(wish, stands.asset, item.number) for wish in wishes]
        return Verdict(stands.asset, planning.changes(stands, wishes, job.owner_id))
    except RefusalError as refusal:
        return Verdict(reason=str(refusal))


def _undo(job: BulkJob, items: Sequence[BulkItem], user: AnyUser, lock: bool) -> Mapping[int, Verdict]:
    """What can be taken back of what another job did."""
    ids = {item.asset_id for item in items if item.asset_id}
    done = undoing.read(job.undoes, user, ids, lock) if job.undoes else {}
    lost = standing.missing(user, ids - set(done))
    verdicts = {}
    for item in items:
        if item.asset_id in lost:
            verdicts[item.number] = Verdict(reason=lost[item.asset_id])
            continue
        changes, left = undoing.changes(done[item.asset_id or 0])
        reason = CHANGED_SINCE.format(", ".join(left)) if left else ""
        verdicts[item.number] = Verdict(done[item.asset_id or 0].asset, changes, reason)
    return verdicts
