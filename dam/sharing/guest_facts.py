"""What a guest reads beside a shared file: the facts that travel with the link, and no others."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dam.export.record import AssetRecord, record_of
from dam.people.models import Person
from indexing import kinds
from indexing.models import Annotation

if TYPE_CHECKING:
    from dam.assets.models import Asset
    from dam.sharing.link_models import ShareLink

ALWAYS = ("description", "creator", "credit", "rights")
PEOPLE = ("person", "speaker")
PLACES = ("place", "landmark")


@dataclass(frozen=True)
class Told:
    """One kind of fact and what it says of the file."""

    label: str
    texts: list[str]


def told_of(link: ShareLink, asset: Asset) -> list[Told]:
    """What people, or the file itself, say about the asset, of the kinds that travel. Two queries.

    What machines propose stays inside, and so do people who are hidden.
    """
    wanted = _kinds(link)
    accepted = Annotation.objects.filter(asset=asset, status=Annotation.Status.ACCEPTED, kind__in=wanted)
    shown = accepted.exclude(text="").exclude(appearance__person__hidden=True)
    hidden = _hidden_names(asset) if link.shows_people else set()
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, text in shown.order_by("pk").values_list("kind", "text"):
        if kind not in PEOPLE or text.casefold() not in hidden:
            by_kind[kind].append(text)
    found = [(kind, list(dict.fromkeys(by_kind[kind]))) for kind in wanted]
    return [Told(kinds.get(kind).label, texts) for kind, texts in found if texts]


def record_for(link: ShareLink, asset: Asset) -> AssetRecord:
    """The record with its transcript, speakers by name only where people travel: else "Speaker 1"."""
    record = record_of(asset)
    names = {word.speaker: "" for segment in record.speech for word in segment.words if word.speaker}
    unnamed = _hidden_names(asset) if link.shows_people else {name.casefold() for name in names}
    shown = {
        name: f"Speaker {number}" if name.casefold() in unnamed else name
        for number, name in enumerate(names, start=1)
    }
    speech = [
        replace(each, words=[word._replace(speaker=shown.get(word.speaker, "")) for word in each.words])
        for each in record.speech
    ]
    return replace(record, speech=speech)


def _kinds(link: ShareLink) -> tuple[str, ...]:
    people = PEOPLE if link.shows_people else ()
    places = PLACES if link.shows_places else ()
    return (*ALWAYS, *people, *places)


def _hidden_names(asset: Asset) -> set[str]:
    """Names, in lower case, of persons whom only archivists see."""
    hidden = Person.objects.filter(library=asset.library_id, hidden=True)
    return {name.casefold() for name in hidden.values_list("name", flat=True)}
