"""The transcript of an asset from its facts: what holds, word by word, with who says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from dam.assets.models import Asset
from dam.export.spoken import Passage, Segment, SpokenWord, evenly
from dam.people.speakers import names_of
from indexing import speakers
from indexing.models import Annotation
from indexing.places import mostly_within, place_of

HOLDING = (Annotation.Status.PROPOSED, Annotation.Status.ACCEPTED)


def transcript_of(asset: Asset, language: str = "") -> list[Segment]:
    """What is said in order of time, or its translation into that language (BCP 47).

    Where a person corrected what is said, the machines' words for that stretch do not count, however often
    they are found again. Three queries, and those for the names of speakers.
    """
    kind = {"kind": "translation", "language": language} if language else {"kind": "speech"}
    rows = asset.annotations.filter(status__in=HOLDING, start__isnull=False, **kind).order_by("start", "pk")
    facts = holding(list(rows))
    words, turns = _words_of(facts), _turns_of(asset)
    names = _speakers_of(asset, turns)
    return [_segment(fact, words[fact.pk], turns, names) for fact in facts]


def holding(facts: Sequence[Annotation]) -> list[Annotation]:
    """The facts without those of machines that lie, for the most part, in what a person wrote."""
    corrections = [fact for fact in facts if fact.source == Annotation.Source.PERSON]
    machines = [fact for fact in facts if fact.source != Annotation.Source.PERSON]
    kept = [
        fact
        for fact in machines
        if not any(mostly_within(place_of(fact), place_of(each)) for each in corrections)
    ]
    return sorted(kept + corrections, key=lambda fact: (fact.start, fact.pk))


def passages_of(asset: Asset, kind: str) -> list[Passage]:
    """Its chapters, or its audio description, in order."""
    rows = asset.annotations.filter(kind=kind, status__in=HOLDING, start__isnull=False)
    return [Passage(row.text, row.start or 0.0, row.end or 0.0) for row in rows.order_by("start", "pk")]


def _speakers_of(asset: Asset, turns: Iterable[speakers.Turn]) -> Mapping[int, str]:
    """What each speaker is called: by name only where a person has said so, else "Speaker 1"."""
    numbers = {turn.speaker: f"Speaker {turn.speaker}" for turn in turns}
    named = names_of(asset) if numbers else {}
    return numbers | {number: name.text for number, name in named.items() if name.probability is None}


def _words_of(facts: Sequence[Annotation]) -> dict[int, list[Annotation]]:
    words: dict[int, list[Annotation]] = defaultdict(list)
    rows = Annotation.objects.filter(parent__in=facts, kind="word", status__in=HOLDING, start__isnull=False)
    for word in rows.order_by("start", "pk"):
        words[word.parent_id or 0].append(word)
    return words


def _turns_of(asset: Asset) -> list[speakers.Turn]:
    rows = asset.annotations.filter(kind="turn", status__in=HOLDING, start__isnull=False)
    told = [(row.start or 0.0, row.end or 0.0, row.details.get("speaker")) for row in rows]
    return [speakers.Turn(start, end, number) for start, end, number in told if isinstance(number, int)]


def _segment(
    fact: Annotation, rows: Sequence[Annotation], turns: Sequence[speakers.Turn], names: Mapping[int, str]
) -> Segment:
    start, end = fact.start or 0.0, fact.end or 0.0
    words = _timed(fact, rows, start, end)
    return Segment(
        text=fact.text,
        start=start,
        end=end,
        language=fact.language,
        words=_said_by(words, turns, names),
        fact=fact.pk,
        accepted=fact.status == Annotation.Status.ACCEPTED,
    )


def _said_by(
    words: Sequence[SpokenWord], turns: Sequence[speakers.Turn], names: Mapping[int, str]
) -> list[SpokenWord]:
    return [
        word._replace(speaker=names.get(part.speaker, "") if part.speaker is not None else "")
        for part in speakers.parts(words, turns)
        for word in part.words
    ]


def _timed(fact: Annotation, rows: Sequence[Annotation], start: float, end: float) -> list[SpokenWord]:
    """The words with their times; spread evenly where nobody knows the times of these very words."""
    known = [SpokenWord(row.text, row.start or 0.0, row.end or 0.0) for row in rows]
    same = _letters(word.text for word in known) == _letters([fact.text])
    return known if same else evenly(fact.text, start, end, fact.language)


def _letters(texts: Iterable[str]) -> str:
    return "".join("".join(text.split()) for text in texts)
