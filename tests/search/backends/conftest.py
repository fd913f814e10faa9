"""A loopback cluster, whose every request and answer is held against Elastic's specification."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.core.cache import cache

from dam import env
from tests.search.backends.elastic import Cluster
from tests.search.backends.elastic_schema import Schema, published


@pytest.fixture(scope="session")
def specification() -> Schema | None:
    """None where npm did not install it; test_elastic_schema.py says so."""
    return Schema(published()) if published().exists() else None


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch, specification: Schema | None) -> Iterator[Cluster]:
    """Named as the search server; after the test, what was asked and answered is held against the rules."""
    cluster = Cluster()
    monkeypatch.setattr(env, "ELASTICSEARCH_URL", cluster.url)
    cache.clear()
    yield cluster
    cluster.stop()
    cache.clear()
    if specification:
        assert problems(specification, cluster) == []


def problems(specification: Schema, cluster: Cluster) -> list[list[str]]:
    """Each different request and sound answer is looked at once."""
    requests = {json.dumps(vars(each)): each for each in cluster.asked}.values()
    answers = {json.dumps(reply.body): (each, reply) for each, reply in cluster.answered if reply.is_sound}
    asked = [specification.problems(each.method, each.path, each.query, each.body) for each in requests]
    answered = [
        specification.problems_of_answer(each.method, each.path, reply.body)
        for each, reply in answers.values()
    ]
    return [each for each in asked + answered if each]
