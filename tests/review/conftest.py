"""A library with an archivist, and facts that wait for a decision."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from dam.review import measuring
from dam.sharing.models import Role
from tests.factories import make_asset, make_fact, make_library, make_member


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    cache.clear()
    monkeypatch.setattr(measuring, "_newest", None)
    monkeypatch.setattr(measuring, "_rested_until", float("-inf"))


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def archivist(library, client):
    user = make_member(library, Role.ARCHIVIST)
    client.force_login(user)
    return user


@pytest.fixture
def asset(library):
    return make_asset(library, title="The pier")


def propose(asset, text="dog", count=1, kind="object", confidence=0.6, **fields):
    """That many proposals of one label."""
    return [make_fact(asset, kind, text, confidence=confidence, **fields) for _ in range(count)]


def statuses(facts):
    """The status that each of the facts has now."""
    for fact in facts:
        fact.refresh_from_db()
    return [fact.status for fact in facts]
