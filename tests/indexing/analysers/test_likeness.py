"""The likeness analyser: a hash for a picture, one for each frame of a film that shows anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from indexing.analysers.contract import EVERYWHERE, Frame, Place
from indexing.analysers.likeness import Likeness
from indexing.engines.perceptual_hash import BITS, SPACE
from tests.indexing.analysers.made_media import SHOTS, MadeMedia, bare_context, shots_context
from tests.indexing.engines.test_perceptual_hash import scene


class Film(MadeMedia):
    """A film of a different scene at every second, with a black one in between."""

    def frames(self, seconds: Sequence[float], long_side: int) -> Iterator[Frame]:
        for second in seconds:
            pixels = np.asarray(scene(int(second)))
            yield Frame(second, np.zeros_like(pixels) if second == SHOTS[1][2] else pixels)


def test_a_picture_has_one_hash_for_all_of_it() -> None:
    (vector,) = Likeness().analyse(MadeMedia("image", np.asarray(scene(1))), bare_context())
    assert (vector.space, vector.place) == (SPACE, EVERYWHERE)
    assert Likeness.spaces == {SPACE: BITS} == {vector.space: len(vector.values)}


def test_a_film_has_one_for_each_shot_but_not_for_a_black_one() -> None:
    vectors = list(Likeness().analyse(Film("video", duration=10.0), shots_context()))
    assert [vector.place for vector in vectors] == [Place(*SHOTS[0][:2]), Place(*SHOTS[2][:2])]


def test_a_plain_picture_has_none() -> None:
    assert list(Likeness().analyse(MadeMedia("image"), bare_context())) == []
