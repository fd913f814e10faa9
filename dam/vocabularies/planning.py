"""What taking concepts over would do, term by term, before anything is done."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from dam.vocabularies import concepts
from dam.vocabularies.concepts import Concept
from dam.vocabularies.hierarchy import circle_text, reached_from
from dam.vocabularies.labels import LANGUAGE, PREFERRED, Wording, name_of
from dam.vocabularies.models import LONGEST_LABEL, Vocabulary

FEW = 500
"""So many concepts are compared with their surroundings alone."""
LONGEST_URI = 1000
LONGEST_NOTATION = 100
NOWHERE = "http://relative.invalid/"
"""What addresses without a beginning are read against; nobody has this domain (RFC 2606)."""
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


class State(StrEnum):
    """What becomes of a concept."""

    ADDED = "added"
    CHANGED = "changed"
    KEPT = "kept"
    REFUSED = "refused"


@dataclass(frozen=True)
class Row:
    """One concept of the report; `notes` say why it is refused, what changes, or what is left out of it."""

    uri: str
    name: str
    state: State
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """The report, and the concepts that are to be written: those that are added or changed."""

    rows: list[Row]
    put: list[Concept]

    @property
    def report(self) -> dict[str, Any]:
        """The rows as JSON, refused ones first, and how many there are in each state."""
        order = [State.REFUSED, State.ADDED, State.CHANGED, State.KEPT]
        rows = sorted(self.rows, key=lambda row: (order.index(row.state), not row.notes))
        return {"counts": Counter(row.state for row in rows), "rows": [asdict(row) for row in rows]}

    @property
    def problems(self) -> list[str]:
        """What is refused or left out, in words."""
        return [note for row in self.rows if row.state is not State.CHANGED for note in row.notes] + [
            note for row in self.rows if row.state is State.CHANGED for note in row.notes[1:]
        ]


def plan(vocabulary: Vocabulary, incoming: Sequence[Concept]) -> Plan:
    """Compare concepts with those of the vocabulary. A concept without a label or an address is refused;
    steps that would close a circle are left out and named. Nothing is written."""
    standing = concepts.read(vocabulary, _concerned(vocabulary, incoming))
    refused = {at: reasons for at, each in enumerate(incoming) if (reasons := list(_refusals(each)))}
    mine = {each.uri: each for at, each in enumerate(incoming) if at not in refused}
    settled, notes = _Settling(standing, mine).settle()
    rows = [
        Row(each.uri, _name(each, vocabulary), State.REFUSED, refused[at])
        for at, each in _at(refused, incoming)
    ]
    rows += [_row(standing.get(uri), each, vocabulary, notes.get(uri, [])) for uri, each in settled.items()]
    fresh = [each for uri, each in settled.items() if standing.get(uri) != each]
    return Plan(rows, fresh)


def is_address(uri: str) -> bool:
    """Whether it is an absolute URI that a file of any syntax can hold."""
    return len(uri) <= LONGEST_URI and not uri.startswith(NOWHERE) and bool(URI.fullmatch(uri))


def _concerned(vocabulary: Vocabulary, incoming: Sequence[Concept]) -> set[str] | None:
    """The terms that a few concepts may have to do with; None for all of them, where there are many."""
    if len(incoming) > FEW:
        return None
    named = {uri for each in incoming for uri in (each.uri, *each.broader, *each.related)}
    return reached_from(vocabulary, named)


def _at(refused: Mapping[int, list[str]], incoming: Sequence[Concept]) -> Iterator[tuple[int, Concept]]:
    for at in refused:
        yield at, incoming[at]


def _refusals(concept: Concept) -> Iterator[str]:
    """Why a concept cannot be taken over. S14 of SKOS: one preferred label a language at most."""
    if not concept.uri or concept.uri.startswith(NOWHERE):
        yield "It has no address (URI) of its own."
    elif not is_address(concept.uri):
        yield f"“{concept.uri[:60]}” is no address (URI)."
    preferred = Counter(each.language for each in concept.labels if each.kind == PREFERRED)
    if not preferred:
        yield "It has no preferred label."
    for language, count in sorted(preferred.items()):
        if count > 1:
            yield f"It has {count} preferred labels in {language or 'no language'}; one is allowed."
    for each in concept.labels:
        if len(each.text) > LONGEST_LABEL or "\x00" in each.text:
            yield f"The label “{each.text[:30]}…” is longer than {LONGEST_LABEL} characters."
        if each.language and (len(each.language) > 35 or not LANGUAGE.fullmatch(each.language)):
            yield f"“{each.language[:35]}” is no language."
    if len(concept.notation) > LONGEST_NOTATION:
        yield f"Its notation is longer than {LONGEST_NOTATION} characters."


class _Settling:
    """Takes out of concepts what would not hold, and says so."""

    def __init__(self, standing: Mapping[str, Concept], mine: Mapping[str, Concept]) -> None:
        self._mine = mine
        self._known = {**standing, **mine}
        self._up = {uri: set(each.broader) for uri, each in standing.items() if uri not in mine}
        self._notes: dict[str, list[str]] = {}

    def settle(self) -> tuple[dict[str, Concept], dict[str, list[str]]]:
        """The concepts by address, and notes on them."""
        for uri, concept in self._mine.items():
            self._up[uri] = set()
            for above in concept.broader:
                self._step(uri, above)
        related = self._related()
        settled = {}
        for uri, concept in self._mine.items():
            labels = tuple(sorted(self._labels(concept)))
            broader, beside = tuple(sorted(self._up[uri])), tuple(sorted(related[uri]))
            matches = self._matches(concept)
            settled[uri] = replace(concept, labels=labels, matches=matches, broader=broader, related=beside)
        return settled, self._notes

    def _step(self, uri: str, above: str) -> None:
        if above not in self._known:
            self._note(uri, f"Its broader term {above[:200]} is not here; it is left out.")
        elif circle := self._way_up(above, uri):
            self._note(
                uri, f"{circle_text([self._name(each) for each in [uri, *circle]])} The step is left out."
            )
        else:
            self._up[uri].add(above)

    def _way_up(self, start: str, goal: str) -> list[str]:
        """The addresses from the goal down to the start, without the goal's first; empty where it is not
        above. The start itself is a way of no steps."""
        came: dict[str, str | None] = {start: None}
        waiting = [start]
        while waiting:
            here = waiting.pop()
            if here == goal:
                return _back(came, goal)
            for above in self._up.get(here, ()):
                if above not in came:
                    came[above] = here
                    waiting.append(above)
        return []

    def _related(self) -> dict[str, set[str]]:
        """Related terms, both ways; S27 of SKOS: none of them is above or below."""
        both: dict[str, set[str]] = {uri: set() for uri in self._mine}
        for uri, concept in self._mine.items():
            for other in concept.related:
                if other not in self._known or other == uri:
                    self._note(uri, f"The related term {other[:200]} is not here; it is left out.")
                elif self._way_up(uri, other) or self._way_up(other, uri):
                    self._note(uri, f"“{self._name(other)}” is above or below; it cannot be related.")
                else:
                    both[uri].add(other)
                    both.setdefault(other, set()).add(uri)
        return both

    def _labels(self, concept: Concept) -> Iterator[Wording]:
        """S13 of SKOS: a label is of one kind; the strongest stays."""
        seen: set[tuple[str, str]] = set()
        for each in sorted(concept.labels, key=lambda label: label.kind != PREFERRED):
            if (each.language, each.text) not in seen:
                seen.add((each.language, each.text))
                yield each
            else:
                self._note(concept.uri, f"“{each.text}” is there twice; the {each.kind} one is left out.")

    def _matches(self, concept: Concept) -> dict[str, list[str]]:
        kept: dict[str, list[str]] = {}
        for name, uris in concept.matches.items():
            for uri in uris:
                if is_address(uri):
                    kept.setdefault(name, []).append(uri)
                else:
                    self._note(concept.uri, f"“{uri[:60]}” is no address (URI); the match is left out.")
        return kept

    def _note(self, uri: str, text: str) -> None:
        self._notes.setdefault(uri, []).append(text)

    def _name(self, uri: str) -> str:
        return name_of(self._known[uri].labels, "en") or uri


def _back(came: Mapping[str, str | None], goal: str) -> list[str]:
    way: list[str] = []
    here: str | None = came[goal]
    while here is not None:
        way.append(here)
        here = came[here]
    return [*way, goal]


def _row(before: Concept | None, after: Concept, vocabulary: Vocabulary, notes: list[str]) -> Row:
    name = _name(after, vocabulary)
    if before is None:
        return Row(after.uri, name, State.ADDED, notes)
    if before == after:
        return Row(after.uri, name, State.KEPT, notes)
    return Row(
        after.uri, name, State.CHANGED, [f"Changes: {', '.join(_differences(before, after))}.", *notes]
    )


def _differences(before: Concept, after: Concept) -> Iterable[str]:
    for part in ("labels", "notation", "notes", "matches", "broader", "related"):
        if getattr(before, part) != getattr(after, part):
            yield part


def _name(concept: Concept, vocabulary: Vocabulary) -> str:
    return name_of(concept.labels, vocabulary.language) or concept.uri or "(without a name)"
