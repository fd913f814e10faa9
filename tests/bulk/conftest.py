"""A library with an archivist, and jobs made as the pages make them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dam.bulk import jobs
from dam.bulk.models import BulkJob, Selection
from dam.bulk.wishes import Wish
from dam.collections.models import Library
from dam.describing.record import text_of
from dam.rights.models import AssetRights
from dam.sharing.models import Role, User
from tests.factories import make_library, make_member


@pytest.fixture
def library() -> Library:
    return make_library("Harbour archive")


@pytest.fixture
def ada(library: Library) -> User:
    return make_member(library, Role.ARCHIVIST)


@pytest.fixture
def plan(ada: User) -> Callable[..., BulkJob]:
    """plan(assets, wish, ...): the job as it stands ready to be applied."""

    def planned(assets: list, *wishes: Wish, user: User = ada) -> BulkJob:
        selection = Selection.objects.create(owner=user, ids=[asset.pk for asset in assets])
        job = jobs.edit(selection, wishes)
        assert job.state == BulkJob.State.READY
        return job

    return planned


@pytest.fixture
def change(plan: Callable[..., BulkJob]) -> Callable[..., BulkJob]:
    """change(assets, wish, ...): the job, applied to its end."""

    def changed(assets: list, *wishes: Wish, **rest: Any) -> BulkJob:
        job = plan(assets, *wishes, **rest)
        jobs.apply(job)
        assert job.state == BulkJob.State.DONE
        return job

    return changed


def said(asset: Any, kind: str) -> list[str]:
    """The accepted texts of a kind, in order of the alphabet."""
    return sorted(text_of(fact) for fact in asset.annotations.filter(kind=kind, status="accepted"))


def state(asset: Any) -> dict[str, Any]:
    """All that a person can change about an asset, as it stands now."""
    asset.refresh_from_db()
    held = asset.annotations.filter(status__in=["proposed", "accepted"])
    return {
        "columns": (asset.title, asset.taken_at, asset.trashed_at, asset.trashed_by_id),
        "facts": sorted(held.values_list("kind", "text", "status", "source")),
        "rights": [
            each
            for each in AssetRights.objects.filter(asset=asset).values_list("statement", "holder")
            if any(each)
        ],
        "collections": sorted(asset.collection_items.values_list("collection", "position")),
    }
