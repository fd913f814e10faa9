"""The faces analyser: every box of a picture, one track a person in a film, vectors of good faces only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from indexing import weights
from indexing.analysers import faces
from indexing.analysers.contract import Context, Finding, Frame, Place, Region
from indexing.analysers.faces import Faces
from indexing.engines.face_detector import Face
from indexing.engines.face_embedder import TEMPLATE
from indexing.engines.face_likeness import SAME
from tests.indexing.analysers.made_media import MadeMedia, bare_context, shots_context

REGION = Region(0.25, 0.25, 0.5, 0.5)
POINTS = REGION[0] + TEMPLATE / 112 * REGION[2]
Seen = Mapping[int, Sequence[Region]]


class Told:
    """Sees faces at given places of given greys; a face's vector points where its grey says."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen

    def detect(self, rgb: np.ndarray) -> list[Face]:
        return [Face(0.9, region, POINTS) for region in self.seen.get(int(rgb[0, 0, 0]), ())]

    def embed(self, aligned: Sequence[np.ndarray]) -> np.ndarray:
        return np.eye(256, 128, dtype=np.float32)[[int(face[56, 56, 0]) % 128 for face in aligned]]


@pytest.fixture
def analyse(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Finding]]:
    """Analyse a made medium with faces of given places and one quality."""

    def run(media: MadeMedia, context: Context, seen: Seen, quality: float = 0.8) -> list[Finding]:
        told = Told(seen)
        monkeypatch.setattr(faces, "open_detector", lambda path, threads: told)
        monkeypatch.setattr(faces, "open_embedder", lambda path, threads: told)
        monkeypatch.setattr(faces, "quality", lambda face, landmarks, width: quality)
        return list(Faces().analyse(media, context))

    return run


def test_every_face_of_a_picture_is_a_fact_with_its_vector(analyse: Callable[..., list[Finding]]) -> None:
    other = Region(0, 0, 0.1, 0.1)
    one, two = analyse(MadeMedia("image"), bare_context(), {128: [REGION, other]})
    assert (one.kind, one.text, one.confidence, one.place) == ("face", "", 0.9, Place(region=REGION))
    assert two.place.region == other
    assert one.details["quality"] == 0.8
    assert one.details["landmarks"] == pytest.approx(POINTS, abs=1e-4)
    assert one.vector is not None
    assert (one.vector.space, one.vector.values.shape) == ("sface", Faces.spaces["sface"] and (128,))


def test_a_poor_face_is_a_box_and_no_vector(analyse: Callable[..., list[Finding]]) -> None:
    (face,) = analyse(MadeMedia("image"), bare_context(), {128: [REGION]}, quality=0.19)
    assert (face.vector, face.place.region, face.details["quality"]) == (None, REGION, 0.19)


def test_a_film_has_one_fact_a_track(analyse: Callable[..., list[Finding]]) -> None:
    found = analyse(MadeMedia("video", duration=10.0), shots_context(), {10: [REGION], 80: [REGION]})
    assert [(each.place.start, each.place.end) for each in found] == [(0.0, 4.0), (6.0, 10.0)]
    details = found[1].details
    assert (details["frames"], details["spans"]) == (1, [[6.0, 10.0]])
    assert details["boxes"] == [{"second": 8.0, "x": 0.25, "y": 0.25, "w": 0.5, "h": 0.5}]
    assert found[1].vector is not None
    assert found[1].vector.place == found[1].place


def test_nobody_seen_is_nothing_found(analyse: Callable[..., list[Finding]]) -> None:
    assert analyse(MadeMedia("image"), bare_context(), {}) == []
    assert analyse(MadeMedia("video", duration=3.0), bare_context(), {}) == []


def test_a_crowd_in_a_film_is_followed_by_its_largest_faces(analyse: Callable[..., list[Finding]]) -> None:
    crowd = [Region(0.01 * n, 0, 0.001 * (n + 1), 0.01) for n in range(60)]
    found = analyse(MadeMedia("video", duration=3.0), bare_context(), {15: crowd})
    assert len(found) == faces.MOST_IN_A_FRAME
    assert min(each.place.region.w for each in found if each.place.region) == pytest.approx(0.021)


def test_the_boxes_told_of_a_long_track_are_bounded_and_reach_to_its_end() -> None:
    assert faces.thinned(range(5)) == range(5)
    assert len(faces.thinned(range(1001))) == faces.MOST_BOXES
    assert (faces.thinned(range(1001))[0], faces.thinned(range(1001))[-1]) == (0, 1000)


@pytest.mark.models
class TestRealFaces:
    @pytest.fixture
    def photo(self, shared: Callable[..., Path]) -> Callable[[str], np.ndarray]:
        for name in Faces.weights:
            if not weights.available(name):
                pytest.skip(weights.shelf().reason(name))
        folder = shared("media", "faces")
        return lambda name: np.asarray(Image.open(folder / f"examples__{name}").convert("RGB"))

    def test_two_people_in_a_photograph(self, photo: Callable[[str], np.ndarray]) -> None:
        found = list(Faces().analyse(MadeMedia("image", photo("two_people.jpg")), real_context()))
        assert len(found) == 2
        vectors = [each.vector.values for each in found if each.vector]
        assert vectors[0] @ vectors[1] < SAME
        assert min(each.details["quality"] for each in found) > 0.8

    def test_a_dialogue_is_two_people_however_often_it_is_cut(
        self, photo: Callable[[str], np.ndarray]
    ) -> None:
        one, other = photo("obama.jpg"), photo("biden.jpg")
        film = Film(
            [one, other, np.roll(one, 90, 1), np.ascontiguousarray(other[:, ::-1]), photo("obama2.jpg")]
        )
        found = list(Faces().analyse(film, real_context(film.shots)))
        assert [each.details["spans"] for each in found] == [
            [[0.0, 2.0], [4.0, 6.0], [8.0, 10.0]],
            [[2.0, 4.0], [6.0, 8.0]],
        ]


class Film(MadeMedia):
    """Each picture is a shot of two seconds."""

    def __init__(self, pictures: Sequence[np.ndarray]) -> None:
        super().__init__("video", duration=2.0 * len(pictures))
        self.pictures = [cv2.resize(each, (640, 800)) for each in pictures]
        self.shots = [Finding("shot", place=Place(2.0 * n, 2.0 * n + 2)) for n in range(len(pictures))]

    def frames(self, seconds: Sequence[float], long_side: int) -> Iterator[Frame]:
        for second in seconds:
            yield Frame(second, self.pictures[int(second / 2)])


def real_context(shots: Sequence[Finding] = ()) -> Context:
    return Context(weights.path, lambda kind: shots if kind == "shot" else (), threads=2)
