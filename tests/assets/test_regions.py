"""Facts at a place: drawn, moved, taken away and brought back by archivists."""

import pytest
from django.urls import reverse

from dam.assets import regions
from dam.people.models import Person
from dam.sharing.models import Role
from indexing import store
from indexing.analysers.contract import Finding, Place, Region
from indexing.models import Annotation
from tests.factories import make_asset, make_fact, make_library, make_member, make_run

pytestmark = pytest.mark.django_db
BOX = {"left": 10, "top": 20, "width": 30, "height": 40}
REGION = {"x": 0.1, "y": 0.2, "w": 0.3, "h": 0.4}


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def picture(library):
    return make_asset(library, title="Harbour")


@pytest.fixture
def film(library):
    return make_asset(library, kind="video", duration=60.0)


@pytest.fixture
def archivist(client, library):
    client.user = make_member(library, Role.ARCHIVIST)
    client.force_login(client.user)
    return client


def add(client, asset, **values):
    return client.post(reverse("place-facts", args=[asset.pk]), values, follow=True)


def change(client, fact, **values):
    return client.post(reverse("change-place", args=[fact.pk]), values, follow=True)


def press(client, name, fact):
    return client.post(reverse(name, args=[fact.pk]), follow=True)


def holding(asset):
    return asset.annotations.filter(status__in=("proposed", "accepted"), parent=None)


def text(response):
    return " ".join(response.content.decode().split())


def test_a_box_becomes_an_accepted_fact_of_the_person(archivist, picture):
    response = add(archivist, picture, kind="object", text="  a  boat ", **BOX)
    (fact,) = holding(picture)
    assert (fact.text, fact.source, fact.status, fact.author) == (
        "a boat",
        "person",
        "accepted",
        archivist.user,
    )
    assert (fact.x, fact.y, fact.w, fact.h, fact.start) == (0.1, 0.2, 0.3, 0.4, None)
    assert "Added: a boat." in text(response)


