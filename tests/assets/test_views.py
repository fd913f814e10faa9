"""Pages of the library, the asset and the upload, as a browser without JavaScript sees them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dam.assets.grid import PAGE_SIZE
from dam.assets.models import IngestItem, Rendition
from dam.collections.models import Collection, CollectionItem
from dam.sharing.models import Role
from indexing.models import Run
from tests.factories import make_asset, make_fact, make_library, make_member, make_run, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def viewer(client, library):
    client.force_login(make_member(library))
    return client


@pytest.fixture
def archivist(client, library):
    client.force_login(make_member(library, Role.ARCHIVIST))
    return client


def text(response):
    return " ".join(response.content.decode().split())


def test_every_page_sends_the_anonymous_to_sign_in(client, library):
    asset = make_asset(library)
    for address in (
        "/",
        asset.get_absolute_url(),
        "/upload/",
        "/jobs/",
        "/search/?q=dog",
        "/collections/",
        "/models/",
    ):
        response = client.get(address)
        assert response.status_code == 302, address
        assert response["Location"].startswith(reverse("account_login")), address


def test_an_empty_library_explains_itself_according_to_the_role(client, library):
    client.force_login(make_member(library))
    assert "You may look, but not add files" in text(client.get("/"))
    client.force_login(make_member(library, Role.CONTRIBUTOR))
    assert reverse("upload") in text(client.get("/"))


def test_the_grid_shows_tiles_badges_and_a_plain_link_to_the_next_page(viewer, library):
    film = make_asset(library, kind="video", duration=83.4, title="Harbour")
    make_run(film, state=Run.State.QUEUED)
    page = text(viewer.get("/"))
    assert "1:23" in page
    assert "1 to do" in page
    assert "Show more" not in page
    for _ in range(PAGE_SIZE):
        make_asset(library)
    first = viewer.get("/")
    cursor = first.context["page"].next_cursor
    assert f'href="?after={cursor}"' in text(first)
    assert "Harbour" in text(viewer.get("/", {"after": cursor}))


def test_htmx_gets_the_tiles_alone(viewer, library):
    make_asset(library, title="Harbour")
    response = viewer.get("/", headers={"hx-request": "true"})
    assert "Harbour" in text(response)
    assert "<html" not in text(response)


def test_a_filter_that_cannot_be_read_is_explained_and_left_out(viewer, library):
    make_asset(library, title="Harbour")
    response = viewer.get("/", {"kind": "painting", "date_from": "yesterday"})
    assert response.status_code == 200
    assert "Harbour" in text(response)
    assert "Enter a valid date." in text(response)


def test_a_collection_of_strangers_is_no_filter(viewer, library):
    hidden = Collection.objects.create(library=make_library(), name="Secret plans")
    page = text(viewer.get("/", {"collection": hidden.pk}))
    assert "Secret plans" not in page


def test_the_asset_page_shows_facts_with_their_provenance(viewer, library):
    asset = make_asset(library)
    make_fact(asset, text="dog", x=0.1, y=0.2, w=0.3, h=0.4, confidence=0.87)
    make_fact(asset, "keyword", "harbour", source="file", details={"tag": "IPTC:Keywords"}, status="accepted")
    make_fact(asset, "metadata", "", source="file", status="accepted", details={"EXIF:FNumber": 5.6})
    page = text(viewer.get(asset.get_absolute_url()))
    assert "<dt>EXIF:FNumber</dt><dd>5.6</dd>" in page
    assert '<rect x="10.00%" y="20.00%" width="30.00%" height="40.00%"/>' in page
    assert "87 %" in page
    assert "objects 1" in page
    assert "IPTC:Keywords" in page
    assert "the file itself" in page


def test_rejected_and_superseded_facts_are_not_shown(viewer, library):
    asset = make_asset(library)
    make_fact(asset, text="unicorn", status="rejected")
    make_fact(asset, text="griffin", status="superseded")
    page = text(viewer.get(asset.get_absolute_url()))
    assert "unicorn" not in page
    assert "griffin" not in page


def test_a_film_opens_at_the_second_and_every_word_is_a_link(viewer, library):
    film = make_asset(library, kind="video", duration=60)
    speech = make_fact(film, "speech", "good evening", start=12.5, end=14)
    make_fact(film, "word", "good", start=12.5, end=13, parent=speech)
    make_fact(film, "word", "evening", start=13, end=14, parent=speech)
    page = text(viewer.get(film.get_absolute_url(), {"t": "12.5", "fact": speech.pk}))
    assert 'data-start="12.5"' in page
    assert "#t=12.5" in page
    assert 'href="?t=13" data-second="13"' in page
    assert 'class="chosen"' in page


@pytest.mark.parametrize("t", ["nan", "inf", "-5", "soon", "1e999", ""])
def test_a_second_that_is_none_opens_the_film_at_its_beginning(viewer, library, t):
    film = make_asset(library, kind="video", duration=60)
    response = viewer.get(film.get_absolute_url(), {"t": t})
    assert response.context["second"] == 0


def test_the_proxy_is_played_and_the_original_where_there_is_none(viewer, library):
    film = make_asset(library, kind="video", duration=60)
    assert f'src="{reverse("original", args=[film.pk])}' in text(viewer.get(film.get_absolute_url()))
    Rendition.objects.create(asset=film, name="proxy", file="x.mp4", media_type="video/mp4", size=1)
    assert f'src="{reverse("rendition", args=[film.pk, "proxy"])}' in text(
        viewer.get(film.get_absolute_url())
    )


def test_text_from_files_and_models_is_never_markup(viewer, library):
    asset = make_asset(library, title="<script>alert(1)</script>", technical={"note": "<img src=x>"})
    make_fact(asset, text='"><b>dog</b>', x=0, y=0, w=1, h=1)
    page = text(viewer.get(asset.get_absolute_url()))
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "<b>dog" not in page


def test_the_asset_page_takes_as_many_queries_for_many_facts_as_for_few(
    viewer, library, django_assert_num_queries
):
    asset = make_asset(library, kind="video", duration=60)

    def add(count):
        for second in range(count):
            make_fact(asset, start=second, end=second + 1, x=0, y=0, w=0.5, h=0.5)
            speech = make_fact(asset, "speech", "said", start=second, end=second + 1)
            make_fact(asset, "word", "said", start=second, end=second + 1, parent=speech)
            make_fact(asset, "shot", start=second, end=second + 1)

    add(2)
    viewer.get(asset.get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        viewer.get(asset.get_absolute_url())
    add(20)
    with django_assert_num_queries(len(few)):
        viewer.get(asset.get_absolute_url())


def test_collections_of_others_are_not_named_on_an_asset(client, library):
    asset = make_asset(library)
    shared = Collection.objects.create(library=library, name="Shared")
    secret = Collection.objects.create(library=library, name="Secret")
    for collection in (shared, secret):
        CollectionItem.objects.create(collection=collection, asset=asset)
    client.force_login(make_member(library, collection=shared))
    page = text(client.get(asset.get_absolute_url()))
    assert "Shared" in page
    assert "Secret" not in page


def test_strangers_and_missing_assets_look_the_same(client, library):
    asset = make_asset(library)
    client.force_login(make_user())
    assert client.get(asset.get_absolute_url()).status_code == 404
    assert client.get("/assets/999999/").status_code == 404


def test_a_plain_form_uploads_several_files(client, library):
    client.force_login(make_member(library, Role.CONTRIBUTOR))
    files = [SimpleUploadedFile(f"{name}.jpg", b"bytes") for name in ("one", "two")]
    response = client.post("/upload/", {"destination": f"library-{library.pk}", "files": files})
    assert response.status_code == 302
    items = IngestItem.objects.order_by("pk")
    assert [item.name for item in items] == ["one.jpg", "two.jpg"]
    assert response["Location"] == reverse("job", args=[items[0].job_id])


def test_an_upload_without_files_or_to_a_foreign_place_is_refused_in_words(client, library):
    client.force_login(make_member(library, Role.CONTRIBUTOR))
    nothing = client.post("/upload/", {"destination": f"library-{library.pk}"})
    assert "This field is required." in text(nothing)
    foreign = client.post(
        "/upload/",
        {"destination": f"library-{make_library().pk}", "files": SimpleUploadedFile("a.jpg", b"bytes")},
    )
    assert "Select a valid choice" in text(foreign)
    assert not IngestItem.objects.exists()


def test_viewers_are_told_that_they_may_not_upload(viewer):
    assert "You may not add files" in text(viewer.get("/upload/"))


def test_spans_of_a_film_are_drawn_in_lanes_that_lead_to_their_second(viewer, library):
    film = make_asset(library, kind="video", duration=100.0)
    make_fact(film, text="dog", start=10, end=30)
    make_fact(film, kind="face", text="", start=50, end=75)
    page = text(viewer.get(film.get_absolute_url()))
    assert 'style="left: 10.00%; width: 20.00%"' in page
    assert 'aria-label="dog, 0:10 to 0:30"' in page
    assert 'aria-label="Face, 0:50 to 1:15"' in page


def test_a_still_has_no_lanes(viewer, library):
    photograph = make_asset(library)
    make_fact(photograph)
    assert 'class="lanes"' not in text(viewer.get(photograph.get_absolute_url()))


def test_archivists_decide_on_facts_where_they_read_them(archivist, library):
    asset = make_asset(library)
    fact = make_fact(asset, text="unicorn")
    assert f"/facts/{fact.pk}/decide/" in text(archivist.get(asset.get_absolute_url()))
    archivist.post(f"/facts/{fact.pk}/decide/", {"decision": "rejected"})
    page = text(archivist.get(asset.get_absolute_url()))
    assert '<span class="value">object: unicorn</span>' in page
    assert "Undo: unicorn" in page


def test_viewers_read_facts_without_being_asked_to_decide(viewer, library):
    asset = make_asset(library)
    make_fact(asset)
    assert "/decide/" not in text(viewer.get(asset.get_absolute_url()))
