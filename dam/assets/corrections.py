"""What people say was really said: a correction is a fact of theirs, which outranks what machines hear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from django.db import transaction

from dam.assets.models import Asset
from dam.assets.replacing import HOLDING, Status, by_person, hold, replace, take_back
from dam.export.spoken import SpokenWord, evenly, plain
from dam.sharing.models import User
from indexing import store
from indexing.analysers.contract import Finding, Place
from indexing.models import Annotation

CORRECTABLE = ("speech", "translation")


def correct(fact: Annotation, text: str, user: User) -> Annotation:
    """Write down what was really said there; returns the fact that holds now.

    The same text accepts the fact. Words that stay keep their times. Raises OutdatedError where somebody
    else has decided on the fact meanwhile.
    """
    text = plain(text)
    with transaction.atomic():
        fact = hold(fact)
        if text == plain(fact.text):
            return store.review(fact, user, Status.ACCEPTED)
        start, end = fact.start or 0.0, fact.end or 0.0
        words = timed_as(evenly(text, start, end, fact.language), words_of(fact), start, end)
        (made,) = replace(fact.asset, [fact], [said(fact, text, words, start, end)], user)
    return made


def undo(fact: Annotation, user: User) -> list[Annotation]:
    """Take a person's correction back, with all that was written by it; returns what holds again.

    Raises OutdatedError where the correction, or a part of it, does not hold any more.
    """
    return take_back(fact, user, _heard_again)


def is_correction(fact: Annotation) -> bool:
    """Whether a person wrote this in place of something else."""
    return by_person(fact) and "corrects" in fact.details


def correctable(asset: Asset, pk: str) -> Annotation | None:
    """The fact of that number, where it is one whose text can be corrected and it holds."""
    found = asset.annotations.filter(pk=pk, kind__in=CORRECTABLE) if pk.isdecimal() and len(pk) < 19 else None
    return found.filter(status__in=HOLDING).first() if found is not None else None


def words_of(fact: Annotation) -> list[SpokenWord]:
    """The words of a fact whose times are known, in order of time."""
    rows = fact.children.filter(kind="word", start__isnull=False).order_by("start", "pk")
    return [SpokenWord(row.text, row.start or 0.0, row.end or 0.0) for row in rows]


def said(fact: Annotation, text: str, words: Sequence[SpokenWord], start: float, end: float) -> Finding:
    """That text, with those words, between two seconds, in place of what the fact says."""
    return Finding(
        kind=fact.kind,
        text=text,
        place=Place(start, end),
        language=fact.language,
        details={**fact.details, "corrects": fact.pk},
        children=[Finding("word", word.text, place=Place(word.start, word.end)) for word in words],
    )


def _heard_again(before: Annotation) -> bool:
    """Whether something else holds for the middle of that stretch: a later run has found it."""
    others = Annotation.objects.filter(
        asset=before.asset_id, kind=before.kind, language=before.language, status__in=HOLDING
    )
    middle = ((before.start or 0.0) + (before.end or 0.0)) / 2
    return others.exclude(pk=before.pk).filter(start__lte=middle, end__gt=middle).exists()


def timed_as(
    words: Sequence[SpokenWord], known: Sequence[SpokenWord], start: float, end: float
) -> list[SpokenWord]:
    """The words with the times of the same words in `known`; those between share the time between."""
    texts, before = [word.text.casefold() for word in words], [word.text.casefold() for word in known]
    made: list[SpokenWord] = []
    for tag, first, last, other, until in SequenceMatcher(None, before, texts, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs = zip(words[other:until], known[first:last], strict=True)
            made += [word._replace(start=time.start, end=time.end) for word, time in pairs]
        else:
            begin = made[-1].end if made else start
            finish = known[last].start if last < len(known) else max(end, begin)
            made += _spread(words[other:until], begin, max(begin, finish))
    return made


def _spread(words: Sequence[SpokenWord], start: float, end: float) -> Iterator[SpokenWord]:
    """The words with the time from start to end between them, each as long as it is wide."""
    whole = sum(len(word.text) for word in words)
    passed = 0
    for word in words:
        begin = start + (end - start) * passed / whole
        passed += len(word.text)
        yield word._replace(start=begin, end=start + (end - start) * passed / whole)
