"""No test of search asks a cluster, unless it brings one."""

from __future__ import annotations

import pytest

from dam import env


@pytest.fixture(autouse=True)
def _no_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "ELASTICSEARCH_URL", None)
