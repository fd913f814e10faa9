"""A library with one connected system."""

from __future__ import annotations

import pytest

from dam import env
from dam.sharing.models import Role
from dam.webhooks import events
from dam.webhooks.models import Endpoint
from tests.factories import make_library, make_member
from tests.webhooks.receiving import Receiver


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def library(db):
    return make_library("Harbour archive")


@pytest.fixture
def administrator(library):
    return make_member(library, Role.ADMINISTRATOR)


@pytest.fixture
def endpoint(library, administrator, receiver, monkeypatch):
    """Listens to everything, on loopback, which the operator allows."""
    monkeypatch.setattr(env, "WEBHOOK_PRIVATE_ADDRESSES", True, raising=False)
    return Endpoint.objects.create(
        library=library,
        made_by=administrator,
        name="The website",
        url=receiver.url,
        events=[name for name, _ in events.choices()],
        site="https://dam.test/",
    )
