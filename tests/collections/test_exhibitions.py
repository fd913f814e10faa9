"""Archivists make exhibitions: text, moments, their order; and what keeps one from being published."""

import pytest

from dam.collections import exhibitions, lightboxes
from dam.collections.models import Exhibition, Library, Lightbox
from dam.collections.revisions import plain_text
from dam.sharing.models import Role
from indexing import store
from indexing.analysers.contract import Finding
from tests.factories import make_asset, make_fact, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    return make_library("Archive", public=True)


@pytest.fixture
def archivist(library):
    return make_member(library, Role.ARCHIVIST)


@pytest.fixture
def desk(client, archivist):
    client.force_login(archivist)
    return client


@pytest.fixture
def exhibition(desk, library):
    desk.post("/exhibitions/", {"title": "Lights of the coast", "library": library.pk})
    return Exhibition.objects.get()


@pytest.fixture
def section(exhibition):
    return exhibition.sections.get()


def text(response):
    return " ".join(response.content.decode().split())


def add(client, section, address="", **data):
    fields = {f"add-{section.pk}-{name}": value for name, value in {"address": address, **data}.items()}
    return client.post(f"/exhibitions/{section.exhibition_id}/sections/{section.pk}/moments/", fields)


def save_moment(client, moment, action="", **fields):
    prefixed = {f"moment-{moment.pk}-{name}": value for name, value in {"revision": "", **fields}.items()}
    pk = moment.section.exhibition_id
    return client.post(f"/exhibitions/{pk}/moments/{moment.pk}/", {**prefixed, "action": action}, follow=True)


def state(client, exhibition, action):
    page = client.post(f"/exhibitions/{exhibition.pk}/state/", {"action": action}, follow=True)
    exhibition.refresh_from_db()
    return text(page)


def ready(section):
    """A picture with an alternative text in the section."""
    asset = make_asset(section.exhibition.library, title="Lighthouse")
    exhibitions.add_moments(section, [{"asset": asset}])
    section.moments.update(alt="A white lighthouse")
    return asset


def test_a_new_one_is_a_draft_with_an_address_of_its_own(desk, library, exhibition):
    assert (exhibition.slug, exhibition.state) == ("lights-of-the-coast", "draft")
    for _ in range(2):
        desk.post("/exhibitions/", {"title": "Lights of the coast!", "library": library.pk})
    desk.post("/exhibitions/", {"title": "灯台", "library": library.pk})
    assert sorted(Exhibition.objects.values_list("slug", flat=True)) == [
        "exhibition",
        "lights-of-the-coast",
        "lights-of-the-coast-2",
        "lights-of-the-coast-3",
    ]


def test_moments_come_by_address_with_their_second_and_region(desk, library, section):
    film = make_asset(library, kind="video", duration=60.0)
    fact = make_fact(film, start=3.0, end=4.0, x=0.1, y=0.1, w=0.5, h=0.5)
    add(desk, section, f"https://archive.example.org/assets/{film.pk}/?t=12.5")
    add(desk, section, f"/assets/{film.pk}/?fact={fact.pk}")
    add(desk, section, str(film.pk))
    found = [(moment.start, moment.region) for moment in section.moments.all()]
    assert found == [(12.5, None), (3.0, {"x": 0.1, "y": 0.1, "w": 0.5, "h": 0.5}), (None, None)]


@pytest.mark.parametrize(
    "address", ["", "harbour", "/collections/5/", "/assets/999999/", "http://[", "9" * 40]
)
def test_an_address_that_is_none_is_refused_and_stays_in_the_form(desk, section, address):
    page = add(desk, section, address)
    assert 'class="errors"' in text(page)
    assert address in page.content.decode()
    assert not section.moments.exists()


def test_no_asset_comes_from_another_library_or_from_where_one_only_looks(desk, archivist, section):
    other = make_library()
    archivist.memberships.create(library=other, role=Role.ARCHIVIST)
    assert "no such asset in this library" in text(add(desk, section, str(make_asset(other).pk)))
    with pytest.raises(exhibitions.ExhibitionError, match="another library"):
        exhibitions.add_moments(section, [{"asset": make_asset(other)}])
    assert not section.moments.exists()


