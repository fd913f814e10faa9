"""How a job begins and ends: made, applied, paused, taken back, dropped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from dam.assets.models import Asset
from dam.bulk import working
from dam.bulk.models import BulkItem, BulkJob, Selection
from dam.bulk.selecting import assets_of
from dam.bulk.wishes import Wish, kept, sentence
from dam.sharing.access import is_superuser, libraries_for
from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for

if TYPE_CHECKING:
    from dam.sharing.models import User

State, Kind = BulkJob.State, BulkJob.Kind


class StateError(ValueError):
    """What is asked of a job cannot be done as it stands; the message is for a person."""


def visible_jobs(user: User) -> QuerySet[BulkJob]:
    """A person's own jobs where they are still an archivist, and those of libraries that they administer."""
    if is_superuser(user):
        return BulkJob.objects.all()
    mine = Q(owner=user.pk) & (Q(library=None) | Q(library__in=libraries_for(user, Role.ARCHIVIST)))
    return BulkJob.objects.filter(mine | Q(library__in=whole_libraries_for(user, Role.ADMINISTRATOR)))


def edit(selection: Selection, wishes: Sequence[Wish]) -> BulkJob:
    """Make a job of what is chosen now, and see what would change. The oldest photograph comes first.

    Raises SelectionError where nothing can be chosen so any more.
    """
    assets = assets_of(selection)
    with transaction.atomic():
        job = BulkJob.objects.create(
            owner=selection.owner,
            kind=Kind.EDIT,
            state=State.CHECKING,
            label=sentence(wishes)[:500],
            selection=selection,
            wishes=kept(wishes),
        )
        _fill(job, assets.order_by(Coalesce("taken_at", "added_at"), "pk"))
    working.go_on(job)
    return job


def undo(job: BulkJob, user: User) -> BulkJob:
    """Begin to take back what a job did, as that person. Raises StateError where nothing is left to."""
    if not can_undo(job):
        raise StateError("There is nothing to take back, or the job is still at work: pause it first.")
    with transaction.atomic():
        BulkJob.objects.filter(pk=job.pk, state=State.PAUSED).update(
            state=State.DONE, finished_at=timezone.now()
        )
        if undone(job).exists():
            raise StateError("This is being taken back, or has been.")
        back = BulkJob.objects.create(
            owner=user,
            kind=Kind.UNDO,
            state=State.RUNNING,
            undoes=job,
            library=job.library,
            label=f"Undo: {job.label}"[:500],
        )
        _fill(back, Asset.objects.filter(Exists(job.changes.filter(asset=OuterRef("pk")))).order_by("pk"))
    working.go_on(back)
    return back


def can_undo(job: BulkJob) -> bool:
    """Whether the job has changed something, stands still, and has not been taken back."""
    still = job.state in (State.PAUSED, State.DONE)
    return still and job.changes.exists() and not undone(job).exists()


def undone(job: BulkJob) -> QuerySet[BulkJob]:
    """The jobs that take this one back, unless they were taken back themselves."""
    return BulkJob.objects.filter(undoes=job, undoings=None)


def _fill(job: BulkJob, assets: QuerySet[Asset]) -> None:
    rows = list(assets.values_list("pk", "library"))
    items = [BulkItem(job=job, number=number, asset_id=pk) for number, (pk, _) in enumerate(rows, start=1)]
    BulkItem.objects.bulk_create(items, batch_size=5000)
    libraries = {library for _, library in rows}
    job.total, job.library_id = len(rows), libraries.pop() if len(libraries) == 1 else None
    job.save(update_fields=["total", "library"])


def apply(job: BulkJob) -> None:
    """Begin to change what is to be changed. Raises StateError where it has begun already."""
    begun = {"position": 0, "changed": 0, "unchanged": 0, "refused": 0, "touched_at": timezone.now()}
    if not BulkJob.objects.filter(pk=job.pk, state=State.READY).update(state=State.RUNNING, **begun):
        raise StateError("This has been applied already, or is not ready yet.")
    forget_file(job)
    job.refresh_from_db()
    working.go_on(job)


def pause(job: BulkJob) -> None:
    """Let the job stand still after the chunk that is being changed now."""
    BulkJob.objects.filter(pk=job.pk, state=State.RUNNING).update(state=State.PAUSED, reason="")


def resume(job: BulkJob) -> None:
    """Go on with a paused job."""
    BulkJob.objects.filter(pk=job.pk, state=State.PAUSED).update(state=State.RUNNING, reason="")
    working.go_on(job)


def drop(job: BulkJob) -> None:
    """Forget a job that has changed nothing. Raises StateError where it has begun to."""
    if job.state not in (State.MATCHING, State.READING, State.CHECKING, State.READY):
        raise StateError("This has begun to change assets. Take it back instead.")
    forget_file(job)
    job.delete()


def forget_file(job: BulkJob) -> None:
    """Delete the file that was imported; its rows stay."""
    if job.file:
        job.file.delete(save=False)
        BulkJob.objects.filter(pk=job.pk).update(file="")
