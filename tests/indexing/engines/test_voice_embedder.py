"""Voices of real readers become vectors."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from indexing import weights
from indexing.engines.voice_embedder import BANDS, DIMENSIONS, RATE, VoiceEmbedder, features
from tests.bench.conversations import READINGS, utterances


@pytest.fixture(scope="module")
def embedder() -> VoiceEmbedder:
    if not weights.available("wespeaker-resnet34"):
        pytest.skip(weights.shelf().reason("wespeaker-resnet34"))
    return VoiceEmbedder(weights.path("wespeaker-resnet34"))


@pytest.mark.models
def test_two_readings_of_one_person_are_more_alike_than_those_of_two(embedder: VoiceEmbedder) -> None:
    if not READINGS.is_dir():
        pytest.skip(f"The labelled recordings are not here: {READINGS}")
    readers = [readings[:2] for readings in utterances().values()]
    voices = [[embedder.embed(reading.sound[: 3 * RATE]) for reading in two] for two in readers]
    same = [float(one @ other) for one, other in voices]
    different = [float(a[0] @ b[0]) for a, b in combinations(voices, 2)]
    assert min(same) > max(different)


@pytest.mark.models
@pytest.mark.parametrize("sound", [np.zeros(RATE, np.float32), np.ones(4800, np.float32)])
def test_a_vector_is_finite_and_of_unit_length(embedder: VoiceEmbedder, sound: np.ndarray) -> None:
    vector = embedder.embed(sound)
    assert (vector.shape, vector.dtype) == ((DIMENSIONS,), np.float32)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-3)


@pytest.mark.models
@pytest.mark.parametrize("length", [0, 100, 4000])
def test_too_little_sound_is_refused(embedder: VoiceEmbedder, length: int) -> None:
    with pytest.raises(ValueError, match=r"at least 0\.3 seconds"):
        embedder.embed(np.zeros(length, np.float32))


def test_features_come_every_hundredth_of_a_second() -> None:
    assert features(np.zeros(RATE, np.float32)).shape == (98, BANDS)
    assert features(np.zeros(10, np.float32)).shape == (0, BANDS)
