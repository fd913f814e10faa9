"""Captions by a network and captions composed from facts keep to one contract."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from indexing.analysers import captions
from indexing.analysers.captions import COMPOSED, Captions
from indexing.analysers.contract import Context, Finding, Place
from indexing.engines.captioner import Sentence
from tests.indexing.analysers.made_media import MadeMedia, bare_context, shots_context

Seen = Callable[[int], str]


@pytest.fixture
def analyse(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Finding]]:
    """Caption a made medium with a network that knows pictures by their grey."""

    def run(media: MadeMedia, context: Context, seen: Seen) -> list[Finding]:
        class Told:
            def describe(self, pictures: Sequence[np.ndarray]) -> list[Sentence]:
                assert len(pictures) <= captions.BATCH
                return [Sentence(seen(int(picture[0, 0, 0])), 0.5) for picture in pictures]

        monkeypatch.setattr(captions, "open_captioner", lambda path, threads: Told())
        return list(Captions("blip-base").analyse(media, context))

    return run


def of(kind: str, found: Sequence[Finding]) -> list[tuple[Place, str]]:
    return [(finding.place, finding.text) for finding in found if finding.kind == kind]


def told(**kinds: Sequence[Finding]) -> Context:
    return Context(lambda name: Path(), lambda kind: kinds.get(kind, ()))


def test_a_picture_has_one_caption_and_one_alternative_text(analyse: Callable[..., list[Finding]]) -> None:
    found = analyse(MadeMedia("image"), bare_context(), lambda grey: "A picture of a dog.")
    assert [(f.kind, f.text, f.confidence) for f in found] == [
        ("caption", "A picture of a dog.", 0.5),
        ("alt", "A dog", 0.5),
    ]
    assert all("composed" not in finding.details for finding in found)


def test_a_network_without_words_says_nothing(analyse: Callable[..., list[Finding]]) -> None:
    assert analyse(MadeMedia("image"), bare_context(), lambda grey: "") == []
    assert analyse(MadeMedia("video", duration=10.0), shots_context(), lambda grey: "") == []


def test_a_film_has_a_sentence_for_each_shot_and_a_paragraph(analyse: Callable[..., list[Finding]]) -> None:
    words = {10: "A dog.", 55: "A cat.", 80: "A dog.", 128: "A poster."}
    found = analyse(MadeMedia("video", duration=10.0), shots_context(), words.__getitem__)
    assert of("caption", found) == [
        (Place(0.0, 4.0), "A dog."),
        (Place(4.0, 6.0), "A cat."),
        (Place(6.0, 10.0), "A dog."),
        (Place(), "A dog. A cat."),
    ]
    assert of("alt", found) == [(Place(), "A poster")]


def test_a_film_without_shots_is_one_shot(analyse: Callable[..., list[Finding]]) -> None:
    found = analyse(MadeMedia("video", duration=6.0), bare_context(), lambda grey: "A road.")
    assert of("caption", found) == [(Place(0.0, 6.0), "A road."), (Place(), "A road.")]


def test_a_composed_caption_is_marked_and_names_its_kinds() -> None:
    context = told(object=[Finding("object", "dog", confidence=0.9)], scene=[Finding("scene", "beach")])
    caption, alt = Captions().analyse(MadeMedia("image"), context)
    assert (caption.kind, caption.text, caption.confidence) == ("caption", "A dog; beach.", 0.9)
    assert (alt.kind, alt.text) == ("alt", "A dog; beach")
    assert caption.details == alt.details == {"composed": True, "from": ["object", "scene"]}


def test_nothing_known_is_nothing_said() -> None:
    assert list(Captions().analyse(MadeMedia("image"), bare_context())) == []
    assert list(Captions().analyse(MadeMedia("video", duration=10.0), shots_context())) == []


def test_neighbouring_shots_of_which_the_same_is_known_share_a_caption() -> None:
    shots = shots_context().facts("shot")
    dog = Finding("object", "dog", place=Place(0.0, 6.0), confidence=0.9, details={"count": 1})
    car = Finding("object", "car", place=Place(6.0, 10.0), confidence=0.8, details={"count": 2})
    found = list(Captions().analyse(MadeMedia("video", duration=10.0), told(shot=shots, object=[dog, car])))
    assert of("caption", found) == [
        (Place(0.0, 6.0), "A dog."),
        (Place(6.0, 10.0), "Two cars."),
        (Place(), "A dog and two cars."),
    ]
    assert of("alt", found) == [(Place(), "A dog and two cars")]


def test_the_network_needs_its_weights_and_composing_needs_none() -> None:
    network = Captions.choose({"captions": "blip-base"}.__getitem__)
    composing = Captions.choose({"captions": COMPOSED}.__getitem__)
    assert (network.weights, network.depends) == (("blip-base",), ("shots",))
    assert (composing.weights, composing.model) == ((), COMPOSED)
    assert "objects" in composing.depends
