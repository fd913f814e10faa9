"""How a picture looks: its colours by name, how sharp and well lit it is, and what form it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Place, Queue
from indexing.analysers.keyframes import key_frames
from indexing.analysers.spans import Sight, runs
from indexing.engines.colours import Colour, dominant
from indexing.engines.exposure import Quality, quality
from indexing.engines.forms import Form, form_of

LONG_SIDE = 512
MEASURES = ("sharpness", "exposure", "contrast")


class Look(NamedTuple):
    """One picture, or one frame of a film with the span that it stands for."""

    place: Place
    colours: Sequence[Colour]
    quality: Quality
    form: Form | None


class Looks:
    """Facts of a picture; for a film, the stretches that share a colour or a form, and its quality."""

    name = "looks"
    version = "1"
    model = ""
    kinds = ("colour", "quality", "form")
    applies_to: tuple[MediaKind, ...] = ("image", "video")
    depends = ("shots",)
    queue: Queue = "cpu"
    weights: tuple[str, ...] = ()
    spaces: dict[str, int] = {}

    def analyse(self, media: Media, context: Context) -> Iterable[Finding]:
        if media.kind == "image":
            return _of_a_still(_look(Place(), media.picture(LONG_SIDE)))
        frames = key_frames(media, context, LONG_SIDE)
        return list(_of_a_film([_look(place, pixels) for place, pixels in frames]))


def _look(place: Place, pixels: np.ndarray) -> Look:
    return Look(place, dominant(pixels), quality(pixels), form_of(pixels))


def _of_a_still(look: Look) -> Iterator[Finding]:
    for colour in look.colours:
        yield _colour(colour, Place())
    yield from _qualities([look.quality])
    if look.form:
        yield _form(look.form, Place())


def _of_a_film(looks: Sequence[Look]) -> Iterator[Finding]:
    """Stretches of frames in a row that share a colour, and that share a form; quality of the whole."""
    for run in runs(_sights(looks)):
        spoken = [
            colour for sight in run for colour in looks[sight.frame].colours if colour.name == sight.label
        ]
        largest = max(spoken, key=lambda colour: colour.share)
        yield _colour(largest, Place(run[0].place.start, run[-1].place.end))
    if looks:
        yield from _qualities([look.quality for look in looks])
    for run in runs(
        Sight(number, look.place, look.form.name, look.form.confidence)
        for number, look in enumerate(looks)
        if look.form
    ):
        yield _form(Form(run[0].label, run[0].confidence), Place(run[0].place.start, run[-1].place.end))


def _sights(looks: Sequence[Look]) -> Iterator[Sight]:
    for number, look in enumerate(looks):
        for colour in look.colours:
            yield Sight(number, look.place, colour.name, colour.share)


def _colour(colour: Colour, place: Place) -> Finding:
    return Finding(
        "colour", colour.name, round(colour.share, 3), place, language="en", details={"hex": colour.hex}
    )


def _qualities(measured: Sequence[Quality]) -> Iterator[Finding]:
    """Each measure; of a film the median of its frames."""
    middle = Quality(*(float(value) for value in np.median(np.array(measured), axis=0)))
    lost = {"dark": round(middle.dark, 3), "bright": round(middle.bright, 3)}
    for name in MEASURES:
        details = lost if name == "exposure" else {}
        yield Finding("quality", name, round(getattr(middle, name), 3), language="en", details=details)


def _form(form: Form, place: Place) -> Finding:
    return Finding("form", form.name, place=place, confidence=form.confidence, language="en")
