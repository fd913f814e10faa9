"""What every test stands on: a real PostgreSQL when one is asked for, in the temporary home of tests.home."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import dj_database_url
import pytest
from django.conf import settings
from django.db import connections
from django.test import override_settings
from kombu.transport.memory import Channel

from dam import env
from dam.services.postgres import EmbeddedPostgres
from indexing import signals

FAST_AND_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""The tests' database is thrown away with its folder; nowhere else is it started like this."""


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash the passwords of tests with what costs nothing."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def no_messages_of_other_tests() -> None:
    """Empty the queues of the broker in memory: a queue that is not nearly dry is sent nothing more."""
    for queue in Channel.queues.values():
        queue.queue.clear()


@pytest.fixture(scope="session", autouse=True)
def changes_told_from_the_test() -> None:
    """No thread tells of a change: it would look for it in a connection that does not see the test's."""
    signals.PATIENCE = 3600


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The operator's DATABASE_URL, else a PostgreSQL of our own that ends with the session."""
    if os.environ.get("DATABASE_URL"):
        yield os.environ["DATABASE_URL"]
        return
    server = EmbeddedPostgres(env.SERVICES_DIR / "postgres", settings=FAST_AND_FORGETFUL)
    yield server.start()
    server.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_url: str) -> None:
    """Called by pytest-django before it makes the test database."""
    connections.databases["default"].update(dj_database_url.parse(database_url))


@pytest.fixture(scope="session")
def shared() -> Callable[..., Path]:
    """shared("media", "hostile"): that path of the shared folder, or the test is skipped, saying so."""

    def path_of(*parts: str) -> Path:
        path = (settings.BASE_DIR.parent / "shared").joinpath(*parts)
        if not path.exists():
            pytest.skip(f"shared/{'/'.join(parts)} is not on this machine")
        return path

    return path_of
