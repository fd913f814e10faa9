"""Nobody works with a password that was printed on a terminal."""

import pytest
from django.urls import reverse
from rest_framework.authtoken.models import Token

from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]


@pytest.fixture
def newcomer(client):
    user = make_user(one_time_password=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_a_one_time_password_opens_only_the_page_that_changes_it(client, newcomer, method):
    response = getattr(client, method)(reverse("api:asset-list"))
    assert response.status_code == 302
    assert response["Location"] == reverse("account_change_password")


@pytest.mark.parametrize("name", ["account_change_password", "account_logout"])
def test_the_password_can_be_changed_and_the_session_ended(client, newcomer, name):
    assert client.get(reverse(name)).status_code == 200


def test_an_address_that_does_not_exist_is_not_found(client, newcomer):
    assert client.get("/nothing/here/").status_code == 404


def test_a_password_of_ones_own_opens_everything(client):
    client.force_login(make_user())
    assert client.get(reverse("api:asset-list")).status_code == 200


def test_a_token_does_not_open_what_the_one_time_password_closes(client):
    user = make_user(one_time_password=True)
    token = Token.objects.create(user=user)
    response = client.get(reverse("api:asset-list"), headers={"Authorization": f"Token {token.key}"})
    assert response.status_code in {401, 403}
