"""The objects analyser: boxes of a picture, and the shots of a film in which a thing is seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexing import weights
from indexing.analysers import objects
from indexing.analysers.contract import Context, Finding, Place, Region
from indexing.analysers.objects import Objects
from indexing.engines.detector import Detection
from tests.indexing.analysers.made_media import MadeMedia, bare_context, shots_context

LEFT, RIGHT = Region(0.0, 0.0, 0.5, 1.0), Region(0.5, 0.0, 0.5, 1.0)
Seen = Mapping[int, list[Detection]]


@pytest.fixture
def analyse(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Finding]]:
    """Analyse a made medium with a detector that sees given things in given greys."""

    def run(media: MadeMedia, context: Context, seen: Seen) -> list[Finding]:
        class Told:
            def detect(self, rgb: np.ndarray) -> list[Detection]:
                return seen.get(int(rgb[0, 0, 0]), [])

        monkeypatch.setattr(objects, "open_detector", lambda model, path, threads: Told())
        return list(Objects("yolox-nano").analyse(media, context))

    return run


def test_every_box_of_a_picture_is_a_fact(analyse: Callable[..., list[Finding]]) -> None:
    two = [Detection("cat", 0.9, LEFT), Detection("cat", 0.5, RIGHT)]
    found = analyse(MadeMedia("image"), bare_context(), {128: two})
    assert [(f.kind, f.text, f.confidence, f.place) for f in found] == [
        ("object", "cat", 0.9, Place(region=LEFT)),
        ("object", "cat", 0.5, Place(region=RIGHT)),
    ]


def test_neighbouring_shots_make_one_span_with_the_surest_box(analyse: Callable[..., list[Finding]]) -> None:
    seen = {
        10: [Detection("dog", 0.5, LEFT)],
        55: [Detection("dog", 0.8, RIGHT), Detection("dog", 0.6, LEFT)],
    }
    (dog,) = analyse(MadeMedia("video", duration=10.0), shots_context(), seen)
    assert (dog.text, dog.confidence, dog.place) == ("dog", 0.8, Place(0.0, 6.0, RIGHT))
    assert dog.details == {"frames": 2, "count": 2}


def test_a_shot_without_the_thing_parts_the_spans(analyse: Callable[..., list[Finding]]) -> None:
    seen = {
        10: [Detection("dog", 0.5, LEFT)],
        80: [Detection("dog", 0.7, LEFT)],
        55: [Detection("cat", 0.9, LEFT)],
    }
    found = analyse(MadeMedia("video", duration=10.0), shots_context(), seen)
    spans = {(f.text, f.place.start, f.place.end) for f in found}
    assert spans == {("dog", 0.0, 4.0), ("cat", 4.0, 6.0), ("dog", 6.0, 10.0)}


def test_nothing_seen_is_nothing_found(analyse: Callable[..., list[Finding]]) -> None:
    assert analyse(MadeMedia("image"), bare_context(), {}) == []
    assert analyse(MadeMedia("video", duration=3.0), bare_context(), {}) == []


def test_the_model_is_the_one_that_serves_objects() -> None:
    analyser = Objects.choose({"objects": "yolov5n"}.__getitem__)
    assert (analyser.model, analyser.weights) == ("yolov5n", ("yolov5n",))


@pytest.mark.models
def test_real_things_in_a_photograph(shared: Callable[..., Path]) -> None:
    model = weights.chosen("objects")
    if not weights.available(model):
        pytest.skip(weights.shelf().reason(model))
    photo = np.asarray(
        Image.open(shared("media", "photos_coco", "images", "000000000285.jpg")).convert("RGB")
    )
    found = Objects(model).analyse(MadeMedia("image", photo), Context(weights.path, threads=2))
    assert "bear" in {finding.text for finding in found}
