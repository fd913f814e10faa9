"""The search of the API answers as the search of the site does."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from dam.api.cursors import BadCursorError, decode, encode
from dam.sharing.models import Role
from search import documents
from search.service import search
from tests.factories import make_asset, make_fact, make_library, make_member

pytestmark = pytest.mark.django_db
SEARCH = "/api/search/"


def indexed(library, text="harbour", **fields):
    asset = make_asset(library, **fields)
    make_fact(asset, text=text, start=1.5, end=4, x=0.1, y=0.2, w=0.3, h=0.4, confidence=0.75)
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
    assert (moment["asset"], moment["confidence"]) == (asset.pk, 0.75)
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


def test_answers_come_in_the_order_that_is_asked_for(library, viewer):
    late, early = (indexed(library, title=title) for title in ("Zebra crossing", "Anchor"))
    assert found(viewer, q="harbour", sort="name") == [early.pk, late.pk]
    assert viewer.get(SEARCH, {"q": "harbour", "sort": "luck"}).status_code == 400


def test_a_page_is_named_by_its_number_too(library, viewer):
    made = [indexed(library).pk for _ in range(3)]
    pages = [found(viewer, q="harbour", page_size=2, page=number) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [2, 1, 0]
    assert sorted(pages[0] + pages[1]) == sorted(made)
    first = viewer.get(SEARCH, {"q": "harbour", "page_size": 2, "page": 1}).json()
    assert [hit["asset"]["id"] for hit in viewer.get(first["next"]).json()["results"]] == pages[1]


def test_cursors_walk_through_a_search_without_words(library, viewer):
    made = [make_asset(library).pk for _ in range(5)]
    seen, address = [], f"{SEARCH}?page_size=2"
    while address:
        page = viewer.get(address).json()
        seen += [hit["asset"]["id"] for hit in page["results"]]
        address = page["next"]
    assert seen == made[::-1]


@pytest.mark.parametrize("changed", [{"q": "other"}, {"page_size": 3}, {"kind": "image"}, {"sort": "name"}])
def test_a_cursor_is_good_for_its_own_search_alone(library, viewer, changed):
    for _ in range(3):
        indexed(library)
    asked = {"q": "harbour", "page_size": 2}
    following = viewer.get(SEARCH, asked).json()["next"]
    cursor = parse_qs(urlsplit(following).query)["cursor"][0]
    response = viewer.get(SEARCH, {**asked, **changed, "cursor": cursor})
    assert response.status_code == 400
    assert "another search" in response.json()["cursor"][0]


@pytest.mark.parametrize("cursor", ["", "x", "é", "WzEsICJ4Il0", "MQ", "W10", "bnVsbA", "x" * 101, "\x00"])
def test_a_cursor_that_was_not_made_here_is_refused(viewer, cursor):
    response = viewer.get(SEARCH, {"q": "harbour", "cursor": cursor})
    assert response.status_code == 400
    assert list(response.json()) == ["cursor"]


def test_a_page_and_a_cursor_exclude_each_other(viewer):
    response = viewer.get(SEARCH, {"page": 1, "cursor": encode(1, {})})
    assert response.status_code == 400
    assert "not for both" in response.json()["cursor"][0]


@given(
    st.text(max_size=40),
    st.integers(min_value=1, max_value=10**9),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers() | st.dates(), max_size=4),
)
def test_a_cursor_says_which_page_it_stands_for(text, page, search):
    assert decode(encode(page, search), search) == page
    with pytest.raises(BadCursorError):
        decode(text, search)


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "book"},
        {"page": 0},
        {"page": 10**9},
        {"page_size": 101},
        {"date_from": "soon"},
        {"collection": "x"},
        {"q": "x" * 10_001},
        {"q": "a\x00b"},
    ],
)
def test_a_question_that_cannot_be_read_is_refused(viewer, query):
    response = viewer.get(SEARCH, query)
    assert response.status_code == 400
    assert set(response.json()) == set(query)


def test_a_question_that_breaks_the_language_is_explained_and_mended(library, viewer):
    asset = indexed(library)
    response = viewer.get(SEARCH, {"q": "harbour objekt:harbour"})
    assert response.status_code == 400
    refusal = response.json()
    assert "objekt" in refusal["q"][0]
    assert refusal["position"] == 8
    assert refusal["mend"] == "harbour object:harbour"
    assert found(viewer, q=refusal["mend"]) == [asset.pk]


def test_the_language_is_that_of_the_page(library, viewer):
    film, still = indexed(library, kind="video", duration=60.0), indexed(library)
    assert found(viewer, q="object:harbour type:video") == [film.pk]
    assert found(viewer, q="object:harbour -type:video") == [still.pk]
    assert found(viewer, q="said:harbour") == []


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
