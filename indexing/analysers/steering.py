"""What other analysers heard decides which text is believed: none where there is music and nobody speaks."""

from __future__ import annotations

from collections.abc import Sequence

from indexing.analysers.contract import Finding
from indexing.engines.speech import Segment

MUSIC = {"music", "singing"}
SPEECH = {"speech"}
COVERED = 0.8  # share of a passage that lies in music
SPOKEN = 0.2  # share of it in which somebody speaks
CLEAR = 0.8  # confidence from which words are believed all the same, as of a clear song


class Steering:
    """The spans of music and of speech that were found in a recording ("sound" facts)."""

    def __init__(self, sounds: Sequence[Finding]) -> None:
        self._music = _spans(sounds, MUSIC)
        self._speech = _spans(sounds, SPEECH)

    def doubt(self, segment: Segment) -> str:
        """Why a segment (seconds of the recording) is not to be believed: "music", or nothing."""
        if segment.confidence >= CLEAR or segment.end <= segment.start:
            return ""
        in_music = _share(segment, self._music) >= COVERED
        return "music" if in_music and _share(segment, self._speech) < SPOKEN else ""


def _spans(sounds: Sequence[Finding], names: set[str]) -> list[tuple[float, float]]:
    """Spans of the named sounds in order, joined where they overlap."""
    places = [each.place for each in sounds if each.text.casefold() in names]
    spans: list[tuple[float, float]] = []
    for start, end in sorted((place.start or 0.0, place.end or 0.0) for place in places):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _share(segment: Segment, spans: Sequence[tuple[float, float]]) -> float:
    common = (min(segment.end, end) - max(segment.start, start) for start, end in spans)
    return sum(each for each in common if each > 0) / (segment.end - segment.start)
