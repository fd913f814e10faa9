"""Sections of made sequences."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from indexing.engines.music.structure import SHORTEST, sections

CHANCE = np.random.default_rng(5)
A, B, C = CHANCE.normal(0, 1, (3, 20))


def sequence(*parts: tuple[np.ndarray, int]) -> np.ndarray:
    return np.concatenate([part + CHANCE.normal(0, 0.3, (steps, 20)) for part, steps in parts])


def test_what_returns_bears_the_same_letter() -> None:
    found = sections(sequence((A, 30), (B, 25), (A, 30), (C, 30)), 20)
    assert [each.label for each in found] == ["A", "B", "A", "C"]
    assert np.abs(np.array([each.start for each in found]) - [0, 30, 55, 85]).max() <= 1


def test_sections_cover_everything_without_gaps() -> None:
    found = sections(sequence((A, 40), (B, 40), (A, 40)), 20)
    assert (found[0].start, found[-1].end) == (0, 120)
    assert all(before.end == after.start for before, after in pairwise(found))


def test_a_steady_piece_is_one_section() -> None:
    assert [each.label for each in sections(sequence((A, 200)), 20)] == ["A"]


def test_the_clearest_boundaries_are_kept_where_there_would_be_too_many() -> None:
    found = sections(sequence(*[(part, 30) for part in (A, B, C) * 5]), 4)
    assert len(found) == 4
    assert min(each.end - each.start for each in found) >= SHORTEST


def test_few_steps_none_and_silence_are_no_trouble() -> None:
    assert sections(np.empty((0, 20)), 5) == []
    assert [each.end for each in sections(sequence((A, 3)), 5)] == [3]
    assert [each.label for each in sections(np.zeros((50, 20)), 5)] == ["A"]


def test_twelve_hours_are_cut_in_bounded_memory() -> None:
    import tracemalloc

    long = np.tile(sequence((A, 200), (B, 200)), (25, 1)).astype(np.float32)
    tracemalloc.start()
    found = sections(long, 120)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 40 <= len(found) <= 60
    assert peak < 12 * long.nbytes
