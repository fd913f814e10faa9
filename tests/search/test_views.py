"""The search page: moments with their reasons, filters in the address, and errors in words."""

import pytest

from dam.collections.models import Collection
from search import documents, service
from search.meaning import MeaningOff
from tests.factories import make_asset, make_fact, make_library, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words_alone(monkeypatch):
    """Search as it is where no model for meaning is installed."""

    def off(text):
        raise MeaningOff("Search by meaning is off.")

    monkeypatch.setattr(service, "understand", off)


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def viewer(client, library):
    client.force_login(make_member(library))
    return client


def text(response):
    return " ".join(response.content.decode().split())


def indexed(asset):
    documents.rebuild([asset.pk])
    return asset


def test_without_words_the_page_explains_itself(viewer):
    assert "Search for what is in it" in text(viewer.get("/search/"))


def test_a_spoken_word_leads_to_its_second_with_the_word_marked(viewer, library):
    film = make_asset(library, kind="video", duration=60, title="Evening news")
    speech = make_fact(film, "speech", "the lighthouse keeper waved", start=12.5, end=15)
    indexed(film)
    page = text(viewer.get("/search/", {"q": "lighthouse"}))
    assert f'href="/assets/{film.pk}/?t=12.5&amp;fact={speech.pk}"' in page
    assert "<mark>lighthouse</mark>" in page
    assert '<span class="verb">said</span>' in page
    assert "0:12" in page


def test_the_region_of_an_object_is_outlined(viewer, library):
    asset = make_asset(library)
    make_fact(asset, text="dog", x=0.1, y=0.2, w=0.3, h=0.4)
    indexed(asset)
    page = text(viewer.get("/search/", {"q": "dog"}))
    assert '<rect x="10.00%" y="20.00%" width="30.00%" height="40.00%"/>' in page


def test_found_text_is_never_markup(viewer, library):
    asset = make_asset(library, title="<script>alert(1)</script> harbour")
    make_fact(asset, "caption", "harbour <img src=x>")
    indexed(asset)
    page = text(viewer.get("/search/", {"q": "harbour"}))
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


def test_a_misspelt_word_says_what_was_searched_for_instead(viewer, library):
    asset = make_asset(library)
    make_fact(asset, "caption", "a lighthouse at dusk")
    indexed(asset)
    page = text(viewer.get("/search/", {"q": "lighthuose"}))
    assert "Showing results for <strong>lighthouse</strong>" in page


def test_filters_are_kept_in_the_header_box_and_shown_in_their_fields(viewer, library):
    collection = Collection.objects.create(library=library, name="Harbours")
    page = text(viewer.get("/search/", {"q": "dog", "kind": "video", "collection": collection.pk}))
    assert '<input type="hidden" name="kind" value="video">' in page
    assert '<option value="video" selected>' in page
    assert f'<option value="{collection.pk}" selected>' in page


def test_a_filter_alone_browses(viewer, library):
    film = indexed(make_asset(library, kind="video", title="Evening news"))
    photograph = indexed(make_asset(library, title="Harbour at noon"))
    page = text(viewer.get("/search/", {"kind": "video"}))
    assert film.title in page
    assert photograph.title not in page


@pytest.mark.parametrize("query", [{"kind": "painting"}, {"date_from": "soon"}, {"collection": "x"}])
def test_a_filter_that_cannot_be_used_is_explained(viewer, query):
    response = viewer.get("/search/", {"q": "dog", **query})
    assert response.status_code == 200
    assert 'role="alert"' in text(response)


@pytest.mark.parametrize("q", ['"', "\x00", "((((", "a" * 5000, "-", "OR OR", "🍏", "%_\\", "\ud800"])
@pytest.mark.parametrize("page", ["", "0", "-1", "²", "99999999999999999999", "x"])
def test_no_string_breaks_the_page(viewer, q, page):
    assert viewer.get("/search/", {"q": q.encode("utf-8", "replace"), "page": page}).status_code == 200


def test_nothing_found_says_so(viewer):
    assert "Nothing was found" in text(viewer.get("/search/", {"q": "zeppelin"}))


def test_htmx_gets_the_hits_alone(viewer, library):
    asset = make_asset(library)
    make_fact(asset, text="dog")
    indexed(asset)
    response = viewer.get("/search/", {"q": "dog"}, headers={"hx-request": "true"})
    assert asset.get_absolute_url() in text(response)
    assert "<html" not in text(response)


def test_strangers_find_nothing_of_others(client, library):
    asset = make_asset(library, title="Harbour")
    indexed(asset)
    client.force_login(make_user())
    assert "Nothing was found" in text(client.get("/search/", {"q": "harbour"}))
