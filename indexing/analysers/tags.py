"""Tags from a vocabulary: what pictures are like in the space that they share with words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from indexing.analysers.contract import Context, Finding, Media, MediaError, MediaKind, Place, Queue, Vector
from indexing.analysers.spans import Sight, merged
from indexing.engines import cache
from indexing.engines.spaces import open_space
from indexing.vocabulary import vectors
from indexing.vocabulary.labels import KINDS, Label, digest
from indexing.vocabulary.tagger import CALIBRATION, Tag, Tagger, calibration

UNCALIBRATED = "Tags are not calibrated for {space} yet. To do so: manage.py vocabulary calibrate"


class Tags:
    """What a picture, or each stretch of a film, is like: one fact for each label that it deserves.

    Nothing is encoded again: the vectors are those of the analyser "clip". A label needs less likeness where
    things that go with it were detected, and more where it is written in the picture.
    """

    name = "tags"
    version = "1"
    kinds = KINDS
    applies_to: tuple[MediaKind, ...] = ("image", "video")
    depends = ("clip", "objects", "text")
    queue: Queue = "cpu"
    spaces: dict[str, int] = {}

    def __init__(self, space: str, labels: Sequence[Label], measured: Path) -> None:
        """`measured` is the installation's own file for the space: label vectors that are not shipped are
        kept there, and its background comes before the shipped one.

        Without a background for the space the analyser has a `hindrance`: why it cannot work, and what to do.
        """
        self.weights = (space,)
        self._space, self._labels, self._measured = space, labels, measured
        known = [path for path in (measured, vectors.shipped(space)) if vectors.background(path) is not None]
        self._background = known[0] if known else measured
        self.hindrance = "" if known else UNCALIBRATED.format(space=space)
        self.model = f"{space} {_identity(labels, self._background)}"

    def analyse(self, media: Media, context: Context) -> Iterable[Finding]:
        if self.hindrance:
            raise MediaError(self.hindrance)
        found = context.vectors(self._space)
        if not found:
            return []
        tagger = cache.loaded(("tags", self.model), lambda: self._load(context))
        if media.kind == "image":
            return [_finding(tag) for tag in _tags(tagger, found[0], context)]
        return list(_spans(tagger, found, context))

    def _load(self, context: Context) -> Tagger:
        """The tagger with the vectors of all labels; those that nobody measured are measured and kept."""
        known = {**vectors.kept(vectors.shipped(self._space)), **vectors.kept(self._measured)}
        missing = vectors.missing(self._labels, known)
        if missing:
            space = open_space(self._space, context.weights(self._space), context.threads)
            fresh = vectors.measure(missing, space.encode_text)
            vectors.add(self._measured, fresh)
            known.update(fresh)
        background = vectors.background(self._background)
        if background is None:
            raise MediaError(UNCALIBRATED.format(space=self._space))
        return Tagger(self._labels, known, background, calibration())


def _identity(labels: Sequence[Label], background: Path) -> str:
    """A name for the vocabulary and its measurements: a change of either makes earlier tags stale."""
    ground = vectors.background(background)
    return digest([*sorted(map(repr, labels)), CALIBRATION.read_text(), ground.identity if ground else ""])


def _tags(tagger: Tagger, vector: Vector, context: Context) -> list[Tag]:
    seen = [fact for fact in context.facts("object") if fact.place.region is not None]
    names = {fact.text for fact in seen if _meet(fact.place, vector.place)} if seen else None
    written = [fact.text for fact in context.facts("text") if _meet(fact.place, vector.place)]
    return tagger.tags(vector.values, names, "\n".join(written))


def _meet(one: Place, other: Place) -> bool:
    """Whether the spans overlap; what has none holds for all of the asset."""
    if one.start is None or other.start is None:
        return True
    return one.start < (other.end or float("inf")) and other.start < (one.end or float("inf"))


def _spans(tagger: Tagger, found: Sequence[Vector], context: Context) -> Iterator[Finding]:
    """Labels of neighbouring frames as one span each, kind by kind."""
    sights: dict[str, list[Sight]] = {}
    for number, vector in enumerate(found):
        for tag in _tags(tagger, vector, context):
            sight = Sight(number, vector.place, tag.label.name, tag.confidence)
            sights.setdefault(tag.label.kind, []).append(sight)
    for kind, of_kind in sights.items():
        yield from merged(kind, of_kind)


def _finding(tag: Tag) -> Finding:
    details = {"broader": tag.label.broader} if tag.label.broader else {}
    return Finding(
        tag.label.kind, tag.label.name, confidence=round(tag.confidence, 3), language="en", details=details
    )
