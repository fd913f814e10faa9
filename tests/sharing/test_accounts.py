"""Accounts made by an administrator, and the password that serves once."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from rest_framework.authtoken.models import Token

from dam.sharing.accounts import AccountError, create_account, renew_password
from dam.sharing.models import Role, User
from tests.factories import make_library, make_user

pytestmark = pytest.mark.django_db


def test_a_new_account_gets_a_password_that_serves_once():
    user, password = create_account(" Ada@Example.org ")
    user.refresh_from_db()
    assert (user.email, user.one_time_password, user.is_superuser) == ("ada@example.org", True, False)
    assert user.check_password(password)
    assert len(password) >= 16


def test_two_accounts_never_get_the_same_password():
    assert create_account("a@example.org")[1] != create_account("b@example.org")[1]


def test_a_superuser_administers_the_installation():
    user, _ = create_account("root@example.org", superuser=True)
    assert user.is_superuser


def test_an_account_may_join_a_library_at_once():
    library = make_library()
    viewer, _ = create_account("v@example.org", library=library)
    archivist, _ = create_account("a@example.org", library=library, role=Role.ARCHIVIST)
    assert viewer.memberships.get().role == Role.VIEWER
    assert archivist.memberships.get().role == Role.ARCHIVIST


@pytest.mark.parametrize("address", ["", "ada", "ada@", "a b@example.org", "ada@example.org\nBcc: x@y.org"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(AccountError, match="not an e-mail address"):
        create_account(address)
    assert not User.objects.exists()


def test_a_taken_address_is_refused():
    make_user("ada@example.org")
    with pytest.raises(AccountError, match="already has an account"):
        create_account("ADA@example.org")


@pytest.mark.parametrize("role", [Role.VIEWER, 5])
def test_a_role_without_a_library_or_unknown_is_refused(role):
    library = make_library() if role == 5 else None
    with pytest.raises(AccountError, match="role"):
        create_account("ada@example.org", library=library, role=role)
    assert not User.objects.exists()


def test_a_renewed_password_replaces_the_old_one_and_ends_tokens():
    user = make_user("ada@example.org")
    Token.objects.create(user=user)
    password = renew_password("Ada@example.org")
    user.refresh_from_db()
    assert user.check_password(password)
    assert not user.check_password("correct horse")
    assert user.one_time_password
    assert not Token.objects.exists()


def test_nobodys_password_cannot_be_renewed():
    with pytest.raises(AccountError, match="Nobody has"):
        renew_password("ada@example.org")


@pytest.mark.urls("tests.api.urls")
def test_choosing_a_password_lets_the_person_in_and_ends_tokens(client):
    user, password = create_account("ada@example.org")
    Token.objects.create(user=user)
    client.force_login(user)
    chosen = "a longer sentence of mine"
    response = client.post(
        reverse("account_change_password"),
        {"oldpassword": password, "password1": chosen, "password2": chosen},
    )
    assert response.status_code == 302
    user.refresh_from_db()
    assert user.check_password(chosen)
    assert not user.one_time_password
    assert not Token.objects.exists()


@pytest.mark.urls("tests.api.urls")
def test_a_refused_new_password_leaves_the_one_time_password_in_force(client):
    user, password = create_account("ada@example.org")
    client.force_login(user)
    client.post(
        reverse("account_change_password"), {"oldpassword": password, "password1": "a", "password2": "a"}
    )
    user.refresh_from_db()
    assert user.one_time_password


def printed_password(capsys):
    return capsys.readouterr().out.splitlines()[-1].removeprefix("One-time password: ")


def test_the_command_makes_an_account_and_prints_its_password(capsys):
    library = make_library("Town archive")
    arguments = ["ada@example.org", "--role", "contributor", "--library", library.slug]
    call_command("account", "create", *arguments)
    user = User.objects.get(email="ada@example.org")
    assert user.check_password(printed_password(capsys))
    assert user.memberships.get().role == Role.CONTRIBUTOR


def test_the_command_makes_a_superuser():
    call_command("account", "create", "root@example.org", "--superuser")
    assert User.objects.get().is_superuser


def test_the_command_prints_a_new_password(capsys):
    user = make_user("ada@example.org")
    call_command("account", "password", "ada@example.org")
    user.refresh_from_db()
    assert user.check_password(printed_password(capsys))


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["create", "nobody"], "not an e-mail address"),
        (["create", "ada@example.org", "--library", "gone"], "no library 'gone'"),
        (["create", "ada@example.org", "--role", "viewer"], "library"),
        (["password", "ada@example.org"], "Nobody has"),
        (["create", "ada@example.org", "--role", "king"], "invalid choice"),
        ([], "required"),
    ],
)
def test_the_command_says_why_it_refuses(arguments, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("account", *arguments)
    assert not User.objects.exists()
