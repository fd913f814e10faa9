"""Who said what: words given to the speakers whose turns they fall into."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate, groupby
from typing import Generic, NamedTuple, Protocol, TypeVar

SHORTEST = 0.4  # seconds; less said within a sentence of another speaker is a slip of a border


class Timed(Protocol):
    """Something that lasts from `start` to `end`, in seconds: a word, or a whole sentence."""

    @property
    def start(self) -> float: ...

    @property
    def end(self) -> float: ...


class Turn(NamedTuple):
    """A stretch of seconds in which a speaker, known by his number in the recording, speaks."""

    start: float
    end: float
    speaker: int


Spoken = TypeVar("Spoken", bound=Timed)


class Part(NamedTuple, Generic[Spoken]):
    """Words in a row said by one speaker, or, without turns, by nobody known."""

    speaker: int | None
    words: Sequence[Spoken]

    @property
    def seconds(self) -> float:
        """How long the words last together."""
        return sum(word.end - word.start for word in self.words)


def assigned(words: Sequence[Timed], turns: Sequence[Turn]) -> list[int | None]:
    """The speaker of each word, in the order given; None for all where there are no turns.

    It is the one whose turns cover most of the word; where two speak at once the one who said the word
    before, else the one whose turn is shorter; where nobody speaks, the one whose turn is nearest.
    """
    timeline = _Timeline(turns)
    found: list[int | None] = []
    for word in words:
        found.append(timeline.speaker(word, found[-1] if found else None))
    return found


def parts(words: Sequence[Spoken], turns: Sequence[Turn]) -> list[Part[Spoken]]:
    """The words of one sentence cut where the speaker changes.

    A run of words shorter than SHORTEST seconds goes to the speaker beside it who says more.
    """
    told = zip(assigned(words, turns), words, strict=True)
    found = [Part(who, [word for _, word in group]) for who, group in groupby(told, key=lambda each: each[0])]
    while len(found) > 1:
        shortest = min(range(len(found)), key=lambda number: found[number].seconds)
        if found[shortest].seconds >= SHORTEST:
            break
        found = _absorbed(found, shortest)
    return found


def speaker_of(words: Sequence[Timed], turns: Sequence[Turn]) -> int | None:
    """The speaker who says most of a sentence, by seconds; None without words or turns."""
    seconds: dict[int, float] = {}
    for word, who in zip(words, assigned(words, turns), strict=True):
        if who is not None:
            seconds[who] = seconds.get(who, 0.0) + word.end - word.start
    return max(seconds, key=lambda who: seconds[who], default=None)


def _absorbed(found: Sequence[Part[Spoken]], number: int) -> list[Part[Spoken]]:
    """The parts with one of them given to its larger neighbour; parts of one speaker that meet are joined."""
    beside = [each for each in (number - 1, number + 1) if 0 <= each < len(found)]
    heir = found[max(beside, key=lambda each: found[each].seconds)].speaker
    renamed = [Part(heir, part.words) if n == number else part for n, part in enumerate(found)]
    return [
        Part(who, [word for part in group for word in part.words])
        for who, group in groupby(renamed, key=lambda part: part.speaker)
    ]


class _Timeline:
    """Turns in order of time, in which those around a second are found without looking at all."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._turns = sorted(turns)
        self._starts = [turn.start for turn in self._turns]
        self._latest = list(accumulate(self._turns, _later))
        self._ends = [turn.end for turn in self._latest]

    def speaker(self, word: Timed, before: int | None) -> int | None:
        near = self._touching(word) or self._around(word)
        if not near:
            return None
        covered: dict[int, float] = {}
        for turn in near:
            covered[turn.speaker] = covered.get(turn.speaker, 0.0) + _overlap(turn, word)

        def claim(turn: Turn) -> tuple[float, bool, float]:
            return round(covered[turn.speaker], 3), turn.speaker == before, turn.start - turn.end

        return max(near, key=claim).speaker

    def _touching(self, word: Timed) -> list[Turn]:
        first, last = bisect_right(self._ends, word.start), bisect_left(self._starts, word.end)
        return [turn for turn in self._turns[first:last] if _overlap(turn, word) > 0]

    def _around(self, word: Timed) -> list[Turn]:
        """The turn that ended last before the word or the one that begins first after it, if nearer."""
        after = bisect_left(self._starts, word.end)
        beside = [*self._latest[max(0, after - 1) : after], *self._turns[after : after + 1]]
        return sorted(beside, key=lambda turn: max(turn.start - word.end, word.start - turn.end))[:1]


def _later(one: Turn, other: Turn) -> Turn:
    """The turn that ends later."""
    return one if one.end >= other.end else other


def _overlap(turn: Turn, word: Timed) -> float:
    return min(turn.end, word.end) - max(turn.start, word.start)
