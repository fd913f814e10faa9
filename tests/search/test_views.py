"""The search page: moments with their reasons, filters in the address, and errors in words."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from dam.collections.models import Collection
from search import documents, fields, service
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


def test_fields_of_the_text_stand_in_the_panel_and_the_text_in_the_box(viewer, library):
    Collection.objects.create(library=library, name="Harbours")
    page = text(viewer.get("/search/", {"q": "dog type:video collection:Harbours date:1969"}))
    assert '<option value="video" selected>' in page
    assert '<option value="Harbours" selected>' in page
    assert 'name="date_from" value="1969-01-01"' in page
    assert 'value="dog type:video collection:Harbours date:1969"' in page


def test_the_panel_is_led_to_the_text_that_says_the_same(viewer, library):
    collection = Collection.objects.create(library=library, name="Harbours")
    address = {"q": "dog type:image", "type": "video", "collection": str(collection.pk), "sort": "name"}
    response = viewer.get("/search/", address)
    assert response.status_code == 302
    assert response.url == f"/search/?q=dog+type%3Avideo+collection%3A{collection.pk}&sort=name"


def test_addresses_of_before_are_led_to_the_text_too(viewer):
    old = {"q": "dog", "kind": "video", "date_from": "2020-01-02", "object": "fire engine", "language": "pt"}
    response = viewer.get("/search/", old)
    assert parse_qs(urlsplit(response.url).query)["q"] == [
        'dog object:"fire engine" type:video lang:pt date:>=2020-01-02'
    ]


def test_a_filter_alone_browses(viewer, library):
    film = indexed(make_asset(library, kind="video", title="Evening news"))
    photograph = indexed(make_asset(library, title="Harbour at noon"))
    page = text(viewer.get("/search/", {"q": "type:video"}))
    assert film.title in page
    assert photograph.title not in page


def test_each_part_can_be_taken_away_and_all_of_them(viewer):
    page = text(viewer.get("/search/", {"q": "dog type:video object:bus", "sort": "name"}))
    assert 'href="/search/?q=dog+object%3Abus&amp;sort=name"' in page
    assert 'href="/search/?q=dog&amp;sort=name"' in page
    assert (
        '<code>type:video</code><span aria-hidden="true">×</span><span class="visually-hidden"> Remove'
        in page
    )


@pytest.mark.parametrize("query", [{"kind": "painting"}, {"date_from": "soon"}, {"duration": "long"}])
def test_a_filter_that_cannot_be_used_is_explained(viewer, query):
    response = viewer.get("/search/", {"q": "dog", **query}, follow=True)
    assert response.status_code == 200
    assert 'role="alert"' in text(response)


def test_an_error_shows_its_place_and_a_mend_that_runs(viewer):
    page = text(viewer.get("/search/", {"q": "harbour obejct:dog"}))
    assert 'harbour <mark class="place">o</mark>bejct:dog' in page
    assert 'Did you mean <a href="/search/?q=harbour%20object%3Adog">harbour object:dog</a>' in page


def test_facets_count_what_was_found_and_narrow_it(viewer, library):
    for kind in ("image", "image", "video"):
        asset = make_asset(library, kind=kind, taken_at=datetime(1969, 7, 20, tzinfo=UTC))
        make_fact(asset, text="dog")
        indexed(asset)
    page = text(viewer.get("/search/", {"q": "dog"}))
    assert 'also=type%3Aimage">image</a> <span class="count"><span class="visually-hidden"></span>2' in page
    assert 'also=date%3A1969">1969</a>' in page
    narrowed = viewer.get("/search/", {"q": "dog", "also": "type:image"})
    assert narrowed.url == "/search/?q=dog+type%3Aimage"


def test_more_moments_are_opened_in_place_or_on_a_page_of_their_own(viewer, library):
    film = make_asset(library, kind="video", duration=60)
    for second in range(8):
        make_fact(film, "speech", "the lighthouse again", start=second * 5, end=second * 5 + 4)
    indexed(film)
    page = text(viewer.get("/search/", {"q": "lighthouse"}))
    assert f'hx-get="/search/?q=lighthouse&amp;asset={film.pk}"' in page
    assert "7 more moments" in page
    address = {"q": "lighthouse", "asset": film.pk}
    part = text(viewer.get("/search/", address, headers={"hx-request": "true"}))
    assert part.count("data-item") == 8
    assert "<html" not in part
    assert "Back to all results" in text(viewer.get("/search/", address))


def test_moments_of_an_asset_that_is_not_theirs_are_not_shown(viewer):
    hidden = make_asset()
    make_fact(hidden, "speech", "the lighthouse", start=1, end=2)
    indexed(hidden)
    assert "Nothing was found" in text(viewer.get("/search/", {"q": "lighthouse", "asset": hidden.pk}))


def test_the_empty_page_shows_searches_that_find_something(viewer, library):
    asset = make_asset(library)
    make_fact(asset, text="fire engine")
    indexed(asset)
    page = text(viewer.get("/search/"))
    assert '<a href="/search/?q=object%3A%22fire%20engine%22">' in page


def test_help_explains_every_field(viewer):
    page = text(viewer.get("/search/help/"))
    assert [name for name in fields.names() if f"<code>{name}:</code>" not in page] == []


@pytest.mark.parametrize("q", ['"', "\x00", "((((", "a" * 5000, "-", "OR OR", "🍏", "%_\\", "\ud800"])
def test_no_string_breaks_the_page(viewer, q):
    assert viewer.get("/search/", {"q": q.encode("utf-8", "replace")}).status_code == 200


@pytest.mark.parametrize("number", ["", "0", "-1", "²", "99999999999999999999", "9" * 18, "x"])
def test_no_number_breaks_the_page(viewer, number):
    address = {"q": "dog", "page": number, "asset": number, "sort": number, "also": number}
    assert viewer.get("/search/", address).status_code == 200
    del address["asset"]
    assert viewer.get("/search/", address).status_code == 200


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
