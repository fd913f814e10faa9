"""The networks' front end, and the networks themselves where their weights are."""

from __future__ import annotations

import numpy as np
import pytest

from indexing import weights
from indexing.analysers.music_terms import Terms, vocabulary
from indexing.engines.music.features import STEP, STEP_FRAMES, Listener
from indexing.engines.music.hearing import Networks
from indexing.engines.music.musicnn import MSD_TAGS, MTT_TAGS, NAMES, MusicNN, log_mel, patches
from indexing.engines.music.musicnn_network import BANDS, DIMENSIONS, FRAMES, TAGS
from indexing.engines.yamnet import Yamnet
from tests.indexing.engines.music.made import C_MAJOR, RATE, note, tune

NEEDED = ("musicnn", "yamnet")
needs_weights = pytest.mark.skipif(
    not all(weights.available(name) for name in NEEDED),
    reason="the weights of musicnn and yamnet are not here",
)


def test_there_is_a_name_for_every_output() -> None:
    assert len(set(MSD_TAGS)) == len(set(MTT_TAGS)) == TAGS
    assert len(set(NAMES)) == 2 * TAGS


def test_sound_is_cut_into_whole_patches_and_a_moment_is_repeated() -> None:
    assert patches(log_mel(np.zeros(10 * RATE, np.float32))).shape == (3, FRAMES, BANDS)
    assert patches(log_mel(note(0, 0.5))).shape == (1, FRAMES, BANDS)
    assert patches(np.empty((0, BANDS), np.float32)).shape == (0, FRAMES, BANDS)


def test_full_scale_does_not_overflow() -> None:
    assert np.isfinite(log_mel(np.ones(RATE, np.float32))).all()


@pytest.mark.models
@needs_weights
class TestWithRealWeights:
    @pytest.fixture(scope="class")
    def networks(self) -> Networks:
        return Networks(MusicNN(weights.path("musicnn")), Yamnet(weights.path("yamnet")))

    def test_every_term_names_outputs_that_exist(self, networks: Networks) -> None:
        terms = Terms(networks.names)
        for kind, named in vocabulary().items():
            scored = terms.scores(kind, np.zeros(len(networks.names)))
            assert set(scored) == set(named)
            assert list(scored.values()) == sorted(scored.values(), reverse=True)

    def test_pieces_of_any_length_are_heard_alike(self, networks: Networks) -> None:
        sound = tune(C_MAJOR, 120, 60)
        whole, pieces = Listener(networks), Listener(networks)
        whole.add(sound)
        for piece in np.array_split(sound, 11):
            pieces.add(piece)
        one, other = whole.finish(), pieces.finish()
        assert len(one.flux) == len(sound) // 256
        assert len(one.chroma) == -(-len(one.flux) // STEP_FRAMES)
        assert len(one.logits) == 10
        for left, right in zip(one, other, strict=True):
            assert np.allclose(left, right, atol=1e-4)
        assert one.embeddings.shape == (10, DIMENSIONS)
        assert one.between(0, 4).seconds == pytest.approx(4 * STEP)

    def test_nothing_and_a_moment_are_no_trouble(self, networks: Networks) -> None:
        assert len(Listener(networks).finish().flux) == 0
        short = Listener(networks)
        short.add(np.full(300, np.nan, np.float32))
        assert np.isfinite(short.finish().logits).all()
