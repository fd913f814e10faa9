"""Every change of a record, and taking one back."""

from datetime import timedelta

import pghistory
import pytest
from django.urls import reverse
from django.utils import timezone

from dam.assets.models import Asset
from dam.collections.models import Collection
from dam.describing import changes, history
from dam.describing.history import history_of, values_at
from dam.describing.models import AssetEvent, MembershipEvent
from dam.describing.record import record_of
from dam.describing.saving import save
from dam.people.models import Person
from dam.sharing.models import Membership, Role
from indexing import store
from tests.factories import make_asset, make_fact, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _each_save_is_a_change_of_its_own(monkeypatch):
    monkeypatch.setattr(history, "TOGETHER", timedelta(0))


def told(asset):
    found, _ = history_of(asset, timezone.now() + timedelta(seconds=1))
    return [(change.label, change.who, line.verb, line.text) for change in found for line in change.lines]


def describe(client, asset, **values):
    """Save through the page, so that the history knows who."""
    client.post(reverse("describe", args=[asset.pk]), {**texts(asset), **values})


def texts(asset):
    values = record_of(Asset.objects.get(pk=asset.pk)).values
    return {name: value if isinstance(value, str) else "\n".join(value) for name, value in values.items()}


def test_what_people_wrote_is_told_newest_first(asset, archivist, other):
    save(asset, archivist, {"description": "First"})
    save(asset, other, {"description": "Second"})
    assert told(asset) == [
        ("Description", str(other), "wrote", "Second"),
        ("Description", str(other), "took out", "First"),
        ("Description", str(archivist), "wrote", "First"),
    ]


def test_one_save_of_one_field_is_one_change(asset, archivist, monkeypatch):
    monkeypatch.setattr(history, "TOGETHER", timedelta(seconds=2))
    save(asset, archivist, {"keywords": ("boat", "sea")})
    (change,) = history_of(asset, timezone.now())[0]
    assert {line.text for line in change.lines} == {"boat", "sea"}


def test_decisions_on_what_machines_say_are_told(asset, archivist):
    store.review(make_fact(asset, "object", "dog"), archivist, "rejected")
    assert told(asset) == [("Object", str(archivist), "rejected", "dog")]


def test_a_change_of_the_title_names_who_from_what_to_what(signed_in, asset, archivist):
    describe(signed_in, asset, title="New title")
    asset.refresh_from_db()
    assert {
        ("Title", str(archivist), "was", "Old title"),
        ("Title", str(archivist), "became", "New title"),
    } <= set(told(asset))


def test_a_change_that_no_page_made_is_told_too(asset):
    Asset.objects.filter(pk=asset.pk).update(title="By a program")
    asset.refresh_from_db()
    assert told(asset) == [
        ("Title", "somebody", "was", "Old title"),
        ("Title", "somebody", "became", "By a program"),
    ]


def test_new_assets_and_other_columns_leave_no_event(asset):
    Asset.objects.filter(pk=asset.pk).update(
        rendered_at=timezone.now(), rendering_attempts=3, title="Old title"
    )
    assert AssetEvent.objects.count() == 0


def test_moving_to_the_trash_and_back_is_told(signed_in, asset, archivist):
    signed_in.post(reverse("trash-asset", args=[asset.pk]))
    signed_in.post(reverse("restore-assets"), {"assets": asset.pk})
    asset.refresh_from_db()
    assert [line[2:] for line in told(asset)][1::2] == [
        ("became", "in the library"),
        ("became", told(asset)[0][3]),
    ]
    assert told(asset)[0][3].startswith("in the trash since")


def test_the_fields_at_a_moment_are_what_stood_there(asset, archivist, other):
    save(asset, archivist, {"description": "First", "keywords": ("boat", "sea"), "title": "One"})
    moment = timezone.now()
    save(asset, other, {"description": "Second", "keywords": ("sea",), "title": "Two"})
    then, now = values_at(asset, moment), values_at(asset, timezone.now())
    assert (then["title"], then["description"], set(then["keywords"])) == ("One", "First", {"boat", "sea"})
    assert (now["title"], now["description"], now["keywords"]) == ("Two", "Second", ("sea",))


def test_taking_a_change_back_is_a_change_that_can_be_taken_back(signed_in, asset, archivist):
    save(asset, archivist, {"keywords": ("boat", "sea")})
    save(asset, archivist, {"keywords": ("boat",)})
    latest = history_of(asset, timezone.now())[0][0]
    sent = {"name": latest.name, "before": latest.since.isoformat()}
    signed_in.post(reverse("restore-field", args=[asset.pk]), sent)
    assert set(record_of(asset).values["keywords"]) == {"boat", "sea"}
    latest = history_of(asset, timezone.now())[0][0]
    sent = {"name": latest.name, "before": latest.since.isoformat()}
    signed_in.post(reverse("restore-field", args=[asset.pk]), sent)
    assert record_of(asset).values["keywords"] == ("boat",)


