"""Carrying out the changes of many assets in a few statements, and logging what was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from dam.assets.models import Asset
from dam.bulk import stating
from dam.bulk.models import BulkChange, BulkJob
from dam.bulk.standing import places_in
from dam.bulk.steps import Change, Decide, Kind, Place, Put, Rows, Say, State
from dam.collections import curation
from dam.collections.models import Collection, CollectionItem
from indexing import store
from indexing.models import Annotation
from indexing.signals import announce

if TYPE_CHECKING:
    from dam.sharing.models import User

Planned = Sequence[tuple[Asset, Sequence[Change]]]


def write(job: BulkJob, user: User, planned: Planned) -> None:
    """Carry out the changes and log each of them, in a transaction that holds the assets' rows.

    Each changed asset is one revision further; that is announced once the transaction is committed.
    """
    changed = [asset.pk for asset, changes in planned if changes]
    logged = [
        *_put(_of(Put, planned)),
        *_say(_of(Say, planned), user),
        *_decide(_of(Decide, planned), user),
        *_place(_of(Place, planned)),
        *stating.write(_of(State, planned), user.pk),
    ]
    for change in logged:
        change.job = job
    BulkChange.objects.bulk_create(logged, batch_size=1000)
    Asset.objects.filter(pk__in=changed).update(revision=F("revision") + 1)
    transaction.on_commit(partial(announce, changed), robust=True)


def _of(kind: type[Kind], planned: Planned) -> Rows[Kind]:
    """The steps of one kind, each with its asset and the field that it changes."""
    steps = (
        (asset, each.field, step) for asset, changes in planned for each in changes for step in each.steps
    )
    return [(asset, field, step) for asset, field, step in steps if isinstance(step, kind)]


def _put(rows: Rows[Put]) -> Iterator[BulkChange]:
    columns = {step.column for _, _, step in rows}
    for asset, name, step in rows:
        column: Any = Asset._meta.get_field(step.column)
        before = getattr(asset, column.attname)
        setattr(asset, column.attname, column.to_python(step.value))
        kept = before.isoformat() if hasattr(before, "isoformat") else before
        yield BulkChange(asset=asset, field=f"{name}.{step.column}", before=kept, after=step.value)
    if columns:
        Asset.objects.bulk_update({asset.pk: asset for asset, _, _ in rows}.values(), sorted(columns))


def _say(rows: Rows[Say], user: User) -> Iterator[BulkChange]:
    facts = store.record_all([(asset.pk, step.finding) for asset, _, step in rows], user)
    for (asset, name, _), fact in zip(rows, facts, strict=True):
        yield BulkChange(asset=asset, field=name, fact=fact, before=None, after=fact.status)


def _decide(rows: Rows[Decide], user: User) -> Iterator[BulkChange]:
    together: dict[str, list[Annotation]] = defaultdict(list)
    for asset, name, step in rows:
        yield BulkChange(
            asset=asset, field=name, fact=step.fact, before=step.fact.status, after=str(step.status)
        )
        together[step.status].append(step.fact)
    for status, facts in together.items():
        store.review_all(facts, user, status)


def _place(rows: Rows[Place]) -> Iterator[BulkChange]:
    by_collection: dict[Collection, Rows[Place]] = defaultdict(list)
    for row in rows:
        by_collection[row[2].collection].append(row)
    for collection, theirs in by_collection.items():
        pks = [asset.pk for asset, _, _ in theirs]
        before = places_in([collection.pk], pks)
        _fill(collection, theirs)
        after = places_in([collection.pk], pks)
        for asset, name, _ in theirs:
            positions = [each.get(asset.pk, {}).get(collection.pk) for each in (before, after)]
            yield BulkChange(
                asset=asset, field=name, collection=collection, before=positions[0], after=positions[1]
            )


def _fill(collection: Collection, rows: Rows[Place]) -> None:
    """Put the assets in at the end, or where they stood; take out those that are to be out."""
    inside = [asset.pk for asset, _, step in rows if step.inside]
    curation.add_assets(collection, inside, Asset.objects.filter(pk__in=inside))
    for asset, _, step in rows:
        if not step.inside:
            curation.remove_asset(collection, asset.pk)
        elif step.position is not None:
            CollectionItem.objects.filter(collection=collection, asset=asset).update(position=step.position)
