"""Pictures and stretches of film that may show sexual content, for a person to decide."""

from __future__ import annotations

from collections.abc import Iterable

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Queue
from indexing.analysers.keyframes import key_frames
from indexing.analysers.spans import Sight, merged
from indexing.engines.nsfw import open_nsfw

LONG_SIDE = 320
LABEL = "sexual content"
THRESHOLD = 0.5
"""The network's makers call 0.2 safe and 0.8 all but certain, and leave what lies between to the user. A
person decides here, and one look costs less than one picture shown to whom it hurts."""


class Sensitive:
    """A proposal above THRESHOLD; below it nothing is claimed, not even that a picture is safe."""

    name = "sensitive"
    version = "1"
    model = "open-nsfw"
    kinds = ("sensitive",)
    applies_to: tuple[MediaKind, ...] = ("image", "video")
    depends = ("shots",)
    queue: Queue = "cpu"
    weights = ("open-nsfw",)
    spaces: dict[str, int] = {}

    def analyse(self, media: Media, context: Context) -> Iterable[Finding]:
        network = open_nsfw(context.weights(self.model), context.threads)
        if media.kind == "image":
            score = network.score(media.picture(LONG_SIDE))
            found = Finding("sensitive", LABEL, confidence=score, language="en")
            return [found] if score >= THRESHOLD else []
        frames = enumerate(key_frames(media, context, LONG_SIDE))
        scored = ((number, place, network.score(pixels)) for number, (place, pixels) in frames)
        return merged(
            "sensitive",
            [Sight(number, place, LABEL, score) for number, place, score in scored if score >= THRESHOLD],
        )