def test_all_picks_of_a_lightbox_come_with_their_notes(desk, archivist, library, section):
    lightbox = Lightbox.objects.create(owner=archivist, name="Picks")
    for title in "ab":
        lightboxes.pick(lightbox, make_asset(library, title=title))
    lightboxes.pick(lightbox, make_asset(make_library(), title="foreign"))
    lightbox.items.filter(asset__title="b").update(note="The better one")
    add(desk, section, lightbox=lightbox.pk)
    assert list(section.moments.values_list("asset__title", "caption")) == [
        ("a", ""),
        ("b", "The better one"),
    ]


def test_a_foreign_lightbox_is_no_choice(desk, section):
    foreign = Lightbox.objects.create(owner=make_member(section.exhibition.library), name="Theirs")
    assert "Select a valid choice" in text(add(desk, section, lightbox=foreign.pk))


def test_a_moment_is_described_by_what_was_accepted_of_its_asset(desk, archivist, library, section):
    asset = make_asset(library)
    make_fact(asset, "caption", "a machine's guess")
    add(desk, section, str(asset.pk))
    store.record(asset, Finding("description", "A lighthouse at dusk"), archivist)
    add(desk, section, str(asset.pk))
    assert list(section.moments.values_list("alt", flat=True)) == ["", "A lighthouse at dusk"]


def test_a_sensitive_asset_is_refused_until_a_person_clears_it(desk, archivist, library, section):
    asset = make_asset(library)
    flag = make_fact(asset, "sensitive", "nudity")
    assert "may be sensitive" in text(add(desk, section, str(asset.pk)))
    store.review(flag, archivist, "rejected")
    add(desk, section, str(asset.pk))
    assert section.moments.count() == 1


def test_captions_and_spans_are_saved_and_wrong_ones_stay_in_the_form(desk, library, section):
    film = make_asset(library, kind="video", duration=60.0)
    add(desk, section, str(film.pk))
    moment = section.moments.get()
    save_moment(desk, moment, caption="<p>The ferry</p>", alt="A ferry", start="0:05", end="12.5")
    moment.refresh_from_db()
    assert (moment.caption, moment.start, moment.end) == ("The ferry", 5.0, 12.5)
    for start, end in (("10", "5"), ("0", "61"), ("soon", ""), ("-1", "")):
        page = save_moment(desk, moment, caption="Kept", start=start, end=end)
        assert 'class="errors"' in text(page), (start, end)
        assert "Kept</textarea>" in page.content.decode()
    moment.refresh_from_db()
    assert (moment.caption, moment.start, moment.end) == ("The ferry", 5.0, 12.5)


def test_moments_are_moved_with_what_was_typed_and_taken_out_and_put_back(desk, library, section):
    for title in "abc":
        add(desk, section, str(make_asset(library, title=title).pk))
    last = section.moments.get(asset__title="c")
    save_moment(desk, last, "up", caption="Typed and not saved")
    assert list(section.moments.values_list("asset__title", flat=True)) == ["a", "c", "b"]
    assert section.moments.get(asset__title="c").caption == "Typed and not saved"
    save_moment(desk, last, "take-out")
    assert "Taken out" in text(desk.get(f"/exhibitions/{section.exhibition_id}/edit/"))
    assert exhibitions.standing_moments(section.exhibition).count() == 2
    desk.post(f"/exhibitions/{section.exhibition_id}/moments/{last.pk}/", {"action": "put-back"})
    assert exhibitions.standing_moments(section.exhibition).count() == 3


def test_sections_are_added_written_moved_and_taken_out(desk, exhibition, section):
    desk.post(f"/exhibitions/{exhibition.pk}/sections/")
    second = exhibition.sections.last()
    prefix = f"section-{second.pk}"
    sent = {f"{prefix}-heading": "Storms", f"{prefix}-text": "One.\n\nTwo.", f"{prefix}-revision": "0"}
    desk.post(f"/exhibitions/{exhibition.pk}/sections/{second.pk}/", {**sent, "action": "up"})
    assert [each.heading for each in exhibition.sections.all()] == ["Storms", ""]
    desk.post(f"/exhibitions/{exhibition.pk}/sections/{section.pk}/", {"action": "take-out"})
    assert exhibition.sections.filter(taken_out_at=None).count() == 1


