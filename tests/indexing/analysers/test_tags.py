"""The tags analyser: from stored vectors to facts and spans, with a vocabulary whose change is noticed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexing.analysers import tags
from indexing.analysers.contract import Context, Finding, MediaError, Place, Region, Vector
from indexing.analysers.tags import Tags
from indexing.engines.text_image import unit
from indexing.vocabulary import vectors
from indexing.vocabulary.background import Background
from indexing.vocabulary.labels import Label
from tests.indexing.analysers.made_media import MadeMedia

SPACE, D = "made-space", 64
BEACH = Label("scene", "beach", ("a beach",), words=("beach",), broader="coast")
TENNIS = Label("action", "playing tennis", ("tennis",), words=("tennis",), near=("tennis racket",))
LABELS = [BEACH, TENNIS]
AXES = {BEACH.key: np.eye(D, dtype=np.float32)[0], TENNIS.key: np.eye(D, dtype=np.float32)[1]}


@pytest.fixture
def measured(tmp_path: Path) -> Path:
    ground = Background.of(unit(np.random.default_rng(5).normal(0, 1, (300, D))))
    vectors.save(tmp_path / "space.npz", AXES, ground)
    return tmp_path / "space.npz"


def like(label: Label, place: Place | None = None) -> Vector:
    return Vector(SPACE, AXES[label.key], place or Place())


def context(found: Sequence[Vector], *facts: Finding) -> Context:
    return Context(
        lambda name: Path(name),
        lambda kind: [fact for fact in facts if fact.kind == kind],
        lambda space: found if space == SPACE else (),
    )


def racket(place: Place) -> Finding:
    return Finding("object", "tennis racket", place=place, confidence=0.9)


def test_a_picture_has_a_fact_for_each_label(measured: Path) -> None:
    (found,) = Tags(SPACE, LABELS, measured).analyse(MadeMedia("image"), context([like(BEACH)]))
    assert (found.kind, found.text, found.place, found.language) == ("scene", "beach", Place(), "en")
    assert 0.65 <= (found.confidence or 0) <= 1
    assert found.details == {"broader": "coast"}


def test_without_vectors_nothing_is_found(measured: Path) -> None:
    assert list(Tags(SPACE, LABELS, measured).analyse(MadeMedia("image"), context([]))) == []


def test_neighbouring_frames_make_one_span_of_a_film(measured: Path) -> None:
    frames = [
        like(BEACH, Place(0, 2)),
        like(BEACH, Place(2, 5)),
        like(TENNIS, Place(5, 7)),
        like(BEACH, Place(7, 9)),
    ]
    film = MadeMedia("video", duration=9.0)
    facts = racket(Place(5, 7, Region(0, 0, 1, 1)))
    found = list(Tags(SPACE, LABELS, measured).analyse(film, context(frames, facts)))
    spans = [(each.text, each.place.start, each.place.end) for each in found]
    assert sorted(spans) == [("beach", 0, 5), ("beach", 7, 9), ("playing tennis", 5, 7)]


def test_only_what_is_seen_in_the_same_span_confirms(measured: Path) -> None:
    film = MadeMedia("video", duration=9.0)
    frames = [like(TENNIS, Place(0, 4)), like(BEACH, Place(4, 6)), like(TENNIS, Place(6, 9))]
    facts = racket(Place(6, 9, Region(0, 0, 1, 1)))
    found = Tags(SPACE, LABELS, measured).analyse(film, context(frames, facts))
    before, after = (each for each in found if each.text == "playing tennis")
    assert (before.place.start, after.place.start) == (0, 6)
    assert (before.confidence or 0) <= (after.confidence or 0)


def test_tags_of_an_earlier_run_are_no_detections(measured: Path) -> None:
    """They have no box, so they confirm nothing."""
    earlier = Finding("object", "tennis racket", confidence=0.9)
    analyser = Tags(SPACE, LABELS, measured)
    (alone,) = analyser.analyse(MadeMedia("image"), context([like(TENNIS)]))
    (again,) = analyser.analyse(MadeMedia("image"), context([like(TENNIS)], earlier))
    assert again.confidence == alone.confidence


def test_a_change_of_the_vocabulary_or_of_its_background_makes_runs_stale(measured: Path) -> None:
    before = Tags(SPACE, LABELS, measured).model
    assert Tags(SPACE, list(reversed(LABELS)), measured).model == before
    assert Tags(SPACE, [BEACH], measured).model != before
    ground = Background.of(unit(np.random.default_rng(6).normal(0, 1, (300, D))))
    vectors.save(measured, AXES, ground)
    assert Tags(SPACE, LABELS, measured).model != before


def test_without_a_background_it_says_how_to_get_one(tmp_path: Path) -> None:
    analyser = Tags(SPACE, LABELS, tmp_path / "none.npz")
    assert "manage.py vocabulary calibrate" in analyser.hindrance
    with pytest.raises(MediaError, match="not calibrated for made-space"):
        list(analyser.analyse(MadeMedia("image"), context([like(BEACH)])))


def test_calibrating_makes_the_failed_runs_stale(measured: Path, tmp_path: Path) -> None:
    before, after = Tags(SPACE, LABELS, tmp_path / "none.npz"), Tags(SPACE, LABELS, measured)
    assert after.hindrance == ""
    assert before.model != after.model


def test_labels_that_were_never_measured_are_measured_once_and_kept(
    measured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Space:
        def encode_text(self, query: str) -> np.ndarray:
            asked.append(query)
            return np.eye(D, dtype=np.float32)[2]

    monkeypatch.setattr(tags, "open_space", lambda model, path, threads: Space())
    cave = Label("scene", "cave", ("a cave", "a dark cave"))
    inside = Vector(SPACE, np.eye(D, dtype=np.float32)[2])
    for _ in range(2):
        analyser = Tags(SPACE, [*LABELS, cave], measured)
        (found,) = analyser.analyse(MadeMedia("image"), context([inside]))
        assert found.text == "cave"
    assert asked == ["a cave", "a dark cave"]
    assert cave.key in vectors.kept(measured)
