"""The moments that matter: where people clap or laugh, are named, say what is watched for, or begin anew."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Place, Queue

WORTH: Mapping[str, float] = {
    "mention": 1.0,
    "applause": 0.9,
    "cheering": 0.9,
    "laughter": 0.8,
    "person": 0.7,
    "speaker": 0.7,
    "chapter": 0.5,
}
"""What an event of each kind is worth where it is certain: an editorial choice, not a measured one. People's
own words (what they watch for) come first, then how an audience answers, then who is there."""
SOUNDS = ("applause", "cheering", "laughter")
NEAR = 4.0  # seconds between events of one moment
SHORTEST, LONGEST = 4.0, 20.0  # seconds of a moment
LEAD_IN = 3.0  # seconds before an audience answers, in which it heard what it answers to
PER_MINUTE, FEWEST, MOST = 0.5, 3, 40  # moments of a recording
LEAST = 0.4  # the worth from which a moment is one
REASONS = 4


@dataclass(frozen=True)
class Event:
    """Something that makes its time (seconds) matter; `says` is the reason in words, `worth` 0..1."""

    start: float
    end: float
    says: str
    worth: float


class Highlights:
    """One "highlight" a moment, with its rank as number (1 is the best) and its reasons as text."""

    name = "highlights"
    version = "1"
    model = ""
    kinds: Sequence[str] = ("highlight",)
    applies_to: Sequence[MediaKind] = ("audio", "video")
    depends: Sequence[str] = ("sounds", "mentions", "chapters", "faces", "speakers", "speech", "shots")
    queue: Queue = "cpu"
    weights: Sequence[str] = ()
    spaces: Mapping[str, int] = {}

    def analyse(self, media: Media, context: Context) -> Iterator[Finding]:
        duration = media.duration or 0.0
        cuts = sorted({edge for kind in ("speech", "shot") for edge in _edges(context.facts(kind))})
        moments = [_framed(moment, cuts, duration) for moment in moments_of(_events(context))]
        for rank, moment in enumerate(best(moments, duration), 1):
            yield Finding(
                "highlight",
                moment.says,
                number=float(rank),
                place=Place(round(moment.start, 3), round(moment.end, 3)),
                confidence=round(moment.worth, 3),
            )


def moments_of(events: Iterable[Event]) -> list[Event]:
    """Events that lie within NEAR seconds of each other as one; its worth is the chance that any of them
    matters, were they independent: 1 - product of (1 - worth), each reason counted once."""
    groups: list[list[Event]] = []
    for event in sorted(events, key=lambda each: each.start):
        group = groups[-1] if groups else []
        close = group and event.start - max(each.end for each in group) <= NEAR
        if close and max(event.end, *(each.end for each in group)) - group[0].start <= LONGEST:
            group.append(event)
        else:
            groups.append([event])
    return [_together(group) for group in groups]


def best(moments: Iterable[Event], duration: float) -> list[Event]:
    """The moments that are worth showing, the best first, in number bounded by the duration in seconds."""
    most = min(MOST, max(FEWEST, round(duration / 60 * PER_MINUTE)))
    chosen: list[Event] = []
    for moment in sorted(moments, key=lambda each: (-each.worth, each.start)):
        apart = all(moment.start >= other.end or other.start >= moment.end for other in chosen)
        if moment.worth >= LEAST and apart and len(chosen) < most:
            chosen.append(moment)
    return chosen


def _events(context: Context) -> Iterator[Event]:
    for fact in context.facts("sound"):
        if fact.text in SOUNDS:
            yield from _event(fact, fact.text.capitalize(), WORTH[fact.text], LEAD_IN)
    for fact in context.facts("mention"):
        yield from _event(fact, f"“{fact.text}” is said", WORTH["mention"])
    for kind, does in (("person", "appears"), ("speaker", "speaks")):
        for fact in _first_of_each(context.facts(kind)):
            yield from _event(fact, f"{fact.text} {does}", WORTH[kind])
    for fact in list(context.facts("chapter"))[1:]:
        yield from _event(fact, f"Begins: {fact.text}" if fact.text else "A new chapter", WORTH["chapter"])


def _event(fact: Finding, says: str, worth: float, lead: float = 0.0) -> Iterator[Event]:
    """The fact as an event; a long one counts by its beginning. Nothing where it has no time."""
    if fact.place.start is None:
        return
    start = max(0.0, fact.place.start - lead)
    end = min(fact.place.end or fact.place.start, fact.place.start + LONGEST / 2)
    sure = 1.0 if fact.accepted or fact.confidence is None else fact.confidence
    yield Event(start, end, says, worth * sure)


def _first_of_each(facts: Iterable[Finding]) -> list[Finding]:
    """Somebody is news when he comes, not all the while."""
    first: dict[str, Finding] = {}
    for fact in facts:
        first.setdefault(fact.text, fact)
    return list(first.values())


def _together(group: Sequence[Event]) -> Event:
    by_reason: dict[str, float] = {}
    for event in group:
        by_reason[event.says] = max(event.worth, by_reason.get(event.says, 0.0))
    doubt = 1.0
    for worth in by_reason.values():
        doubt *= 1.0 - worth
    reasons = sorted(by_reason, key=lambda says: -by_reason[says])[:REASONS]
    return Event(group[0].start, max(each.end for each in group), "; ".join(reasons), 1.0 - doubt)


def _edges(facts: Iterable[Finding]) -> Iterator[float]:
    for fact in facts:
        if fact.place.start is not None and fact.place.end is not None:
            yield from (fact.place.start, fact.place.end)


def _framed(moment: Event, cuts: Sequence[float], duration: float) -> Event:
    """The moment widened to SHORTEST, and to the cuts (ends of sentences, shots) around it within LONGEST."""
    spare = max(0.0, SHORTEST - (moment.end - moment.start)) / 2
    start, end = max(0.0, moment.start - spare), moment.end + spare
    room = max(0.0, LONGEST - (end - start)) / 2
    before, after = bisect_right(cuts, start) - 1, bisect_left(cuts, end)
    if before >= 0 and start - cuts[before] <= room:
        start = cuts[before]
    if after < len(cuts) and cuts[after] - end <= room:
        end = cuts[after]
    return Event(start, min(end, duration) if duration else end, moment.says, moment.worth)
