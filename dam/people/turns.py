"""Whose words stand at a second of a recording, whatever number the last diarization gave to that speaker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from indexing.analysers.contract import Place
from indexing.places import SAME

Span = tuple[float, float]
"""Seconds, from and to."""
Spoken = tuple[str, Mapping[str, Any], Place]
"""The kind, details and place of a fact; "turn" and "voice" facts tell the speaker in details["speaker"]."""


class Turns:
    """The spans in which each speaker of one recording speaks, by the numbers of one diarization."""

    def __init__(self, facts: Iterable[Spoken]) -> None:
        spans: dict[int, list[Span]] = {}
        self._stretches: dict[int, list[Span]] = {}
        for kind, details, place in facts:
            number, span = details.get("speaker"), span_of(place)
            if kind in ("turn", "voice") and isinstance(number, int) and span:
                spans.setdefault(number, []).append(span)
                if kind == "voice":
                    self._stretches.setdefault(number, []).append(span)
        self.spans = {number: merged(each) for number, each in sorted(spans.items())}

    def at(self, place: Place) -> int | None:
        """The speaker who speaks for at least half of that span, and for most of it.

        Where two speak at once it is the one whose clearest stretch lies there. None where nobody does.
        """
        span = span_of(place)
        if span is None or place.region is not None or not self.spans:
            return None
        best = max(self.spans, key=lambda number: self._claim(number, span))
        return best if self._claim(best, span)[0] >= SAME * (span[1] - span[0]) else None

    def of(self, number: int | None) -> Sequence[Span]:
        """When that speaker speaks, in order of time; never for None."""
        return self.spans.get(number, ()) if number is not None else ()

    def seconds(self, number: int) -> float:
        """For how long that speaker speaks."""
        return length(self.of(number))

    def _claim(self, number: int, span: Span) -> tuple[float, float]:
        return shared(self.spans[number], [span]), shared(self._stretches.get(number, ()), [span])


def span_of(place: Place) -> Span | None:
    """The span of a place that lasts for a while."""
    lasts = place.start is not None and place.end is not None and place.end > place.start
    return (place.start, place.end) if lasts else None  # type: ignore[return-value]


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same moments in spans that do not touch each other, in order of time."""
    whole: list[Span] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole


def length(spans: Iterable[Span]) -> float:
    """Seconds of spans that do not touch each other."""
    return sum(end - start for start, end in spans)


def shared(some: Sequence[Span], others: Sequence[Span]) -> float:
    """Seconds that lie in both; either is in order of time and free of overlap in itself."""
    total, first, second = 0.0, 0, 0
    while first < len(some) and second < len(others):
        (start, end), (other_start, other_end) = some[first], others[second]
        total += max(0.0, min(end, other_end) - max(start, other_start))
        if end < other_end:
            first += 1
        else:
            second += 1
    return total
