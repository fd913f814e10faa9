"""Which words stand in a caption together, and in which of its lines: the cheapest way to part the text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import inf

from dam.export.captioning.phrases import BROKEN, SENTENCE, strain
from dam.export.captioning.rules import LINE, LONGEST
from dam.export.captioning.tokens import Token, width

CAPTION = 9.0
"""What every caption costs, so that there are no more than needed; a break in mid-phrase costs 5."""
END = 1.5
"""How much worse a break between captions is than one between lines."""
SHORT, STUB = 14, 4.0
"""Characters below which a caption that ends in mid-sentence is a stub, and what it costs."""
SECOND_LINE = 1.0
"""What a second line costs: one is read at a glance."""
UNEVEN = 3.0
"""What it costs when one of the two lines holds all, and the other nothing."""
TWO_SENTENCES = 2.0
"""What it costs to put a second sentence into a caption (BBC, Subtitle Guidelines, 3.2)."""
PAUSE, WAITING = 0.5, 12.0
"""Seconds of silence from which a caption would better end there, and what each second inside it costs."""

Lines = list[list[Token]]


def captions_of(stretch: Sequence[Token]) -> list[Lines]:
    """The stretch as captions of one or two lines, no line wider than LINE, no caption longer than LONGEST.

    Optimal partitioning: the cheapest way to each word is the cheapest one to the beginning of the caption
    that ends there, and that caption.
    """
    costs = _Costs(stretch)
    best, came_from = [0.0] + [inf] * len(stretch), [0] * (len(stretch) + 1)
    for last in range(1, len(stretch) + 1):
        for first in range(last - 1, -1, -1):
            if first < last - 1 and costs.too_much(first, last):
                break
            cost = best[first] + costs.caption(first, last)
            if cost < best[last]:
                best[last], came_from[last] = cost, first
    return [costs.lines(first, last) for first, last in _walked(came_from)]


def _walked(came_from: Sequence[int]) -> list[tuple[int, int]]:
    spans, last = [], len(came_from) - 1
    while last > 0:
        spans.append((came_from[last], last))
        last = came_from[last]
    return spans[::-1]


class _Costs:
    """What captions of half-open ranges of the tokens cost."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._passed = [0, *accumulate(width(each.text) + each.space for each in tokens)]
        self._strains = [_strain(*pair) for pair in pairwise(tokens)] + [SENTENCE]
        silences = (max(0.0, after.start - before.end - PAUSE) for before, after in pairwise(tokens))
        self._waiting = [0.0, 0.0, *accumulate(silences)]
        self._waits = [later - earlier for earlier, later in pairwise(self._waiting[1:])] + [0.0]
        sentences = accumulate(strain == SENTENCE for strain in self._strains)
        self._sentences = [0, *sentences]

    def too_much(self, first: int, last: int) -> bool:
        """Whether these words are too wide or too long for one caption; so are all with more before them."""
        tokens = self._tokens
        too_long = 1000 * (tokens[last - 1].end - tokens[first].start) > LONGEST
        return too_long or self._width(first, last) > 2 * LINE + 1

    def caption(self, first: int, last: int) -> float:
        """What a caption of these words costs, and the break after it; inf where they do not fit."""
        wide = self._width(first, last)
        inside = 0.0 if wide <= LINE else SECOND_LINE + self._best_break(first, last)[0]
        ends = self._sentences[last - 1] - self._sentences[first]
        waiting = self._waiting[last] - self._waiting[first + 1]
        after = self._after(last - 1)
        stub = STUB if wide < SHORT and after > SENTENCE else 0.0
        return CAPTION + inside + TWO_SENTENCES * ends + WAITING * waiting + after + stub

    def lines(self, first: int, last: int) -> Lines:
        """The words in the lines that cost least."""
        tokens = list(self._tokens[first:last])
        if self._width(first, last) <= LINE:
            return [tokens]
        at = self._best_break(first, last)[1] - first
        return [tokens[:at], tokens[at:]]

    def _after(self, index: int) -> float:
        """A break where somebody pauses disturbs less, unless it parts what belongs together."""
        strain = self._strains[index]
        return END * (strain if strain >= BROKEN else strain / (1 + 4 * self._waits[index]))

    def _best_break(self, first: int, last: int) -> tuple[float, int]:
        """What the best break into two lines costs, and the token that it comes before."""
        best = (inf, first)
        for at in range(first + 1, last):
            one, other = self._width(first, at), self._width(at, last)
            if one <= LINE and other <= LINE:
                uneven = UNEVEN * abs(one - other) / (one + other)
                best = min(best, (self._strains[at - 1] + uneven, at))
        return best

    def _width(self, first: int, last: int) -> int:
        return self._passed[last] - self._passed[first] - self._tokens[first].space


def _strain(before: Token, after: Token) -> float:
    """A word that was cut because it is wider than a line may be broken where it was cut."""
    if (
        not after.space
        and before.end == after.start
        and before.text[-1:].isalnum()
        and width(before.text) == LINE
    ):
        return CAPTION
    return strain(before.text, after.text, after.language)
