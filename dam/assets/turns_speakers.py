"""The speakers of a recording as its transcript editor lists them, and what they are called in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from dam.assets.models import Asset
from dam.assets.replacing import HOLDING, OutdatedError, by_person, hold, retire
from dam.people.models import Person
from dam.people.speakers import Name, names_of
from dam.people.turns import Turns
from dam.people.whereabouts import turns_of
from dam.sharing.models import User
from indexing import store
from indexing.analysers.contract import Finding, Place
from indexing.models import Annotation
from indexing.places import place_of

LONGEST_LABEL = 100


class SpeakerError(ValueError):
    """The speaker cannot be called that; the message is for a person."""


@dataclass(frozen=True)
class Speaker:
    """A speaker of one recording: the number that his turns carry, and what he is called.

    `recognised` is true where the name is that of a person who consented; `label` is what an archivist calls
    him here without recognising anybody, empty where nobody has said so.
    """

    number: int
    text: str
    recognised: bool = False
    label: str = ""


def speakers_of(asset: Asset, turns: Turns | None = None) -> list[Speaker]:
    """Every speaker of the recording in order of numbers. Three queries at most."""
    turns = turns or turns_of(asset)
    names = names_of(asset, turns) if turns.spans else {}
    return [_speaker(number, names.get(number)) for number in sorted(turns.spans)]


def call(asset: Asset, number: int, label: str, before: str, user: User) -> None:
    """Call a speaker by a label throughout this recording; an empty one takes the label away.

    Nobody is recognised by it. `before` is the label that the user saw. Raises SpeakerError where the speaker
    is named already, or where that is the name of a person, OutdatedError where somebody else was faster.
    """
    label = " ".join(label.split())
    with transaction.atomic():
        turns = turns_of(asset)
        name = names_of(asset, turns).get(number)
        shown = _speaker(number, name)
        _check(asset, turns, shown, label)
        if shown.label != before:
            raise OutdatedError(f"Somebody has called this speaker “{shown.text}” meanwhile.")
        if name and shown.label:
            retire(hold(name.fact), user)
        if label:
            finding = Finding("speaker", label, place=_clearest(asset, number, turns))
            store.record(asset, finding, user)


def _speaker(number: int, name: Name | None) -> Speaker:
    plain = f"Speaker {number}"
    if name is None or name.probability is not None:
        return Speaker(number, plain)
    if name.person_id is None and by_person(name.fact):
        return Speaker(number, name.text, label=name.text)
    return Speaker(number, name.text, recognised=True)


def _check(asset: Asset, turns: Turns, shown: Speaker, label: str) -> None:
    if shown.number not in turns.spans:
        raise SpeakerError("There is no such speaker in this recording any more.")
    if shown.recognised:
        raise SpeakerError(f"{shown.text} was named here. Take that back under “Who is speaking?” first.")
    if len(label) > LONGEST_LABEL:
        raise SpeakerError(f"Call a speaker by at most {LONGEST_LABEL} characters.")
    if label and Person.objects.filter(library=asset.library_id, name__iexact=label).exists():
        raise SpeakerError(
            f"{label} is a person of this library, whose consent counts. Name them under “Who is speaking?”."
        )


def _clearest(asset: Asset, number: int, turns: Turns) -> Place:
    """A stretch in which that speaker, and mostly nobody else, speaks: the clearest, or the longest."""
    rows = asset.annotations.filter(
        kind__in=("voice", "turn"), status__in=HOLDING, start__isnull=False, details__speaker=number
    )
    for row in sorted(rows, key=_clarity, reverse=True):
        if turns.at(place_of(row)) == number:
            return Place(row.start, row.end)
    raise SpeakerError(
        "This speaker is never heard alone, so that no stretch of the recording stands for them."
    )


def _clarity(row: Annotation) -> tuple[bool, float]:
    return row.kind == "voice", (row.end or 0.0) - (row.start or 0.0)
