"""A password is exchanged for a token."""

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from tests.factories import make_user

pytestmark = pytest.mark.django_db
TOKEN = "/api/token/"


def ask(email="ada@example.org", password="correct horse"):  # noqa: S107
    return APIClient().post(TOKEN, {"email": email, "password": password}, format="json")


def test_a_password_is_exchanged_for_a_token_that_opens_the_api():
    make_user("ada@example.org")
    token = ask("Ada@Example.org").json()["token"]
    assert ask().json()["token"] == token
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert client.get("/api/assets/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_are_refused_alike():
    make_user("ada@example.org")
    wrong, unknown = ask(password="wrong horse"), ask("eve@example.org")
    assert wrong.status_code == unknown.status_code == 403
    assert wrong.json() == unknown.json()
    assert not Token.objects.exists()


def test_a_closed_account_gets_no_token():
    make_user("ada@example.org", is_active=False)
    assert ask().status_code == 403
    assert not Token.objects.exists()


def test_a_token_of_an_account_that_is_closed_later_opens_nothing(as_user):
    user = make_user()
    client = as_user(user)
    assert client.get("/api/assets/").status_code == 200
    user.is_active = False
    user.save()
    assert client.get("/api/assets/").status_code == 401


def test_a_password_that_serves_once_gets_no_token_and_says_why():
    make_user("ada@example.org", one_time_password=True)
    response = ask()
    assert response.status_code == 403
    assert "choose your own first" in response.json()["detail"]
    assert not Token.objects.exists()


def test_guessing_is_stopped_even_for_the_right_password():
    make_user("ada@example.org")
    refusals = [ask(password=f"guess {number}").status_code for number in range(6)]
    assert refusals[0] == 403
    assert refusals[-1] == 429
    assert ask().status_code == 429


@pytest.mark.parametrize(
    "body", [{}, {"email": "ada", "password": "x"}, {"email": "ada@example.org"}, [], "text", {"email": []}]
)
def test_credentials_that_cannot_be_read_are_refused(body):
    assert APIClient().post(TOKEN, body, format="json").status_code == 400


def test_a_body_that_is_not_json_is_refused():
    assert APIClient().post(TOKEN, "{", content_type="application/json").status_code == 400
    assert APIClient().post(TOKEN, {"email": "x"}).status_code == 415


def test_the_owner_ends_the_token(as_user):
    user = make_user()
    other = make_user()
    as_user(other)
    client = as_user(user)
    assert client.delete(TOKEN).status_code == 204
    assert client.get("/api/assets/").status_code == 401
    assert Token.objects.get().user == other


def test_nobody_ends_a_token_without_one():
    assert APIClient().delete(TOKEN).status_code == 401


def test_a_session_does_not_write_without_its_csrf_token():
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(make_user(is_superuser=True))
    response = client.post("/api/collections/", {"name": "x"}, format="json")
    assert response.status_code == 403
    assert "CSRF" in response.json()["detail"]
