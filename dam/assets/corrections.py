"""What people say was really said: a correction is a fact of theirs, which outranks what machines hear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from django.db import transaction

from dam.assets.models import Asset
from dam.export.spoken import SpokenWord, evenly, plain
from dam.sharing.models import User
from indexing import store
from indexing.analysers.contract import Finding, Place
from indexing.models import Annotation

CORRECTABLE = ("speech", "translation")
Status = Annotation.Status


class OutdatedError(Exception):
    """What was to be corrected does not hold any more; the message is for a person."""


def correct(fact: Annotation, text: str, user: User) -> Annotation:
    """Write down what was really said there; returns the fact that holds now.

    The same text accepts the fact. Words that stay keep their times. Raises OutdatedError where somebody
    else has decided on the fact meanwhile.
    """
    text = plain(text)
    with transaction.atomic():
        fact = _holding(fact)
        if text == plain(fact.text):
            return store.review(fact, user, Status.ACCEPTED)
        made = store.record(fact.asset, _correction(fact, text), user)
        store.review(fact, user, Status.SUPERSEDED if _by_person(fact) else Status.REJECTED)
    return made


def undo(fact: Annotation, user: User) -> Annotation | None:
    """Take a person's correction back; returns the fact that it corrected, where that holds again.

    Raises OutdatedError where the correction does not hold any more.
    """
    with transaction.atomic():
        fact = _holding(fact)
        store.review(fact, user, Status.SUPERSEDED)
        before = Annotation.objects.filter(asset=fact.asset_id, pk=fact.details.get("corrects")).first()
        if before is None or _heard_again(fact, before):
            return None
        return store.review(before, user, Status.ACCEPTED if _by_person(before) else Status.PROPOSED)


def is_correction(fact: Annotation) -> bool:
    """Whether a person wrote this in place of something else."""
    return _by_person(fact) and "corrects" in fact.details


def correctable(asset: Asset, pk: str) -> Annotation | None:
    """The fact of that number, where it is one whose text can be corrected and it holds."""
    found = asset.annotations.filter(pk=pk, kind__in=CORRECTABLE) if pk.isdecimal() and len(pk) < 19 else None
    return found.filter(status__in=(Status.PROPOSED, Status.ACCEPTED)).first() if found is not None else None


def _holding(fact: Annotation) -> Annotation:
    now = (
        Annotation.objects.select_for_update(of=("self",)).select_related("asset").filter(pk=fact.pk).first()
    )
    if now is None or now.status not in (Status.PROPOSED, Status.ACCEPTED):
        raise OutdatedError("Somebody has corrected or rejected this meanwhile. This is how it reads now.")
    return now


def _by_person(fact: Annotation) -> bool:
    return fact.source == Annotation.Source.PERSON


def _heard_again(correction: Annotation, before: Annotation) -> bool:
    """Whether a later run has found something for that stretch, which holds instead."""
    others = Annotation.objects.filter(
        asset=correction.asset_id,
        kind=correction.kind,
        language=correction.language,
        status__in=(Status.PROPOSED, Status.ACCEPTED),
        start__lt=correction.end,
        end__gt=correction.start,
    )
    middle = ((correction.start or 0.0) + (correction.end or 0.0)) / 2
    return others.exclude(pk=before.pk).filter(start__lte=middle, end__gt=middle).exists()


def _correction(fact: Annotation, text: str) -> Finding:
    rows = fact.children.filter(kind="word", start__isnull=False).order_by("start", "pk")
    known = [SpokenWord(row.text, row.start or 0.0, row.end or 0.0) for row in rows]
    start, end = fact.start or 0.0, fact.end or 0.0
    words = timed_as(evenly(text, start, end, fact.language), known, start, end)
    return Finding(
        kind=fact.kind,
        text=text,
        place=Place(fact.start, fact.end),
        language=fact.language,
        details={**fact.details, "corrects": fact.pk},
        children=[Finding("word", word.text, place=Place(word.start, word.end)) for word in words],
    )


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
