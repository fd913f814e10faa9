"""Signing in, the password that serves once, and the members of a library."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from dam.collections.models import Collection
from dam.sharing.models import Membership, Role, User
from tests.factories import make_library, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_remembered_attempts():
    cache.clear()


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def administrator(client, library):
    client.force_login(make_member(library, Role.ADMINISTRATOR))
    return client


def members(library):
    return reverse("members", args=[library.pk])


def sign_in(client, email, password):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_a_wrong_password_is_refused_in_words(client):
    user = make_user()
    response = sign_in(client, user.email, "wrong")
    assert response.status_code == 200
    assert "not correct" in response.content.decode()


def test_the_right_password_opens_the_library(client):
    user = make_user()
    assert sign_in(client, user.email, "correct horse")["Location"] == reverse("library")


def test_nobody_signs_up_by_themselves(client):
    page = client.get(reverse("account_signup")).content.decode()
    assert "Accounts are made by administrators" in page


def test_a_password_that_serves_once_must_be_replaced_first(client):
    user = make_user(one_time_password=True)
    sign_in(client, user.email, "correct horse")
    change = reverse("account_change_password")
    assert client.get("/")["Location"] == change
    assert "serves once" in client.get(change).content.decode()
    chosen = {"oldpassword": "correct horse", "password1": "battery staple", "password2": "battery staple"}
    response = client.post(change, {**chosen, "next": "/"})
    assert response["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_forgotten_password_is_mended_through_the_mail(client, mailoutbox):
    user = make_user(one_time_password=True)
    client.post(reverse("account_reset_password"), {"email": user.email})
    link = next(word for word in mailoutbox[0].body.split() if "/password/reset/key/" in word)
    form = client.get(link, follow=True)
    action = form.context["action_url"]
    client.post(action, {"password1": "battery staple", "password2": "battery staple"})
    user.refresh_from_db()
    assert user.check_password("battery staple")
    assert not user.one_time_password


def test_an_administrator_adds_a_known_person_and_changes_the_role(administrator, library):
    user = make_user()
    administrator.post(members(library), {"email": user.email, "role": Role.VIEWER, "collection": ""})
    administrator.post(
        members(library), {"email": user.email.upper(), "role": Role.ARCHIVIST, "collection": ""}
    )
    assert user.memberships.get().role == Role.ARCHIVIST


def test_an_unknown_person_is_given_an_account_whose_password_is_shown_once(administrator, library):
    data = {"email": "new@example.org", "role": Role.VIEWER, "collection": ""}
    page = administrator.post(members(library), data, follow=True).content.decode()
    user = User.objects.get(email="new@example.org")
    assert user.one_time_password
    password = page.split("shown only now: ")[1].split("<")[0].strip()
    assert user.check_password(password)
    assert password not in administrator.get(members(library)).content.decode()


def test_a_role_may_be_confined_to_a_collection_of_this_library_only(administrator, library):
    own = Collection.objects.create(library=library, name="Own")
    foreign = Collection.objects.create(library=make_library(), name="Foreign")
    user = make_user()
    administrator.post(members(library), {"email": user.email, "role": Role.VIEWER, "collection": own.pk})
    administrator.post(members(library), {"email": user.email, "role": Role.VIEWER, "collection": foreign.pk})
    assert user.memberships.get().collection == own


def test_an_administrator_is_one_of_the_whole_library(administrator, library):
    own = Collection.objects.create(library=library, name="Own")
    data = {"email": make_user().email, "role": Role.ADMINISTRATOR, "collection": own.pk}
    assert (
        "always administer the whole library" in administrator.post(members(library), data).content.decode()
    )


def test_the_last_administrator_stays(administrator, library):
    last = Membership.objects.get(library=library)
    address = reverse("remove-member", args=[library.pk, last.pk])
    page = administrator.post(address, follow=True).content.decode()
    assert "at least one administrator" in page
    assert Membership.objects.filter(pk=last.pk).exists()


def test_the_last_administrator_is_not_demoted(administrator, library):
    last = Membership.objects.get(library=library)
    page = administrator.post(
        members(library), {"email": last.user.email, "role": Role.VIEWER, "collection": ""}
    )
    assert "at least one administrator" in page.content.decode()
    last.refresh_from_db()
    assert last.role == Role.ADMINISTRATOR


def test_a_member_is_removed(administrator, library):
    other = make_member(library).memberships.get()
    administrator.post(reverse("remove-member", args=[library.pk, other.pk]))
    assert not Membership.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CONTRIBUTOR, Role.ARCHIVIST])
def test_lower_roles_do_not_see_the_members(client, library, role):
    client.force_login(make_member(library, role))
    assert client.get(members(library)).status_code == 404


def test_administrators_of_other_libraries_see_and_change_nothing(administrator):
    other = make_library()
    member = make_member(other).memberships.get()
    assert administrator.get(members(other)).status_code == 404
    assert administrator.post(reverse("remove-member", args=[other.pk, member.pk])).status_code == 404
