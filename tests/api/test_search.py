"""The search of the API answers as the search of the site does."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dam.sharing.models import Role
from search import documents
from search.service import search
from tests.factories import make_asset, make_fact, make_library, make_member

pytestmark = pytest.mark.django_db
SEARCH = "/api/search/"


def indexed(library, text="harbour", **fields):
    asset = make_asset(library, **fields)
    make_fact(asset, text=text, start=1.5, end=4, x=0.1, y=0.2, w=0.3, h=0.4)
    documents.rebuild([asset.pk])
    return asset


def found(client, **query):
    response = client.get(SEARCH, query)
    assert response.status_code == 200, response.json()
    return [hit["asset"]["id"] for hit in response.json()["results"]]


def test_an_answer_says_where_and_why(library, viewer):
    asset = indexed(library, kind="video")
    (hit,) = viewer.get(SEARCH, {"q": "harbour"}).json()["results"]
    assert hit["asset"]["id"] == asset.pk
    moment = hit["moments"][0]
    assert (moment["reason"], moment["kind"], moment["text"]) == ("seen", "object", "harbour")
    assert (moment["start"], moment["end"]) == (1.5, 4)
    assert moment["region"] == {"x": 0.1, "y": 0.2, "w": 0.3, "h": 0.4}
    assert moment["annotation"] == asset.annotations.get().pk
    assert {"text": "harbour", "matched": True} in moment["pieces"]


def test_only_what_one_may_see_is_found(library, viewer, stranger):
    own = indexed(library)
    indexed(make_library())
    assert found(viewer, q="harbour") == [own.pk]
    assert found(stranger, q="harbour") == []


def test_the_site_and_the_api_find_the_same(library, as_user):
    user = make_member(library)
    for kind in ("image", "video", "image"):
        indexed(library, kind=kind)
    hits = search(user, "harbour").hits
    assert found(as_user(user), q="harbour") == [hit.asset.pk for hit in hits]


def test_answers_are_narrowed(library, viewer):
    film, photograph = indexed(library, kind="video"), indexed(library, text="dog")
    assert found(viewer, q="harbour", kind="video") == [film.pk]
    assert found(viewer, kind="image") == [photograph.pk]
    assert found(viewer, object="dog") == [photograph.pk]
    assert found(viewer, date_from="2999-01-01") == []


def test_pages_of_answers_follow_one_another(library, viewer):
    made = {indexed(library).pk for _ in range(3)}
    first = viewer.get(SEARCH, {"q": "harbour", "page_size": 2}).json()
    second = viewer.get(first["next"]).json()
    seen = [hit["asset"]["id"] for hit in first["results"] + second["results"]]
    assert sorted(seen) == sorted(made)
    assert (first["total"], second["next"]) == (3, None)
    assert viewer.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "book"},
        {"page": 0},
        {"page": 10**9},
        {"page_size": 101},
        {"date_from": "soon"},
        {"collection": "x"},
        {"q": "x" * 1001},
        {"q": "a\x00b"},
    ],
)
def test_a_question_that_cannot_be_read_is_refused(viewer, query):
    response = viewer.get(SEARCH, query)
    assert response.status_code == 400
    assert set(response.json()) == set(query)


def test_a_question_that_breaks_the_syntax_is_explained(viewer):
    response = viewer.get(SEARCH, {"q": '"harbour'})
    assert response.status_code in {200, 400}
    if response.status_code == 400:
        assert response.json()["q"]


def test_a_new_title_is_found_at_once(library, archivist, django_capture_on_commit_callbacks):
    asset = indexed(library)
    with django_capture_on_commit_callbacks(execute=True):
        archivist.patch(f"/api/assets/{asset.pk}/", {"title": "Lighthouse"}, format="json")
    assert found(archivist, q="lighthouse") == [asset.pk]


def test_the_number_of_queries_does_not_grow_with_the_answers(library, as_user):
    client = as_user(make_member(library, Role.VIEWER))

    def queries():
        with CaptureQueriesContext(connection) as taken:
            found(client, q="harbour")
        return len(taken)

    indexed(library)
    few = queries()
    for _ in range(6):
        indexed(library)
    assert queries() == few
