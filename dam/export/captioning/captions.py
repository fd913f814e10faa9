"""Captions of a transcript: by the rules of broadcasters, and complete."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from dam.export.captioning.layout import Lines, captions_of
from dam.export.captioning.rules import GAP, LATE, LINE, LONGEST
from dam.export.captioning.timing import Spoken, reading_time, timed
from dam.export.captioning.tokens import Token, labelled, stretches, width
from dam.export.spoken import Segment

DASH = "- "
"""What the lines of two who speak within one caption begin with."""


class Line(NamedTuple):
    """A line of a caption, who says it and in which language."""

    text: str
    speaker: str
    language: str


@dataclass(frozen=True)
class Caption:
    """One or two lines and the milliseconds between which they stand. `late` says by how many they come after
    the words, where the speech is faster than can be read."""

    start: int
    end: int
    lines: Sequence[Line]
    late: int = 0


class _Draft(NamedTuple):
    """A caption without its time: its lines and when they are said, in milliseconds."""

    lines: Sequence[Line]
    start: int
    end: int

    @property
    def characters(self) -> int:
        return sum(width(line.text) for line in self.lines) + len(self.lines) - 1

    @property
    def speaker(self) -> str:
        return self.lines[-1].speaker


def captions(
    segments: Sequence[Segment], duration: float | None = None, labels: bool = False
) -> list[Caption]:
    """The captions of a transcript in order of time; `duration` in seconds, where it is known.

    Not a word is left out. `labels` writes the name of each new speaker before his words; their width and
    the time to read them are counted.
    """
    drafts = _dialogues(list(_drafts(segments, labels)))
    spoken = [Spoken(draft.start, draft.end, draft.characters) for draft in drafts]
    times = timed(spoken, None if duration is None else int(1000 * duration))
    return [
        Caption(start, end, draft.lines, max(0, start - draft.start))
        for draft, (start, end) in zip(drafts, times, strict=True)
    ]


def lateness(made: Iterable[Caption]) -> int:
    """Milliseconds by which the latest caption comes after its words, where that is too late; else 0."""
    latest = max((caption.late for caption in made), default=0)
    return latest if latest > LATE else 0


def _drafts(segments: Sequence[Segment], labels: bool) -> Iterable[_Draft]:
    speaker = ""
    for stretch in stretches(segments):
        new = stretch[0].speaker != speaker
        speaker = stretch[0].speaker
        for lines in captions_of(labelled(stretch) if labels and new else stretch):
            yield _draft(lines)


def _draft(lines: Lines) -> _Draft:
    tokens = [token for line in lines for token in line]
    start, end = tokens[0].start, max(token.end for token in tokens)
    return _Draft([_line(line) for line in lines], int(1000 * start), int(1000 * end))


def _line(tokens: Sequence[Token]) -> Line:
    text = "".join(
        f"{' ' if token.space and number else ''}{token.text}" for number, token in enumerate(tokens)
    )
    return Line(text, tokens[0].speaker, tokens[0].language)


def _dialogues(drafts: Sequence[_Draft]) -> list[_Draft]:
    """Two people who speak in quick turns share a caption, a dash before each of its lines."""
    made: list[_Draft] = []
    for draft in drafts:
        if made and _hurried(made[-1], draft):
            before = made.pop()
            lines = [line._replace(text=DASH + line.text) for line in (*before.lines, *draft.lines)]
            draft = _Draft(lines, before.start, max(before.end, draft.end))
        made.append(draft)
    return made


def _hurried(before: _Draft, after: _Draft) -> bool:
    """Whether the second speaker leaves no time to read the first one, and both fit into a caption."""
    lines = [*before.lines, *after.lines]
    fitting = len(lines) == 2 and all(width(DASH + line.text) <= LINE for line in lines)
    if not fitting or before.speaker == after.speaker:
        return False
    soon = 0 <= after.start - before.start < reading_time(before.characters) + GAP
    return soon and after.end - before.start <= LONGEST


def spoken_languages(segments: Sequence[Segment]) -> list[str]:
    """The languages of the transcript, the one most spoken first."""
    named = sorted((each for each in segments if each.language), key=lambda each: each.language)
    seconds = {
        language: sum(each.end - each.start for each in same)
        for language, same in groupby(named, key=lambda each: each.language)
    }
    return sorted(seconds, key=lambda language: -seconds[language])
