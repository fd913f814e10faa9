"""Changes in quick succession are told together, and never late."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from indexing import signals
from indexing.signals import announce, facts_changed, gathered


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[int]]]:
    """What is told, in order, with nobody else listening."""
    heard: list[list[int]] = []

    def listen(asset_ids: list[int], **_: object) -> None:
        heard.append(asset_ids)

    monkeypatch.setattr(facts_changed, "receivers", [])
    facts_changed.sender_receivers_cache.clear()
    facts_changed.connect(listen, weak=False)
    yield heard
    facts_changed.disconnect(listen)


def test_a_change_is_told_at_once_outside_of_a_block(told: list[list[int]]) -> None:
    announce([2, 1])
    assert told == [[2, 1]]


def test_changes_of_a_block_are_told_once_at_its_end(told: list[list[int]]) -> None:
    with gathered():
        announce([2])
        announce([1, 2])
        assert told == []
    assert told == [[1, 2]]


def test_a_change_is_told_while_the_next_analysis_is_still_at_work(
    told: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "PATIENCE", 0.05)
    with gathered():
        announce([1])
        time.sleep(0.5)
        assert told == [[1]]
        announce([2])
    assert told == [[1], [2]]
    time.sleep(0.1)
    assert len(told) == 2
