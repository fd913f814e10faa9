"""Describing through the API."""

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from dam.describing.models import AssetEvent
from dam.describing.record import record_of
from dam.sharing.models import Role
from tests.factories import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_remembered_attempts():
    cache.clear()


def patch(user, asset, **change):
    client = APIClient()
    client.force_login(user)
    return client.patch(f"/api/assets/{asset.pk}/", change, format="json")


def test_fields_are_changed_and_shown(asset, archivist):
    change = {
        "title": "Harbour",
        "description": "<p>Low tide.</p>",
        "alt": "A boat",
        "keywords": ["boat", "Owl, barn"],
        "creators": ["Ada Lovelace"],
        "date": "circa 1931",
        "note": "From the estate",
    }
    answer = patch(archivist, asset, **change).json()
    assert {name: answer[name] for name in change} == {**change, "description": "Low tide."}
    assert (answer["revision"], answer["taken_at"]) == (1, "1931-01-01T00:00:00Z")
    assert record_of(asset).values["keywords"] == ("boat", "Owl, barn")


def test_what_is_left_out_stays(asset, archivist):
    patch(archivist, asset, description="First", note="Second")
    answer = patch(archivist, asset, note="Third").json()
    assert (answer["description"], answer["note"]) == ("First", "Third")


def test_a_bad_value_is_explained_and_changes_nothing(asset, archivist):
    response = patch(archivist, asset, title="New", date="soon", keywords=["x" * 201])
    assert response.status_code == 400
    assert set(response.json()) == {"date", "keywords"}
    asset.refresh_from_db()
    assert asset.title == "Old title"


def test_an_outdated_revision_is_a_conflict(asset, archivist):
    assert patch(archivist, asset, title="One", revision=0).status_code == 200
    response = patch(archivist, asset, title="Two", revision=0)
    assert response.status_code == 409
    assert "Somebody else" in response.json()["detail"]
    assert patch(archivist, asset, title="Two", revision=1).status_code == 200


def test_contributors_describe_nothing(library, asset):
    assert patch(make_member(library, Role.CONTRIBUTOR), asset, note="Mine").status_code == 403


def test_the_history_knows_who_used_the_api(asset, archivist):
    patch(archivist, asset, title="Harbour")
    assert AssetEvent.objects.get().pgh_context.metadata["user"] == archivist.pk


def test_the_trash_knows_who_used_the_api(asset, archivist):
    client = APIClient()
    client.force_login(archivist)
    assert client.delete(f"/api/assets/{asset.pk}/").status_code == 204
    asset.refresh_from_db()
    assert asset.trashed_by == archivist
