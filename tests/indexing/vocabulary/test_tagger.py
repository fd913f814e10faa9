"""Which labels a picture deserves: by likeness, by what was detected, by what is written."""

from __future__ import annotations

import numpy as np
import pytest

from indexing.engines.text_image import unit
from indexing.vocabulary.background import Background
from indexing.vocabulary.labels import KINDS, Label, curated
from indexing.vocabulary.tagger import MOST, NEAR, Calibration, Tagger, calibration, is_written

D = 24
TENNIS = Label("action", "playing tennis", ("tennis",), near=("tennis racket",), words=("tennis",))
BEACH = Label("scene", "beach", ("a beach",), words=("beach",), broader="coast")
COAST = Label("scene", "coast", ("a coast",), words=("coast",))
DANCE = Label("action", "dancing", ("dancing",), words=("dancing",))
LABELS = [TENNIS, BEACH, COAST, DANCE]
UNLIKE = {"scene": 3.0, "action": 3.0, "near": 4.0}
STRICT = {**UNLIKE, "near": 30.0}
SCALE = Calibration(slope=10, confirmed=-3, alone=-4, unlike=UNLIKE, floor=0.6, written=0.5)


@pytest.fixture
def background() -> Background:
    return Background.of(unit(np.random.default_rng(5).normal(0, 1, (300, D))))


@pytest.fixture
def tagger(background: Background) -> Tagger:
    return Tagger(LABELS, vectors(), background, SCALE)


def vectors() -> dict[str, np.ndarray]:
    return {label.key: np.eye(D, dtype=np.float32)[number] for number, label in enumerate(LABELS)}


def picture(*labels: Label, weight: float = 1.0) -> np.ndarray:
    """A picture like all of the labels, and like nothing else."""
    rest = np.eye(D, dtype=np.float32)[-1] * (1 - weight)
    return unit(sum((vectors()[label.key] * weight for label in labels), rest))


def names(tagger: Tagger, *args: object, **named: object) -> list[str]:
    return [tag.label.name for tag in tagger.tags(*args, **named)]  # type: ignore[arg-type]


def test_a_picture_gets_the_label_it_is_like(tagger: Tagger) -> None:
    (tag,) = tagger.tags(picture(COAST), None)
    assert tag.label == COAST
    assert tag.confidence > 0.9


def test_a_picture_like_nothing_gets_nothing(tagger: Tagger) -> None:
    assert tagger.tags(picture(weight=0.0), None) == []


def test_a_likeness_that_ordinary_pictures_have_too_is_nothing(background: Background) -> None:
    strict = Calibration(**{**SCALE.__dict__, "unlike": {**UNLIKE, "scene": 30.0}})
    assert Tagger(LABELS, vectors(), background, strict).tags(picture(COAST), None) == []


def test_what_goes_with_a_thing_must_be_striking_or_the_thing_seen(background: Background) -> None:
    tagger = Tagger(LABELS, vectors(), background, Calibration(**{**SCALE.__dict__, "unlike": STRICT}))
    assert names(tagger, picture(TENNIS), {"tennis racket"}) == ["playing tennis"]
    assert names(tagger, picture(TENNIS), {"person"}) == []
    tagger = Tagger(LABELS, vectors(), background, SCALE)
    assert names(tagger, picture(TENNIS), {"person"}) == ["playing tennis"]


def test_what_was_confirmed_is_surer(tagger: Tagger) -> None:
    (alone,), (confirmed,) = (
        tagger.tags(picture(TENNIS), None),
        tagger.tags(picture(TENNIS), {"tennis racket"}),
    )
    assert confirmed.confidence > alone.confidence


def test_being_confirmed_makes_nothing_less_sure() -> None:
    scale, ones = calibration(), np.ones(1, bool)
    alone, both = (scale.confidence(np.full(1, 0.4), ones, confirmed) for confirmed in (~ones, ones))
    assert both >= alone


def test_what_is_done_needs_somebody(tagger: Tagger) -> None:
    assert names(tagger, picture(DANCE), {"dog"}) == []
    assert names(tagger, picture(DANCE), {"dog", "person"}) == ["dancing"]


def test_a_written_word_is_no_likeness(tagger: Tagger) -> None:
    looks = picture(COAST, BEACH)
    assert set(names(tagger, looks, None)) == {"beach", "coast"}
    assert names(tagger, looks, None, written="COASTS of England") == ["beach"]
    assert names(tagger, picture(COAST, weight=0.6), None) == ["coast"]
    assert names(tagger, picture(COAST, weight=0.6), None, written="the coast is clear") == []


def test_a_suppressed_label_is_never_shown(background: Background) -> None:
    scale = Calibration(**{**SCALE.__dict__, "suppressed": frozenset({"scene/coast"})})
    tagger = Tagger(LABELS, vectors(), background, scale)
    assert names(tagger, picture(COAST), None) == []
    assert names(tagger, picture(BEACH), None) == ["beach"]


def test_the_number_of_tags_is_bounded() -> None:
    labels = [Label("scene", f"place {n}", (f"place {n}",)) for n in range(40)]
    same = {label.key: unit(np.ones(D)) for label in labels}
    ground = Background.of(unit(np.random.default_rng(5).normal(0, 1, (300, D))))
    assert len(Tagger(labels, same, ground, SCALE).tags(unit(np.ones(D)), None)) == MOST


@pytest.mark.parametrize(
    ("text", "written"),
    [("A BEACH", True), ("two beaches", True), ("beachfront", False), ("", False), ("the sea", False)],
)
def test_words_are_recognised_whole_and_in_the_plural(text: str, written: bool) -> None:
    assert is_written(BEACH, text) is written


def test_the_shipped_calibration_is_sound() -> None:
    scale = calibration()
    known = {f"{label.kind}/{label.name}" for label in curated()}
    assert scale.suppressed <= known
    assert 0.5 <= scale.floor < 1
    assert scale.slope > 0
    assert set(scale.unlike) == {*KINDS, NEAR}
