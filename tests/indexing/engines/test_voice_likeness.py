import numpy as np
import pytest

from dam.people import biometrics
from indexing import receivers
from indexing.engines.voice_likeness import CENTRE, MOST, same_person


def test_the_likelihood_rises_with_the_cosine_and_is_never_certain():
    likelihoods = same_person(np.linspace(-1, 1, 41))
    assert (np.diff(likelihoods) >= 0).all()
    assert likelihoods[0] < 1e-6
    assert likelihoods[-1] == MOST < 1
    assert same_person(CENTRE) == pytest.approx(0.5)


def test_strangers_on_one_line_are_not_surely_one_person_and_clear_voices_are_proposed():
    """Cosines that labelled speech reached: 0.1 strangers, 0.66 one reader in two utterances."""
    assert same_person(0.10) < 0.01
    assert same_person(0.66) > 0.95


def test_likeness_of_voices_is_read_by_the_curve_measured_for_their_engine(monkeypatch):
    monkeypatch.setattr(biometrics, "_likeness", {})
    receivers.connect()
    likeness = biometrics.likeness_in("wespeaker")
    assert likeness is not None
    assert likeness(0.5) == pytest.approx(same_person(0.5))
