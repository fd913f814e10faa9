"""Clients of the API."""

import pytest
from django.core.cache import cache
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from dam.sharing.models import Role
from tests.factories import make_library, make_member, make_user


@pytest.fixture(autouse=True)
def _api_addresses(settings):
    settings.ROOT_URLCONF = "tests.api.urls"


@pytest.fixture(autouse=True)
def _no_remembered_attempts():
    cache.clear()


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def as_user():
    """as_user(user): a client that sends the user's token."""

    def client(user):
        token, _ = Token.objects.get_or_create(user=user)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
        return client

    return client


@pytest.fixture
def archivist(library, as_user):
    return as_user(make_member(library, Role.ARCHIVIST))


@pytest.fixture
def viewer(library, as_user):
    return as_user(make_member(library, Role.VIEWER))


@pytest.fixture
def stranger(as_user):
    return as_user(make_user())
