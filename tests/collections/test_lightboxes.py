"""People pick moments into lightboxes of their own, compare them, show them to teammates, and undo."""

import pytest
from django.utils import timezone

from dam.assets.models import Asset
from dam.collections import lightboxes
from dam.collections.models import Collection, Lightbox, Ordering
from dam.sharing.models import Membership, Role
from tests.factories import make_asset, make_fact, make_library, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    return make_library("Archive")


@pytest.fixture
def owner(client, library):
    user = make_member(library, Role.VIEWER)
    client.force_login(user)
    return user


@pytest.fixture
def picked(owner, library):
    """A lightbox of the assets a, b, c."""
    lightbox = Lightbox.objects.create(owner=owner, name="Picks")
    for title in "abc":
        lightboxes.pick(lightbox, make_asset(library, title=title))
    return lightbox


def titles(lightbox):
    kept = lightbox.items.filter(taken_out_at=None).order_by("position", "pk")
    return "".join(item.asset.title for item in kept.select_related("asset"))


def text(response):
    return " ".join(response.content.decode().split())


def pick_of(lightbox, title):
    return lightbox.items.get(asset__title=title)


def change(client, lightbox, action, title="", **data):
    below = f"items/{pick_of(lightbox, title).pk}/" if title else "change/"
    return client.post(f"/lightboxes/{lightbox.pk}/{below}", {"action": action, **data}, follow=True)


def test_the_first_pick_makes_a_lightbox_and_later_ones_go_into_the_one_used_last(client, owner, library):
    asset, film = make_asset(library), make_asset(library, kind="video", duration=60.0)
    assert "Put into My lightbox" in text(client.post(f"/assets/{asset.pk}/lightbox/", follow=True))
    other = Lightbox.objects.create(owner=owner, name="Newer")
    client.post(f"/assets/{film.pk}/lightbox/", {"t": "12.5"})
    assert other.items.get().start == 12.5


def test_the_same_moment_is_picked_once_and_another_second_again(client, owner, library):
    film = make_asset(library, kind="video", duration=60.0)
    for second in ("5", "5", "7", ""):
        client.post(f"/assets/{film.pk}/lightbox/", {"t": second})
    starts = Lightbox.objects.get().items.values_list("start", flat=True)
    assert list(starts) == [5.0, 7.0, None]
    assert "Already in" in text(client.post(f"/assets/{film.pk}/lightbox/", {"t": "5"}, follow=True))


def test_the_region_of_a_chosen_fact_comes_along_but_not_that_of_another_asset(client, owner, library):
    asset = make_asset(library)
    fact = make_fact(asset, x=0.1, y=0.2, w=0.3, h=0.4)
    foreign = make_fact(make_asset(make_library()), x=0.5, y=0.5, w=0.5, h=0.5)
    client.post(f"/assets/{asset.pk}/lightbox/", {"fact": fact.pk})
    client.post(f"/assets/{asset.pk}/lightbox/", {"fact": foreign.pk})
    regions = [item.region for item in Lightbox.objects.get().items.all()]
    assert regions == [{"x": 0.1, "y": 0.2, "w": 0.3, "h": 0.4}, None]


@pytest.mark.parametrize("second", ["-1", "nan", "inf", "later", "1e999", "61"])
def test_a_second_that_is_none_is_refused(client, owner, library, second):
    film = make_asset(library, kind="video", duration=60.0)
    page = client.post(f"/assets/{film.pk}/lightbox/", {"t": second}, follow=True)
    assert 'class="message error"' in text(page)
    assert not Lightbox.objects.filter(items__isnull=False).exists()


def test_nothing_is_picked_that_the_reader_does_not_see(client, owner):
    hidden = make_asset(make_library())
    assert client.post(f"/assets/{hidden.pk}/lightbox/").status_code == 404
    assert not Lightbox.objects.exists()


def test_what_is_no_longer_open_to_the_owner_is_counted_and_not_shown(client, picked):
    Asset.objects.filter(title="b").update(trashed_at=timezone.now(), title="Secret")
    page = text(client.get(f"/lightboxes/{picked.pk}/"))
    assert "Secret" not in page
    assert "2 picks. 1 more is not open to you" in page


def test_picks_are_moved_noted_and_taken_out(client, picked):
    change(client, picked, "up", "c")
    assert titles(picked) == "acb"
    change(client, picked, "down", "a")
    assert titles(picked) == "cab"
    change(client, picked, "note", "a", note="<b>Too</b> dark & grainy")
    assert pick_of(picked, "a").note == "Too dark & grainy"
    change(client, picked, "take-out", "a")
    assert titles(picked) == "cb"
    change(client, picked, "put-back")
    assert titles(picked) == "cab"


def test_one_step_passes_over_what_the_owner_does_not_see(client, picked):
    Asset.objects.filter(title="b").update(trashed_at=timezone.now())
    change(client, picked, "up", "c")
    shown = lightboxes.contents(picked.owner, picked)
    assert [item.asset.title for item in shown.items] == ["c", "a"]


def test_emptying_is_undone_and_what_was_picked_again_is_there_once(client, picked):
    change(client, picked, "empty")
    assert titles(picked) == ""
    lightboxes.pick(picked, Asset.objects.get(title="b"))
    assert "Put back: 2." in text(change(client, picked, "put-back"))
    assert sorted(titles(picked)) == ["a", "b", "c"]


