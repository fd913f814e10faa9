"""Facts in the API, and decisions on them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dam.sharing.models import Role
from indexing.models import Annotation, Review
from tests.factories import make_asset, make_fact, make_member, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def asset(library):
    return make_asset(library)


def at(asset, below=""):
    return f"/api/assets/{asset.pk}/annotations/{below}"


def listed(client, asset, **filters):
    response = client.get(at(asset), filters)
    assert response.status_code == 200, response.json()
    return response.json()["results"]


def test_a_fact_says_what_where_how_sure_and_who_says_so(asset, viewer):
    run = make_run(asset, "objects", version="2", model="yolo", weights_sha256="f" * 64)
    fact = make_fact(asset, text="dog", run=run, x=0.1, y=0.2, w=0.3, h=0.4, start=1, end=2.5, confidence=0.9)
    (body,) = listed(viewer, asset)
    assert (body["id"], body["kind"], body["text"], body["confidence"]) == (fact.pk, "object", "dog", 0.9)
    assert body["place"] == {
        "start": 1,
        "end": 2.5,
        "region": {"x": 0.1, "y": 0.2, "w": 0.3, "h": 0.4},
    }
    assert body["provenance"] == {
        "source": "machine",
        "analyser": "objects",
        "version": "2",
        "model": "yolo",
        "weights_sha256": "f" * 64,
    }
    assert body["status"] == "proposed"


def test_a_fact_of_the_file_names_no_analyser(asset, viewer):
    make_fact(asset, "keyword", "harbour", source=Annotation.Source.FILE)
    (body,) = listed(viewer, asset)
    assert body["provenance"]["source"] == "file"
    assert body["provenance"]["analyser"] is None
    assert body["place"] == {"start": None, "end": None, "region": None}


def test_facts_are_narrowed_by_kind_and_status(asset, viewer):
    dog = make_fact(asset)
    speech = make_fact(asset, "speech", "hello", status=Annotation.Status.REJECTED)
    assert [each["id"] for each in listed(viewer, asset, kind="object")] == [dog.pk]
    assert [each["id"] for each in listed(viewer, asset, status="rejected")] == [speech.pk]
    assert listed(viewer, asset, kind="object", status="rejected") == []


@pytest.mark.parametrize("filters", [{"kind": "nonsense"}, {"status": "maybe"}, {"kind": "a\x00"}])
def test_a_filter_that_cannot_be_read_is_named(asset, viewer, filters):
    response = viewer.get(at(asset), filters)
    assert response.status_code == 400
    assert set(response.json()) == set(filters)


def test_facts_of_another_asset_are_not_reached_through_this_one(library, asset, viewer, archivist):
    fact = make_fact(make_asset(library))
    assert viewer.get(at(asset, f"{fact.pk}/")).status_code == 404
    review = archivist.post(at(asset, f"{fact.pk}/review/"), {"decision": "rejected"}, format="json")
    assert review.status_code == 404


def test_pages_of_facts_follow_one_another(asset, viewer):
    made = [make_fact(asset, text=str(number)).pk for number in range(5)]
    page = viewer.get(at(asset), {"page_size": 3}).json()
    rest = viewer.get(page["next"]).json()
    assert [each["id"] for each in page["results"] + rest["results"]] == made


@pytest.mark.parametrize("decision", ["accepted", "rejected"])
def test_an_archivist_decides(asset, archivist, decision):
    fact = make_fact(asset)
    response = archivist.post(at(asset, f"{fact.pk}/review/"), {"decision": decision}, format="json")
    assert response.status_code == 200
    assert response.json()["status"] == decision
    fact.refresh_from_db()
    assert fact.status == decision
    assert Review.objects.get(annotation=fact).decision == decision


@pytest.mark.parametrize(("role", "status"), [(Role.VIEWER, 403), (Role.CONTRIBUTOR, 403), (None, 404)])
def test_nobody_below_archivist_decides(library, asset, as_user, stranger, role, status):
    fact = make_fact(asset)
    client = as_user(make_member(library, role)) if role else stranger
    response = client.post(at(asset, f"{fact.pk}/review/"), {"decision": "accepted"}, format="json")
    assert response.status_code == status
    assert not Review.objects.exists()


@pytest.mark.parametrize("body", [{}, {"decision": "superseded"}, {"decision": None}, []])
def test_a_decision_that_is_none_is_refused(asset, archivist, body):
    fact = make_fact(asset)
    assert archivist.post(at(asset, f"{fact.pk}/review/"), body, format="json").status_code == 400
    assert not Review.objects.exists()


def test_the_list_takes_as_many_queries_for_many_facts_as_for_one(asset, viewer):
    def queries():
        with CaptureQueriesContext(connection) as taken:
            listed(viewer, asset)
        return len(taken)

    make_fact(asset)
    few = queries()
    for number in range(10):
        make_fact(asset, text=str(number), run=make_run(asset, f"analyser {number}"))
    assert queries() == few <= 4