def test_two_archivists_who_edit_one_text_lose_nothing(desk, exhibition):
    mine = {"title": "Lights", "slug": exhibition.slug, "introduction": "Mine", "revision": "0"}
    address = f"/exhibitions/{exhibition.pk}/edit/"
    desk.post(address, {**mine, "introduction": "Theirs"})
    page = desk.post(address, mine)
    assert "Theirs: Theirs" in text(page)
    exhibition.refresh_from_db()
    assert exhibition.introduction == "Theirs"
    desk.post(address, {**mine, "revision": page.context["editor"].form["revision"].value()})
    exhibition.refresh_from_db()
    assert exhibition.introduction == "Mine"


def test_it_is_published_when_nothing_stands_in_the_way(desk, exhibition, section):
    assert "nothing in it yet" in state(desk, exhibition, "publish")
    exhibitions.add_moments(section, [{"asset": make_asset(exhibition.library, title="Pier")}])
    assert "Alternative text is missing for Pier" in state(desk, exhibition, "publish")
    section.moments.update(alt="A pier")
    Library.objects.update(public=False)
    assert "no public pages" in state(desk, exhibition, "publish")
    assert exhibition.state == "draft"
    Library.objects.update(public=True)
    assert "open to everyone now" in state(desk, exhibition, "publish")
    first = exhibition.published_at
    state(desk, exhibition, "withdraw")
    assert exhibition.state == "withdrawn"
    state(desk, exhibition, "publish")
    assert exhibition.published_at == first


def test_one_with_a_sensitive_picture_is_not_published(desk, exhibition, section):
    make_fact(ready(section), "sensitive", "nudity")
    assert "Lighthouse may be sensitive" in state(desk, exhibition, "publish")
    assert exhibition.state == "draft"


def test_a_deleted_one_is_closed_and_taken_back(desk, exhibition, section):
    ready(section)
    state(desk, exhibition, "publish")
    state(desk, exhibition, "delete")
    assert desk.get("/exhibitions/lights-of-the-coast/").status_code == 404
    assert desk.get(f"/exhibitions/{exhibition.pk}/edit/").status_code == 404
    state(desk, exhibition, "restore")
    assert (exhibition.state, exhibition.deleted_at) == ("withdrawn", None)


def test_only_an_administrator_allows_public_pages(client, desk, library):
    address = f"/libraries/{library.pk}/public/"
    assert desk.post(address).status_code == 404
    client.force_login(make_member(library, Role.ADMINISTRATOR))
    client.post(address)
    library.refresh_from_db()
    assert library.public is False
    client.post(address, {"public": "on"})
    library.refresh_from_db()
    assert library.public is True


def test_an_archivist_of_one_collection_edits_no_exhibition(client, library, exhibition):
    shelf = library.collections.create(name="Shelf")
    client.force_login(make_member(library, Role.ARCHIVIST, shelf))
    assert client.get(f"/exhibitions/{exhibition.pk}/edit/").status_code == 404
    assert "Lights of the coast" not in text(client.get("/exhibitions/"))


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("<script>alert(1)</script>Hello <b>you</b>", "Hello you"),
        ("a < b && c > d", "a < b && c > d"),
        ("one\n\ntwo  \n", "one\n\ntwo"),
        ("<img src=x onerror=alert(1)>", ""),
        ("nul\x00", "nul"),
    ],
)
def test_pasted_markup_becomes_plain_text(pasted, kept):
    assert plain_text(pasted) == kept


def test_queries_of_the_editor_do_not_grow(desk, exhibition, section, django_assert_max_num_queries):
    library = exhibition.library
    exhibitions.add_moments(section, [{"asset": make_asset(library)} for _ in range(12)])
    for number in range(5):
        exhibition.sections.create(position=number + 2)
    with django_assert_max_num_queries(22):
        desk.get(f"/exhibitions/{exhibition.pk}/edit/")