def test_a_deleted_lightbox_is_taken_back_unless_its_name_is_taken(client, owner, picked):
    change(client, picked, "delete")
    assert client.get(f"/lightboxes/{picked.pk}/").status_code == 404
    Lightbox.objects.create(owner=owner, name="Picks")
    assert "another lightbox named Picks" in text(change(client, picked, "restore"))
    Lightbox.objects.filter(owner=owner, deleted_at=None).update(name="Other")
    change(client, picked, "restore")
    assert client.get(f"/lightboxes/{picked.pk}/").status_code == 200


def test_a_name_is_borne_once(client, picked):
    page = client.post("/lightboxes/", {"name": "Picks"})
    assert "a lightbox of that name already" in text(page)
    client.post("/lightboxes/", {"name": "Second"})
    assert Lightbox.objects.count() == 2


def test_a_teammate_looks_at_it_as_far_as_they_may_see_and_changes_nothing(client, owner, library, picked):
    shelf = Collection.objects.create(library=library, name="Shelf")
    shelf.items.create(asset=Asset.objects.get(title="a"))
    reader = make_member(library, Role.VIEWER, shelf)
    Asset.objects.filter(title="b").update(title="Unseen")
    client.post(f"/lightboxes/{picked.pk}/share/", {"email": reader.email.upper()})
    client.force_login(reader)
    page = text(client.get(f"/lightboxes/{picked.pk}/"))
    assert "Unseen" not in page
    assert "1 pick by" in page
    assert "2 more are not open to you" in page
    assert "Shown to you" in text(client.get("/lightboxes/"))
    for below in ("change/", "share/", "collection/", f"items/{pick_of(picked, 'a').pk}/"):
        assert client.post(f"/lightboxes/{picked.pk}/{below}", {"action": "empty"}).status_code == 404
    assert len(titles(picked)) > 2


def test_showing_it_ends(client, picked, library):
    reader = make_member(library)
    picked.readers.add(reader)
    client.post(f"/lightboxes/{picked.pk}/share/", {"end": reader.pk})
    client.force_login(reader)
    assert client.get(f"/lightboxes/{picked.pk}/").status_code == 404


def test_nobody_learns_who_else_has_an_account(client, owner, picked):
    make_user("stranger@example.org")
    told = [
        text(client.post(f"/lightboxes/{picked.pk}/share/", {"email": email})).replace(email, "")
        for email in ("stranger@example.org", "nobody@example.org", owner.email)
    ]
    assert all("Nobody of that address works in one of your libraries" in each for each in told)
    assert not picked.readers.exists()


def test_two_to_four_are_compared_and_foreign_ones_never(client, picked, library):
    foreign = Lightbox.objects.create(owner=make_user(), name="Foreign")
    lightboxes.pick(foreign, make_asset(library, title="Hidden"))
    chosen = [pick_of(picked, "a").pk, pick_of(picked, "c").pk, foreign.items.get().pk]
    page = client.get(f"/lightboxes/{picked.pk}/compare/", {"item": chosen})
    assert [item.asset.title for item in page.context["items"]] == ["a", "c"]
    assert "Hidden" not in text(page)
    one = client.get(f"/lightboxes/{picked.pk}/compare/", {"item": [chosen[0], "x"]})
    assert "There is nothing to compare" in text(one)
    for title in "de":
        lightboxes.pick(picked, make_asset(library, title=title))
    all_five = list(picked.items.values_list("pk", flat=True))
    page = client.get(f"/lightboxes/{picked.pk}/compare/", {"item": all_five})
    assert len(page.context["items"]) == 4
    assert "Only the first four" in text(page)


def test_it_becomes_a_collection_in_the_same_order_without_what_is_not_theirs_to_put(
    client, owner, library, picked
):
    Membership.objects.filter(user=owner).update(role=Role.ARCHIVIST)
    other = make_library()
    Membership.objects.create(user=owner, library=other, role=Role.VIEWER)
    lightboxes.pick(picked, make_asset(other, title="foreign"))
    change(client, picked, "up", "c")
    data = {"name": "Chosen", "place": f"library-{library.pk}"}
    page = client.post(f"/lightboxes/{picked.pk}/collection/", data, follow=True)
    made = Collection.objects.get(name="Chosen")
    assert "".join(made.items.values_list("asset__title", flat=True)) == "acb"
    assert made.ordering == Ordering.HAND
    assert "Left out: 1" in text(page)


def test_a_full_lightbox_says_so(monkeypatch, picked, library):
    monkeypatch.setattr(lightboxes, "MOST", 3)
    with pytest.raises(lightboxes.LightboxError, match="at most 3"):
        lightboxes.pick(picked, make_asset(library))


def test_queries_do_not_grow_with_picks(client, picked, library, django_assert_max_num_queries):
    for number in range(20):
        lightboxes.pick(picked, make_asset(library, title=f"more {number}"))
        Lightbox.objects.create(owner=picked.owner, name=f"box {number}")
    for address in ("/lightboxes/", f"/lightboxes/{picked.pk}/", f"/lightboxes/{picked.pk}/compare/"):
        with django_assert_max_num_queries(18):
            client.get(address)
