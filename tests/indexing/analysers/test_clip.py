"""The CLIP analyser: a vector for a picture, one for each shot of a film."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from indexing import weights
from indexing.analysers import clip
from indexing.analysers.clip import BatchedClip, Clip
from indexing.analysers.contract import EVERYWHERE, Context, Place, StillsAnalyser
from indexing.engines.spaces import OPEN_CLIP, RENDERED_TEXT
from tests.indexing.analysers.made_media import SHOTS, MadeMedia, bare_context, shots_context


class MadeSpace:
    """Vectors that tell the grey they were made of."""

    def encode_images(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        return np.array([[float(picture[0, 0, 0])] for picture in pictures], np.float32)


@pytest.fixture
def analyser(monkeypatch: pytest.MonkeyPatch) -> Clip:
    monkeypatch.setattr(clip, "open_space", lambda model, path, threads: MadeSpace())
    return Clip(RENDERED_TEXT)


def test_a_picture_has_one_vector_for_all_of_it(analyser: Clip) -> None:
    (vector,) = analyser.analyse(MadeMedia("image"), bare_context())
    assert (vector.space, vector.place, vector.values.tolist()) == (RENDERED_TEXT, EVERYWHERE, [128.0])


def test_a_film_has_one_vector_for_each_shot_made_of_its_key_frame(analyser: Clip) -> None:
    vectors = list(analyser.analyse(MadeMedia("video", duration=10.0), shots_context()))
    assert [vector.place for vector in vectors] == [Place(start, end) for start, end, _ in SHOTS]
    assert [vector.values[0] for vector in vectors] == [key * 10 for _, _, key in SHOTS]


@pytest.mark.parametrize(("duration", "middle"), [(10.0, 5.0), (None, 0.0)])
def test_a_film_without_shots_counts_as_one(analyser: Clip, duration: float | None, middle: float) -> None:
    film = MadeMedia("video", duration=duration)
    (vector,) = analyser.analyse(film, bare_context())
    assert (vector.place, film.asked) == (Place(0.0, duration), [middle])


def test_the_model_is_the_one_that_serves_text_image_search() -> None:
    analyser = Clip.choose({"text-image": RENDERED_TEXT}.__getitem__)
    assert (analyser.model, analyser.weights) == (RENDERED_TEXT, (RENDERED_TEXT,))
    assert analyser.spaces == {RENDERED_TEXT: 512}


def test_only_a_model_that_gains_by_it_takes_several_pictures_at_once() -> None:
    assert isinstance(Clip.choose({"text-image": OPEN_CLIP}.__getitem__), StillsAnalyser)
    assert not isinstance(Clip.choose({"text-image": RENDERED_TEXT}.__getitem__), StillsAnalyser)


def test_each_of_several_pictures_has_its_own_vector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip, "open_space", lambda model, path, threads: MadeSpace())
    found = BatchedClip(OPEN_CLIP).analyse_stills([MadeMedia("image"), MadeMedia("image")], bare_context())
    assert [vector.values.tolist() for (vector,) in found] == [[128.0], [128.0]]


def test_missing_weights_are_told() -> None:
    def missing(name: str) -> None:
        raise LookupError(f"{name} is missing")

    with pytest.raises(LookupError, match="is missing"):
        list(Clip(RENDERED_TEXT).analyse(MadeMedia("image"), Context(missing)))  # type: ignore[arg-type]


@pytest.mark.models
def test_a_real_vector_is_a_unit_vector_of_the_declared_space() -> None:
    if not weights.available(RENDERED_TEXT):
        pytest.skip(weights.shelf().reason(RENDERED_TEXT))
    analyser = Clip(RENDERED_TEXT)
    (vector,) = analyser.analyse(MadeMedia("image"), Context(weights.path, threads=2))
    assert vector.values.shape == (analyser.spaces[vector.space],)
    assert vector.values.dtype == np.float32
    assert np.linalg.norm(vector.values) == pytest.approx(1, abs=1e-5)
