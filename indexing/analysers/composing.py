"""A caption put together from facts: nothing is said that no accepted or confident fact says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from indexing.analysers.contract import EVERYWHERE, Finding, Place
from indexing.analysers.wording import FILE_NAME, counted, cut, listed, sentence

FLOORS = {
    "object": 0.6, "action": 0.6, "event": 0.6, "scene": 0.6, "daytime": 0.6, "weather": 0.6, "text": 0.8,
    "place": 0.5,
}  # fmt: skip
"""The confidence from which a machine's undecided fact is believed. Kinds that are not here (names of people,
landmarks, moods) are said only when a person or the file vouches for them."""
TAGS = ("action", "event", "scene", "daytime", "weather", "landmark")
THINGS = 4
"""Kinds of things that are named at most."""
QUOTED = 60
"""Characters of on-screen text that are quoted at most."""

Facts = Callable[[str], Sequence[Finding]]


class Clause(NamedTuple):
    """Part of a caption, and the facts that say so."""

    text: str
    facts: Sequence[Finding]


class Composed(NamedTuple):
    """A caption, the confidence of its least sure fact (0..1), and the kinds of fact it comes from."""

    text: str
    confidence: float
    kinds: Sequence[str]


def vouched(fact: Finding) -> bool:
    """True for what the file says and what a person accepted."""
    return fact.accepted


def compose(facts: Facts, span: Place = EVERYWHERE, tags: int = 1, joint: str = "; ") -> Composed | None:
    """What the facts of a span say together, or None where they say nothing.

    Without a span all of the asset counts. `tags` is how many of each kind of tag are said, `joint` what
    stands between the clauses.
    """
    clauses = [clause for clause in _clauses(_Believed(facts, span), tags) if clause.text]
    if not clauses:
        return None
    used = [fact for clause in clauses for fact in clause.facts]
    parts = [clause.text for clause in clauses]
    text = (
        joint.join(parts) if joint == "; " else joint.join(f"{each[0].upper()}{each[1:]}" for each in parts)
    )
    return Composed(
        sentence(text), min(map(certainty, used)), list(dict.fromkeys(fact.kind for fact in used))
    )


def certainty(fact: Finding) -> float:
    """How sure a fact is, 0..1: a vouched one entirely."""
    return 1.0 if vouched(fact) or fact.confidence is None else fact.confidence


class _Believed:
    """The facts of a span that may be said, the most telling first."""

    def __init__(self, facts: Facts, span: Place) -> None:
        self._facts = facts
        self._span = span

    def __call__(self, kind: str) -> list[Finding]:
        floor = FLOORS.get(kind, 2.0)
        believed = [fact for fact in self._facts(kind) if vouched(fact) or certainty(fact) >= floor]
        there = [fact for fact in believed if falls_in(fact.place, self._span)]
        return sorted(
            there, key=lambda fact: (vouched(fact), seconds(fact.place), certainty(fact)), reverse=True
        )


def falls_in(place: Place, span: Place) -> bool:
    """True where half of the shorter one lies in the other, and for every place where there is no span."""
    if span.start is None or span.end is None:
        return True
    if place.start is None or place.end is None:
        return False
    shared = min(place.end, span.end) - max(place.start, span.start)
    return shared >= min(place.end - place.start, span.end - span.start) / 2 and shared >= 0


def seconds(place: Place) -> float:
    """How long a place lasts; nothing for a still and for all of an asset."""
    return place.end - place.start if place.start is not None and place.end is not None else 0.0


def _clauses(believed: _Believed, tags: int) -> Iterable[Clause]:
    yield _who_and_what(believed("person"), believed("object"))
    for kind in TAGS:
        yield _tag(believed(kind), tags)
    yield _writing([line for line in believed("text") if "symbology" not in line.details])
    places = believed("place")[:1]
    yield Clause(places[0].text if places else "", places)


def _who_and_what(people: Sequence[Finding], things: Sequence[Finding]) -> Clause:
    """Names first, then things by number; a person who is named is not counted again."""
    names = {person.text: person for person in people if vouched(person)}
    sorts: dict[str, list[Finding]] = defaultdict(list)
    for thing in things:
        sorts[thing.text].append(thing)
    numbers = {
        label: _number(found) - (len(names) if label == "person" else 0) for label, found in sorts.items()
    }
    said = [label for label in sorted(numbers, key=lambda each: each != "person") if numbers[label] > 0][
        :THINGS
    ]
    counts = [_counted(label, numbers[label], sorts[label], bool(names)) for label in said]
    text = listed([*names, *counts])
    return Clause(text, [*names.values(), *(fact for label in said for fact in sorts[label])])


def _number(found: Sequence[Finding]) -> int:
    """How many are seen at once: boxes of a still, or the largest number that a span tells."""
    spans = [int(fact.details.get("count", 1)) for fact in found if fact.place.start is not None]
    return max(spans) if spans else len(found)


def _counted(label: str, number: int, found: Sequence[Finding], beside_names: bool) -> str:
    """In words; only where a person vouches for every one is their number told exactly. Beside a person with
    a name, a person without one is another."""
    words = counted(label, number, exactly=all(map(vouched, found)))
    return words.replace("a person", "another person") if label == "person" and beside_names else words


def _tag(found: Sequence[Finding], number: int) -> Clause:
    words = {fact.text: fact for fact in reversed(found)}
    said = list(reversed(words))[:number]
    return Clause(listed(said), [words[word] for word in said])


def _writing(found: Sequence[Finding]) -> Clause:
    """The longest line that is quoted whole, else the longest, cut; never the name of a file."""
    lines = [(line.strip(), fact) for fact in found for line in fact.text.splitlines()]
    lines = [
        (line, fact)
        for line, fact in lines
        if sum(map(str.isalnum, line)) >= 2 and not FILE_NAME.search(line)
    ]
    if not lines:
        return Clause("", ())
    line, fact = max(lines, key=lambda each: (len(each[0]) <= QUOTED, len(each[0])))
    return Clause(f"text reads '{cut(line, QUOTED)}'", [fact])
