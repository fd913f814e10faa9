"""Rights statements and copyright holders: a record beside the asset, and the fact by which it is found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dam.bulk.fields import FILL, RIGHTS
from dam.bulk.models import BulkChange
from dam.bulk.steps import Change, Decide, Rows, Say, State, Step
from dam.bulk.wishes import Wish
from dam.rights.models import AssetRights
from dam.rights.saving import in_words
from indexing.analysers.contract import Finding
from indexing.models import Annotation

Status = Annotation.Status
COLUMNS = tuple(RIGHTS)


def change(
    record: AssetRights | None, facts: Sequence[Annotation], wishes: Sequence[Wish]
) -> Iterator[Change]:
    """What the wishes about rights do to an asset's record: one change, or none."""
    before = record or AssetRights()
    after = AssetRights(year=before.year, **{name: getattr(before, name) for name in COLUMNS})
    for wish in wishes:
        if not (wish.mode == FILL and getattr(before, wish.field)):
            setattr(after, wish.field, wish.value or "")
    steps: list[Step] = [
        State(name, getattr(after, name)) for name in COLUMNS if getattr(after, name) != getattr(before, name)
    ]
    if steps:
        yield Change("rights", in_words(before), in_words(after), (*steps, *_said(facts, in_words(after))))


def _said(facts: Sequence[Annotation], words: str) -> list[Step]:
    """Let a person's fact say the same as the record."""
    said = [
        fact for fact in facts if fact.source == Annotation.Source.PERSON and fact.status == Status.ACCEPTED
    ]
    old: list[Step] = [Decide(fact, Status.SUPERSEDED) for fact in said if fact.text != words]
    is_new = words and all(fact.text != words for fact in said)
    return [*old, Say(Finding("rights", words))] if is_new else old


def write(rows: Rows[State], user_id: int) -> Iterator[BulkChange]:
    """Carry out the steps; assets without a record get one."""
    if not rows:
        return
    assets = {asset.pk: asset for asset, _, _ in rows}
    AssetRights.objects.bulk_create(
        [AssetRights(asset=each) for each in assets.values()], ignore_conflicts=True
    )
    records = {record.asset_id: record for record in AssetRights.objects.filter(asset__in=assets)}
    for asset, name, step in rows:
        record = records[asset.pk]
        before = getattr(record, step.column)
        setattr(record, step.column, step.value)
        record.changed_by_id = user_id
        yield BulkChange(asset=asset, field=f"{name}.{step.column}", before=before, after=step.value)
    AssetRights.objects.bulk_update(records.values(), [*COLUMNS, "changed_by"])