def test_two_versions_stand_side_by_side(signed_in, asset, archivist):
    save(asset, archivist, {"description": "First"})
    moment = timezone.now().isoformat()
    save(asset, archivist, {"description": "Second"})
    response = signed_in.get(reverse("compare-versions", args=[asset.pk]), {"a": moment})
    rows = {field.name: (old, new, differs) for field, old, new, differs in response.context["rows"]}
    assert rows["description"] == ("First", "Second", True)
    assert rows["title"][2] is False


@pytest.mark.parametrize("moment", ["yesterday", "2026-01-01", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00"])
def test_an_address_that_names_no_moment_is_not_found(signed_in, asset, moment):
    response = signed_in.get(reverse("asset-history", args=[asset.pk]), {"before": moment})
    assert response.status_code == 404


def test_pages_of_history_follow_one_another_without_a_gap(signed_in, asset, archivist, monkeypatch):
    monkeypatch.setattr(changes, "PAGE", 5)
    for number in range(12):
        save(asset, archivist, {"note": f"note {number}"})
        Asset.objects.filter(pk=asset.pk).update(title=f"title {number}")
    seen, address = [], "?"
    while address:
        response = signed_in.get(reverse("asset-history", args=[asset.pk]) + address)
        seen += [line.text for change in response.context["changes"] for line in change.lines]
        more = response.context["more"]
        address = f"?before={more.isoformat().replace('+', '%2B')}" if more else ""
    assert {f"note {number}" for number in range(12)} <= set(seen)
    assert {f"title {number}" for number in range(12)} <= set(seen)


def test_long_histories_cost_no_more_queries(signed_in, asset, archivist, django_assert_max_num_queries):
    for number in range(30):
        save(asset, archivist, {"note": f"note {number}"})
    with django_assert_max_num_queries(16):
        assert signed_in.get(reverse("asset-history", args=[asset.pk])).status_code == 200


def test_viewers_read_no_history(client, library, asset):
    client.force_login(make_member(library, Role.VIEWER))
    for name in ("asset-history", "compare-versions"):
        assert client.get(reverse(name, args=[asset.pk])).status_code == 404


def test_a_collection_gets_its_earlier_name_back(signed_in, library):
    collection = Collection.objects.create(library=library, name="Harbours")
    Collection.objects.filter(pk=collection.pk).update(name="Ports")
    response = signed_in.get(reverse("collection-history", args=[collection.pk]))
    (change,) = response.context["changes"]
    assert [line.text for line in change.lines] == ["Harbours", "Ports"]
    sent = {"name": change.name, "version": change.version}
    signed_in.post(reverse("restore-collection", args=[collection.pk]), sent)
    collection.refresh_from_db()
    assert collection.name == "Harbours"


def test_a_name_that_is_taken_by_now_is_refused(signed_in, library):
    collection = Collection.objects.create(library=library, name="Harbours")
    Collection.objects.filter(pk=collection.pk).update(name="Ports")
    Collection.objects.create(library=library, name="Harbours")
    (change,) = signed_in.get(reverse("collection-history", args=[collection.pk])).context["changes"]
    sent = {"name": change.name, "version": change.version}
    response = signed_in.post(reverse("restore-collection", args=[collection.pk]), sent, follow=True)
    assert "There is a collection named" in response.content.decode()


def test_a_person_and_their_consent_have_one_history(signed_in, library):
    person = Person.objects.create(library=library, name="Ada")
    consent = person.consents.create(given_by="Ada", scope="face")
    Person.objects.filter(pk=person.pk).update(notes="Met in Kiel")
    type(consent).objects.filter(pk=consent.pk).update(withdrawn_at=timezone.now())
    found = signed_in.get(reverse("person-history", args=[person.pk])).context["changes"]
    assert [change.label for change in found] == ["Consent: withdrawn at", "Notes"]


def test_a_version_of_another_row_is_not_found(signed_in, library):
    one, two = (Person.objects.create(library=library, name=name) for name in ("Ada", "Eva"))
    Person.objects.filter(pk=one.pk).update(name="Ida")
    (change,) = signed_in.get(reverse("person-history", args=[one.pk])).context["changes"]
    sent = {"name": "name", "version": change.version}
    assert signed_in.post(reverse("restore-person", args=[two.pk]), sent).status_code == 404


def test_who_held_which_role_is_kept_when_the_membership_is_gone(library):
    membership = Membership.objects.get(user=make_member(library, Role.VIEWER))
    pk, membership.role = membership.pk, Role.ARCHIVIST
    membership.save()
    membership.delete()
    events = MembershipEvent.objects.filter(pgh_obj=pk).order_by("pgh_id")
    assert [(event.pgh_label, event.role) for event in events] == [
        ("insert", Role.VIEWER),
        ("update", Role.VIEWER),
        ("delete", Role.ARCHIVIST),
    ]


def test_the_history_of_a_purged_asset_is_gone(asset):
    Asset.objects.filter(pk=asset.pk).update(title="Other")
    assert AssetEvent.objects.count() == 1
    asset.delete()
    assert AssetEvent.objects.count() == 0


def test_rows_are_still_streamed_inside_a_request(library):
    made = {make_asset(library).pk for _ in range(5)}
    with pghistory.context(user=1):
        assert {asset.pk for asset in Asset.objects.iterator(chunk_size=2)} == made
