"""What is done is written down, with who did it, and stays."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from dam.assets import curation
from dam.audit.models import AuditEntry
from dam.audit.recording import BY_ITSELF, UNKNOWN, record
from dam.people.models import Consent, Person
from dam.people.withdrawal import withdraw
from dam.sharing.models import Role, ShareLink, User
from tests.factories import make_asset, make_library, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    return make_library("Harbour archive")


@pytest.fixture
def administrator(library):
    return make_member(library, Role.ADMINISTRATOR)


def acts(*names):
    """The entries of those acts, oldest first; all of them without names."""
    found = AuditEntry.objects.order_by("pk")
    return list(found.filter(action__in=names) if names else found)


def test_signing_in_out_and_failing_are_written_down(client):
    user = make_user("ada@example.org")
    login = reverse("account_login")
    client.post(login, {"login": user.email, "password": "wrong"}, REMOTE_ADDR="203.0.113.9")
    client.post(login, {"login": "my secret password", "password": "x"})
    client.post(login, {"login": user.email, "password": "correct horse"})
    client.post(reverse("account_logout"))
    told = [(each.action, each.actor_label, each.target_label) for each in acts()]
    assert ("session.refused", UNKNOWN, "ada@example.org") in told
    assert ("session.begun", "ada@example.org", "ada@example.org") in told
    assert ("session.ended", "ada@example.org", "ada@example.org") in told
    assert "my secret" not in str(told)
    assert acts("session.refused")[0].address == "203.0.113.0/24"


def test_roles_are_told_with_who_gave_them_and_what_they_were(client, library, administrator):
    member = make_member(library)
    client.force_login(administrator)
    page = reverse("members", args=[library.pk])
    client.post(page, {"email": member.email, "role": int(Role.ARCHIVIST)})
    client.post(page, {"email": member.email, "role": int(Role.ARCHIVIST)})
    (changed,) = acts("membership.changed")
    assert changed.details == {"changed": {"role": ["viewer", "archivist"]}}
    assert (changed.actor_id, changed.library_id) == (administrator.pk, library.pk)
    client.post(reverse("remove-member", args=[library.pk, member.memberships.get().pk]))
    assert member.email in acts("membership.removed")[0].target_label


def test_consents_and_what_their_withdrawal_erased_are_told(library):
    person = Person.objects.create(library=library, name="Ada")
    Consent.objects.create(person=person, given_by="Ada herself")
    withdraw(person, None)
    assert acts("consent.made")[0].library_id == library.pk
    assert acts("erasure.made")[0].target_label == "Ada: erased because consent was withdrawn"
    assert acts("erasure.made")[0].actor_label == BY_ITSELF


def test_trash_restoring_and_purging_are_told_and_other_changes_of_a_file_are_not(library):
    asset = make_asset(library, title="The quay")
    curation.retitle(asset, "The pier")
    curation.trash(asset)
    curation.restore(asset)
    pk = asset.pk
    asset.delete()
    told = [each for each in acts() if each.target_type == "asset"]
    assert [each.action for each in told] == ["asset.trashed", "asset.restored", "asset.removed"]
    assert {(each.target_id, each.target_label) for each in told} == {(str(pk), "The pier")}


def test_downloads_and_exports_are_told_once_and_looking_is_not(client, library, administrator):
    asset = make_asset(library, size=4)
    asset.original.save("a.jpg", ContentFile(b"jpeg"))
    client.force_login(administrator)
    address = reverse("original", args=[asset.pk])
    client.get(address)
    client.get(f"{address}?download", headers={"Range": "bytes=1-2"})
    client.get(f"{address}?download")
    client.get(reverse("api:asset-original", args=[asset.pk]))
    told = acts("asset.downloaded")
    assert [each.details for each in told] == [{}, {"by": "API"}]
    assert {each.actor_id for each in told} == {administrator.pk}


def test_a_refused_download_is_not_told(client, library):
    asset = make_asset(library)
    client.force_login(make_user())
    assert client.get(f"{reverse('original', args=[asset.pk])}?download").status_code == 404
    assert not acts("asset.downloaded")


def test_what_a_guest_takes_is_told_without_an_actor(library, administrator):
    archivist = Client()
    archivist.force_login(administrator)
    asset = make_asset(library, size=4)
    asset.original.save("a.jpg", ContentFile(b"jpeg"))
    travelling = dict.fromkeys(("may_download", "shows_people", "shows_places"), "on")
    made = archivist.post(reverse("share-asset", args=[asset.pk]), {"title": "L", **travelling})
    taken = Client().get(f"{made.context['address']}{asset.pk}/download")
    assert taken.status_code == 200
    (told,) = acts("link.downloaded")
    assert (told.actor_label, told.details["title"]) == (UNKNOWN, "L")


def test_share_links_are_told_without_their_secrets(client, library, administrator):
    client.force_login(administrator)
    client.post(reverse("share-asset", args=[make_asset(library).pk]), {"title": "L"})
    link = ShareLink.objects.get()
    client.post(
        reverse("edit-link", args=[link.pk]),
        {"title": "M", "new_password": "seven gulls", "may_download": "on"},
    )
    client.post(reverse("revoke-link", args=[link.pk]))
    client.post(reverse("restore-link", args=[link.pk]))
    told = [each for each in acts() if each.target_type == "sharelink"]
    assert [each.action for each in told] == ["link.made", "link.changed", "link.revoked", "link.restored"]
    assert told[1].details["changed"]["title"] == ["L", "M"]
    assert told[1].details["changed"]["password"] == "changed"
    assert all(link.token_hash not in str(each.details) for each in told)


def test_tokens_and_settings_of_libraries_are_told(library):
    user = make_user()
    Token.objects.create(user=user).delete()
    library.indexing_paused = True
    library.save()
    assert acts("token.made", "token.removed")[0].target_label == f"of {user.email}"
    assert acts("library.changed")[0].details["changed"] == {"indexing_paused": [False, True]}


def test_entries_outlive_whom_and_what_they_tell_of(library, administrator):
    asset = make_asset(library)
    record("asset.trashed", administrator, asset)
    email, kept = administrator.email, library.pk
    administrator.delete()
    library.delete()
    told = acts("asset.trashed")[0]
    assert (told.actor_label, told.library_id, told.library_label) == (email, kept, "Harbour archive")
    assert acts("library.removed")
    assert acts("user.removed")


def refuse(statement):
    """The statement fails in the database itself."""
    refusal = pytest.raises((InternalError, ProgrammingError), match="pgtrigger")
    with refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_to_change_or_delete_an_entry():
    record("audit.exported")
    refuse("DELETE FROM audit_auditentry")
    refuse("UPDATE audit_auditentry SET actor_label = 'somebody else'")
    refuse("UPDATE audit_auditentry SET at = now()")
    assert AuditEntry.objects.count() == 1


def test_an_unknown_act_is_a_mistake():
    with pytest.raises(KeyError):
        record("asset.eaten")


def test_a_name_of_somebody_is_told_with_the_address():
    user = User.objects.create_user("ada@example.org", "x", first_name="Ada", last_name="Lovelace")
    assert record("audit.exported", user).actor_label == "Ada Lovelace <ada@example.org>"
