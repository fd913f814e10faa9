"""What an archivist does to the segments of a transcript: rewrite, split, join, give to a speaker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import transaction

from dam.assets.correction_form import LONGEST
from dam.assets.corrections import correct, said, timed_as, words_of
from dam.assets.replacing import HOLDING, hold, replace
from dam.export.spoken import evenly, joined, plain
from dam.export.transcript import holding
from dam.sharing.models import User
from indexing.analysers.contract import Finding, Place
from indexing.models import Annotation

NEAR = 50
"""Facts that are looked at for the segment before another one; machines' words that were corrected among
them do not count."""
SHORTEST = 0.05
"""Seconds; what is left of a turn that was cut, and lasts shorter, is dropped."""


class EditError(ValueError):
    """What was asked for cannot be done; the message is for a person."""


def rewrite(fact: Annotation, text: str, user: User) -> list[Annotation]:
    """Write down what was really said. Each line becomes a segment; words that stay keep their times.

    Raises EditError for no words, OutdatedError where the segment does not hold any more.
    """
    texts = [words for line in text.splitlines() if (words := plain(line))]
    if not texts:
        raise EditError("Write what is said there. What nobody said can be taken away instead.")
    if len(texts) == 1:
        return [correct(fact, texts[0], user)]
    with transaction.atomic():
        fact = hold(fact)
        return replace(fact.asset, [fact], list(_parts(fact, texts)), user)


def join(fact: Annotation, text: str, user: User) -> tuple[Annotation, Annotation]:
    """Join a segment, whose words are to be `text`, to the one before it; returns that one, and the whole.

    Raises EditError where there is none or both are too long, OutdatedError where one of them was changed.
    """
    with transaction.atomic():
        fact = hold(fact)
        found = segment_before(fact)
        if found is None:
            raise EditError("There is nothing before this to join it to.")
        before = hold(found)
        whole = joined([plain(before.text), *([plain(text)] if plain(text) else [])], fact.language)
        if len(whole) > LONGEST:
            raise EditError(f"Together they would be longer than {LONGEST} characters.")
        (made,) = replace(fact.asset, [before, fact], [_whole(before, fact, whole)], user)
    return before, made


def give(fact: Annotation, speaker: int, user: User) -> list[Annotation]:
    """Say that a segment is spoken by the speaker of that number; returns the turns that say so.

    Turns of others are cut where the segment begins and ends.
    """
    with transaction.atomic():
        fact = hold(fact)
        turns = fact.asset.annotations.filter(kind="turn", status__in=HOLDING, start__isnull=False)
        meeting = turns.filter(start__lt=fact.end, end__gt=fact.start).select_for_update(of=("self",))
        cut = list(meeting.order_by("pk"))
        first = cut[0].pk if cut else None
        details = {"speaker": speaker, "corrects": first}
        given = Finding("turn", f"Speaker {speaker}", place=Place(fact.start, fact.end), details=details)
        rest = [piece for turn in cut for piece in _rest(turn, fact)]
        return replace(fact.asset, cut, [given, *rest], user)


def segment_before(fact: Annotation) -> Annotation | None:
    """The segment of the transcript that stands before another one."""
    rows = fact.asset.annotations.filter(kind=fact.kind, status__in=HOLDING, start__lte=fact.start)
    near = list(rows.exclude(pk=fact.pk).order_by("-start", "-pk")[:NEAR])
    earlier = [each for each in near if (each.start, each.pk) < (fact.start, fact.pk)]
    standing = [each for each in holding([*earlier, fact]) if each.pk != fact.pk]
    return standing[-1] if standing else None


def _parts(fact: Annotation, texts: Sequence[str]) -> Iterator[Finding]:
    """A segment for each text; the first begins and the last ends with the fact."""
    start, end = fact.start or 0.0, fact.end or 0.0
    counts = [len(evenly(text, start, end, fact.language)) for text in texts]
    whole = [word for text in texts for word in evenly(text, start, end, fact.language)]
    timed = timed_as(whole, words_of(fact), start, end)
    passed = 0
    for number, text in enumerate(texts):
        words = timed[passed : passed + counts[number]]
        passed += counts[number]
        begin = words[0].start if number else start
        finish = words[-1].end if number < len(texts) - 1 else end
        yield said(fact, text, words, begin, max(begin, finish))


def _whole(before: Annotation, fact: Annotation, text: str) -> Finding:
    start = min(before.start or 0.0, fact.start or 0.0)
    end = max(before.end or 0.0, fact.end or 0.0)
    known = words_of(before) + words_of(fact)
    words = timed_as(evenly(text, start, end, fact.language), known, start, end)
    return said(before, text, words, start, end)


def _rest(turn: Annotation, fact: Annotation) -> Iterator[Finding]:
    """What is left of a turn before and after a segment that is not its speaker's."""
    start, end = turn.start or 0.0, turn.end or 0.0
    for begin, finish in ((start, fact.start or 0.0), (fact.end or 0.0, end)):
        if finish - begin >= SHORTEST:
            details = {**turn.details, "corrects": turn.pk}
            yield Finding("turn", turn.text, place=Place(begin, finish), details=details)
