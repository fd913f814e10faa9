"""The sensitive analyser: a proposal above the threshold, nothing below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from indexing.analysers import sensitive
from indexing.analysers.contract import Finding, Place
from indexing.analysers.sensitive import LABEL, THRESHOLD, Sensitive
from tests.indexing.analysers.made_media import MadeMedia, bare_context, shots_context

Analyse = Callable[[MadeMedia, Mapping[int, float]], list[Finding]]


@pytest.fixture
def analyse(monkeypatch: pytest.MonkeyPatch) -> Analyse:
    """Analyse a made medium with a network that gives greys their scores."""

    def run(media: MadeMedia, scores: Mapping[int, float]) -> list[Finding]:
        class Told:
            def score(self, rgb: np.ndarray) -> float:
                return scores.get(int(rgb[0, 0, 0]), 0.0)

        monkeypatch.setattr(sensitive, "open_nsfw", lambda path, threads: Told())
        context = bare_context() if media.kind == "image" else shots_context()
        return list(Sensitive().analyse(media, context))

    return run


def test_a_high_score_is_a_proposal_with_its_score(analyse: Analyse) -> None:
    (flag,) = analyse(MadeMedia("image"), {128: 0.9})
    assert (flag.kind, flag.text, flag.confidence, flag.place) == ("sensitive", LABEL, 0.9, Place())


def test_below_the_threshold_nothing_is_claimed(analyse: Analyse) -> None:
    assert analyse(MadeMedia("image"), {128: THRESHOLD - 0.01}) == []
    assert analyse(MadeMedia("video", duration=10.0), {}) == []


def test_neighbouring_shots_make_one_span_with_the_highest_score(analyse: Analyse) -> None:
    (flag,) = analyse(MadeMedia("video", duration=10.0), {10: 0.6, 55: 0.95, 80: 0.1})
    assert (flag.place, flag.confidence) == (Place(0.0, 6.0), 0.95)
