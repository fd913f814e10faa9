"""A transcript in the making: what was heard so far, kept so that a run can go on where it was cut off."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field

from indexing.analysers.contract import Finding
from indexing.analysers.sentences import finding, moved, sentences
from indexing.engines.speech import RATE, Segment, Word

logger = logging.getLogger(__name__)

KEPT_SPANS = 100  # spans of suppressed text that are written down; all are counted

Heard = tuple[int | None, Segment]


@dataclass
class Transcript:
    """What was heard in the first `passed` samples.

    `channels` are those transcribed on their own, or none where they are mixed. `languages` holds the last
    language of each of them by its place in that list ("0" for the mix), `heard` the sentences with their
    channel, `suppressed` start, end (seconds) and reason of each passage whose text was not believed.
    """

    channels: Sequence[int]
    hints: Sequence[str]
    passed: int = 0
    languages: dict[str, str] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    suppressed: list[tuple[float, float, str]] = field(default_factory=list)

    def dump(self) -> bytes:
        """All of it as JSON; `load` gives an equal transcript."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def resumed(cls, data: bytes | None) -> Transcript | None:
        """What `dump` wrote, or None where nothing was written or it cannot be read."""
        if data is None:
            return None
        try:
            return cls.load(data)
        except (ValueError, KeyError, TypeError) as problem:
            logger.warning("A transcript begins anew, its checkpoint is unreadable: %s", problem)
            return None

    @classmethod
    def load(cls, data: bytes) -> Transcript:
        """What `dump` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        fields = json.loads(data)
        heard = [(channel, _segment(row)) for channel, row in fields.pop("heard")]
        suppressed = [(start, end, reason) for start, end, reason in fields.pop("suppressed")]
        return cls(heard=heard, suppressed=suppressed, **fields)

    def language(self, number: int) -> str:
        """The language last spoken on a channel, by its place in the list."""
        return self.languages.get(str(number), "")

    def hear(self, segment: Segment, number: int, samples: int, doubt: Callable[[Segment], str]) -> None:
        """Add a segment of the window after the `passed` samples, which has that many samples.

        `number` is the channel's place in the list; `doubt` gives a reason not to believe a sentence.
        """
        offset, limit = self.passed / RATE, (self.passed + samples) / RATE
        channel = self.channels[number] if self.channels else None
        for sentence in sentences([segment]):
            placed = moved(sentence, offset, limit)
            if reason := placed.suppressed or doubt(placed):
                self.suppressed.append((placed.start, placed.end, reason))
            else:
                self.heard.append((channel, placed))
                self.languages[str(number)] = segment.language

    def findings(self) -> Iterator[Finding]:
        """One "speech" for each sentence in order of time, and the count of what was suppressed."""
        for channel, segment in sorted(self.heard, key=lambda each: (each[1].start, each[0] or 0)):
            yield finding(segment, {} if channel is None else {"channel": channel})
        if self.suppressed:
            yield self._condition()

    def _condition(self) -> Finding:
        reasons: dict[str, list[float]] = defaultdict(list)
        for start, end, reason in self.suppressed:
            reasons[reason].append(end - start)
        told = ", ".join(f"{len(lengths)} {reason}" for reason, lengths in sorted(reasons.items()))
        details = {
            "seconds": round(sum(end - start for start, end, _ in self.suppressed), 3),
            "reasons": {
                reason: {"passages": len(lengths), "seconds": round(sum(lengths), 3)}
                for reason, lengths in reasons.items()
            },
            "spans": self.suppressed[:KEPT_SPANS],
        }
        count = len(self.suppressed)
        return Finding("condition", f"suppressed speech ({told})", number=float(count), details=details)


def _segment(row: Sequence[object]) -> Segment:
    segment = Segment(*row)  # type: ignore[arg-type]
    return segment._replace(words=[Word(*word) for word in segment.words])
