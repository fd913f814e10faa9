"""Keys of chroma vectors, and of what has no key."""

from __future__ import annotations

import numpy as np
import pytest

from indexing.engines.music.tonality import MAJOR, MINOR, key_of


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize(("mode", "profile"), [("major", MAJOR), ("minor", MINOR)])
def test_a_profile_is_its_own_key(tonic: int, mode: str, profile: np.ndarray) -> None:
    found = key_of(np.roll(profile, tonic) * 7)
    assert found is not None
    assert (found.tonic, found.mode) == (tonic, mode)
    assert found.lead > 0
    assert found.runner_up != found.name


def test_keys_are_spelt_as_musicians_spell_them() -> None:
    names = [key_of(np.roll(profile, tonic)).name for profile, tonic in ((MAJOR, 3), (MINOR, 9), (MAJOR, 10))]
    assert names == ["Eb major", "A minor", "Bb major"]


@pytest.mark.parametrize(
    "chroma",
    [np.zeros(12), np.ones(12), np.eye(12)[4], np.eye(12)[0] + np.eye(12)[7], np.tile([1.0, 0.0], 6)],
    ids=["silence", "noise", "one note", "a fifth", "whole tones"],
)
def test_what_has_no_key_gets_none(chroma: np.ndarray) -> None:
    assert key_of(chroma) is None