def test_a_span_of_a_film_is_written_in_seconds_or_as_a_time(archivist, film):
    add(archivist, film, kind="event", text="regatta", start="12.5", end="0:14.25")
    assert list(holding(film).values_list("start", "end", "x")) == [(12.5, 14.25, None)]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"kind": "object", **BOX}, "Write what it is."),
        ({"kind": "object", "text": "boat"}, "Draw a box, or say from when to when."),
        ({"kind": "object", "text": "boat", "left": 10}, "A box has four numbers"),
        ({"kind": "object", "text": "boat", **BOX, "left": 90}, "stands out of the frame"),
        ({"kind": "object", "text": "boat", **BOX, "width": 0}, "too small to see"),
        ({"kind": "object", "text": "boat", **BOX, "left": -1}, "greater than or equal to 0"),
        ({"kind": "object", "text": "boat", "start": "5"}, "Say both from when and to when."),
        ({"kind": "object", "text": "boat", "start": "5", "end": "4"}, "It would end before it begins."),
        ({"kind": "object", "text": "boat", "start": "5", "end": "99"}, "It all ends after 60.0 seconds."),
        ({"kind": "object", "text": "boat", "start": "soon", "end": "nan"}, "Write seconds as 83.5"),
        ({"kind": "face", "text": "boat", **BOX}, "Select a valid choice"),
        ({"kind": "object", "text": "x" * 501, **BOX}, "at most 500 characters"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_stays_in_the_form(archivist, film, values, said):
    response = add(archivist, film, **values)
    assert said in text(response)
    assert response.context["form"]["text"].value() == values.get("text")
    assert not holding(film).exists()


def test_what_a_machine_found_is_rejected_when_it_is_moved_and_comes_back_when_undone(archivist, picture):
    found = make_fact(picture, "object", "boat", details={"track": 7}, **REGION)
    response = change(archivist, found, kind="object", text="boat", **{**BOX, "left": 50})
    found.refresh_from_db()
    (made,) = holding(picture)
    assert (found.status, made.x, made.source) == ("rejected", 0.5, "person")
    assert (made.details["track"], made.details["replaced"]) == (7, [found.pk])
    assert reverse("restore-place", args=[found.pk]) in text(response)
    press(archivist, "restore-place", found)
    assert [(each.pk, each.status) for each in holding(picture)] == [(found.pk, "proposed")]


def test_a_moved_box_does_not_hide_what_else_the_machine_finds_there(archivist, film):
    found = make_fact(film, "object", "boat", start=4.0, end=9.0, run=make_run(film), **REGION)
    change(archivist, found, kind="object", text="ferry", start="4", end="9", **BOX)
    boat = Place(4.0, 9.0, Region(0.1, 0.2, 0.3, 0.4))
    other = Place(5.0, 7.0, Region(0.7, 0.7, 0.2, 0.2))
    store.save(
        make_run(film, version="2"),
        [Finding("object", "boat", place=boat), Finding("object", "gull", place=other)],
    )
    assert set(holding(film).values_list("text", flat=True)) == {"ferry", "gull"}


def test_a_persons_own_fact_is_superseded_and_its_history_stays(archivist, picture):
    add(archivist, picture, kind="object", text="boat", **BOX)
    first = holding(picture).get()
    change(archivist, first, kind="object", text="ferry", **BOX)
    first.refresh_from_db()
    assert first.status == "superseded"
    assert holding(picture).get().text == "ferry"


def test_an_unchanged_form_agrees_with_the_machine(archivist, picture):
    found = make_fact(picture, "object", "boat", x=0.123456, y=0.2, w=0.3, h=0.4)
    shown = archivist.get(reverse("change-place", args=[found.pk]))
    values = {key: each for key, each in shown.context["form"].initial.items() if each is not None}
    change(archivist, found, **values)
    found.refresh_from_db()
    assert (found.status, picture.annotations.count()) == ("accepted", 1)


def test_the_words_of_a_line_move_with_it(archivist, picture):
    line = make_fact(picture, "text", "HARBOUR INN", x=0.1, y=0.1, w=0.4, h=0.1)
    make_fact(picture, "word", "INN", parent=line, x=0.4, y=0.1, w=0.1, h=0.1)
    change(archivist, line, kind="text", text="HARBOUR INN", left=50, top=10, width=20, height=10)
    word = holding(picture).get().children.get()
    assert (round(word.x, 4), word.y, round(word.w, 4)) == (0.65, 0.1, 0.05)


def test_two_who_move_at_once_lose_nothing(archivist, picture):
    found = make_fact(picture, "object", "boat", **REGION)
    change(archivist, found, kind="object", text="ferry", **BOX)
    response = change(archivist, found, kind="object", text="steamer", **BOX)
    assert "Somebody has corrected or rejected this meanwhile." in text(response)
    assert 'value="steamer"' in text(response)
    assert [each.text for each in holding(picture)] == ["ferry"]


@pytest.mark.parametrize(("source", "status"), [("machine", "proposed"), ("person", "accepted")])
def test_a_fact_is_taken_away_and_brought_back(archivist, picture, source, status):
    fact = make_fact(picture, "object", "boat", source=source, status=status, **REGION)
    response = press(archivist, "remove-place", fact)
    assert "Taken away: boat." in text(response)
    assert not holding(picture).exists()
    press(archivist, "remove-place", fact)
    assert "It is back: boat." in text(press(archivist, "restore-place", fact))
    assert holding(picture).get().status == status
    assert "cannot be brought back" in text(press(archivist, "restore-place", fact))


def test_a_person_is_placed_by_their_record_and_with_consent_only(archivist, picture, library):
    ada = Person.objects.create(library=library, name="Ada Zabel")
    page = archivist.get(reverse("place-facts", args=[picture.pk]))
    assert 'value="person"' not in text(page)
    add(archivist, picture, kind="person", person=ada.pk, **BOX)
    assert not holding(picture).exists()
    ada.consents.create(scope="face", given_by="Ada")
    add(archivist, picture, kind="person", person=ada.pk, **BOX)
    fact = holding(picture).get()
    assert (fact.text, fact.appearance.person) == ("Ada Zabel", ada)
    change(archivist, fact, kind="person", person=ada.pk, **{**BOX, "left": 50})
    assert holding(picture).get().appearance.person == ada


def test_consent_that_ends_while_the_form_is_open_is_said(picture, library):
    ada = Person.objects.create(library=library, name="Ada Zabel")
    finding = Finding(
        "person", "Ada Zabel", details={"person": ada.pk}, place=Place(region=Region(0, 0, 1, 1))
    )
    with pytest.raises(regions.ConsentMissingError, match="Record the consent of Ada Zabel"):
        regions.add(picture, finding, make_member(library, Role.ARCHIVIST))


def test_faces_and_parts_of_facts_are_not_moved_here(archivist, picture):
    face = make_fact(picture, "face", "", **REGION)
    word = make_fact(picture, "word", "INN", parent=face, **REGION)
    for fact in (face, word):
        assert archivist.get(reverse("change-place", args=[fact.pk])).status_code == 404


def test_htmx_gets_the_part_alone_and_a_page_of_others_is_not_reached(archivist, picture):
    address = reverse("place-facts", args=[picture.pk])
    part = archivist.get(address, headers={"HX-Request": "true"})
    assert "<html" not in text(part)
    assert "Draw a box around something" in text(part)
    assert archivist.get(reverse("place-facts", args=[make_asset().pk])).status_code == 404


def test_the_list_is_bounded_and_goes_on_in_time(archivist, film, django_assert_max_num_queries):
    for number in range(regions.SHOWN + 5):
        make_fact(film, "object", f"boat {number}", start=number / 2, end=number / 2 + 0.4, **REGION)
    with django_assert_max_num_queries(16):
        page = archivist.get(reverse("place-facts", args=[film.pk]))
    assert len(page.context["placed"]) == regions.SHOWN
    later = archivist.get(reverse("place-facts", args=[film.pk]) + f"?t={page.context['more']}")
    assert [each.text for each in later.context["placed"]][-1] == f"boat {regions.SHOWN + 4}"
    assert Annotation.objects.filter(asset=film).count() == regions.SHOWN + 5
