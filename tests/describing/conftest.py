"""A library with an archivist, and one asset to be described."""

import pytest

from dam.sharing.models import Role
from tests.factories import make_asset, make_library, make_member


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def archivist(library):
    return make_member(library, Role.ARCHIVIST)


@pytest.fixture
def other(library):
    return make_member(library, Role.ARCHIVIST)


@pytest.fixture
def administrator(library):
    return make_member(library, Role.ADMINISTRATOR)


@pytest.fixture
def asset(library):
    return make_asset(library, title="Old title")


@pytest.fixture
def signed_in(client, archivist):
    client.force_login(archivist)
    return client
