"""Where one speaker is heard alone, and how long each one speaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexing.engines.diarization.contract import Turn

LONGEST = 10.0  # seconds by which a voice can be known well
MARGIN = 0.1  # seconds left out beside another speaker

Span = tuple[float, float]


def seconds_of(turns: Sequence[Turn]) -> dict[int, float]:
    """How long each speaker speaks."""
    seconds: dict[int, float] = {}
    for turn in turns:
        seconds[turn.speaker] = seconds.get(turn.speaker, 0.0) + turn.end - turn.start
    return seconds


def overlapping(turns: Sequence[Turn]) -> list[bool]:
    """Whether another one speaks during each of the turns, which are in order of time."""
    met = {number for pair in _meetings(turns) for number in pair}
    return [number in met for number in range(len(turns))]


def clearest(turns: Sequence[Turn]) -> dict[int, Span]:
    """The stretch by which each speaker can be heard: the longest in which he speaks alone, at most LONGEST
    seconds of its beginning; where he never does, the same of his longest turn."""
    best: dict[int, Span] = {}
    for turn, alone in zip(turns, _alone(turns), strict=True):
        if _length(alone) > _length(best.get(turn.speaker, (0.0, 0.0))):
            best[turn.speaker] = alone
    for turn in sorted(turns, key=lambda each: each.start - each.end):
        best.setdefault(turn.speaker, (turn.start, turn.end))
    return {speaker: (start, min(end, start + LONGEST)) for speaker, (start, end) in best.items()}


def _alone(turns: Sequence[Turn]) -> list[Span]:
    """The longest part of each turn in which nobody else speaks, or an empty span."""
    others: list[list[Span]] = [[] for _ in turns]
    for one, other in _meetings(turns):
        others[one].append((turns[other].start - MARGIN, turns[other].end + MARGIN))
        others[other].append((turns[one].start - MARGIN, turns[one].end + MARGIN))
    return [_longest_gap(turn.start, turn.end, met) for turn, met in zip(turns, others, strict=True)]


def _meetings(turns: Sequence[Turn]) -> Iterator[tuple[int, int]]:
    """Pairs of turns of different speakers that overlap, by their numbers; turns are in order of time."""
    open_ones: list[int] = []
    for number, turn in enumerate(turns):
        open_ones = [each for each in open_ones if turns[each].end > turn.start]
        yield from ((each, number) for each in open_ones if turns[each].speaker != turn.speaker)
        open_ones.append(number)


def _longest_gap(start: float, end: float, others: Sequence[Span]) -> Span:
    best, begin = (start, start), start
    for first, last in sorted(others):
        best = max(best, (begin, min(first, end)), key=_length)
        begin = max(begin, last)
    return max(best, (begin, end), key=_length) if begin < end else best


def _length(span: Span) -> float:
    return span[1] - span[0]
