"""Libraries in the API, and how far their analysis has come."""

import pytest

from dam.collections.models import Collection
from indexing.progress import library_progress
from tests.factories import make_asset, make_library, make_member

pytestmark = pytest.mark.django_db
LIBRARIES = "/api/libraries/"


def test_only_ones_own_libraries_are_listed(library, viewer):
    other = make_library()
    assert [each["id"] for each in viewer.get(LIBRARIES).json()["results"]] == [library.pk]
    assert viewer.get(f"{LIBRARIES}{library.pk}/").json()["slug"] == library.slug
    assert viewer.get(f"{LIBRARIES}{other.pk}/").status_code == 404


def test_progress_has_a_row_for_each_analyser(library, viewer, stranger):
    make_asset(library)
    body = viewer.get(f"{LIBRARIES}{library.pk}/progress/").json()
    rows = library_progress(library)
    assert body["paused"] is False
    assert [(each["analyser"], each["total"], each["percent"]) for each in body["analysers"]] == [
        (row.analyser, row.total, row.percent) for row in rows
    ]
    assert stranger.get(f"{LIBRARIES}{library.pk}/progress/").status_code == 404


def test_a_member_of_one_collection_does_not_learn_the_size_of_the_library(library, as_user):
    films = Collection.objects.create(library=library, name="Films")
    client = as_user(make_member(library, collection=films))
    assert client.get(f"{LIBRARIES}{library.pk}/").status_code == 200
    assert client.get(f"{LIBRARIES}{library.pk}/progress/").status_code == 404
