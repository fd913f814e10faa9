"""The looks analyser: colours, quality and form of a picture, and what stretches of a film share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from indexing.analysers.contract import Frame, Place
from indexing.analysers.looks import Looks
from tests.bench.made_forms import drawing
from tests.indexing.analysers.made_media import MadeMedia, bare_context, shots_context

RED, BLUE = (200, 20, 20), (30, 50, 200)


class Film(MadeMedia):
    """Red up to the sixth second, blue from then on."""

    def frames(self, seconds: Sequence[float], long_side: int) -> Iterator[Frame]:
        for second in seconds:
            yield Frame(second, np.full((120, 160, 3), RED if second < 6 else BLUE, np.uint8))


def test_a_picture_has_colours_with_shares_three_measures_and_no_form_that_is_not_clear() -> None:
    noise = np.random.default_rng(0).integers(0, 30, (90, 120, 3))
    picture = (noise + np.array([190, 10, 10])).clip(0, 255).astype(np.uint8)
    found = list(Looks().analyse(MadeMedia("image", picture), bare_context()))
    (red,) = (each for each in found if each.kind == "colour")
    assert (red.text, red.number, red.place) == ("red", 1.0, Place())
    assert red.details["hex"].startswith("#c")
    measures = {each.text: each.number for each in found if each.kind == "quality"}
    assert set(measures) == {"sharpness", "exposure", "contrast"}
    assert all(number is not None and 0 <= number <= 1 for number in measures.values())
    assert not [each for each in found if each.kind == "form"]


def test_a_drawing_is_said_to_be_one() -> None:
    found = list(Looks().analyse(MadeMedia("image", drawing(1)), bare_context()))
    (form,) = (each for each in found if each.kind == "form")
    assert (form.text, form.language) == ("drawing", "en")
    assert form.confidence is not None


def test_neighbouring_shots_of_one_colour_make_one_span_and_quality_is_of_the_whole() -> None:
    found = list(Looks().analyse(Film("video", duration=10.0), shots_context()))
    spans = [(each.text, each.place.start, each.place.end) for each in found if each.kind == "colour"]
    assert spans == [("red", 0.0, 6.0), ("blue", 6.0, 10.0)]
    qualities = [each for each in found if each.kind == "quality"]
    assert len(qualities) == 3
    assert all(each.place == Place() for each in qualities)
