"""Who the speakers of a recording are: a name that was given at one stretch holds for all of their turns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import F

from dam.assets.models import Asset
from dam.people.biometrics import KINDS, VOICE
from dam.people.turns import Turns
from dam.people.whereabouts import HOLDING, turns_of
from indexing.models import Annotation
from indexing.places import place_of


@dataclass(frozen=True)
class Name:
    """What a speaker is called. `probability` is 0..1 where a machine proposes it, else None."""

    text: str
    probability: float | None
    person_id: int | None
    fact: Annotation


def names_of(asset: Asset, turns: Turns | None = None) -> dict[int, Name]:
    """The names of an asset's speakers, accepted or proposed, by details["speaker"] of its "turn" facts.

    Whoever may see the asset may see them: ask for the asset through dam.sharing.access. A speaker who is
    not in it has no name: call him by the text of his turns. `turns` saves a query where it is known already.
    """
    said = asset.annotations.filter(kind=KINDS[VOICE], status__in=HOLDING, start__isnull=False)
    facts = list(
        said.select_related("appearance").order_by("status", F("confidence").desc(nulls_last=True), "pk")
    )
    if not facts:
        return {}
    turns = turns or turns_of(asset)
    names: dict[int, Name] = {}
    for fact in facts:
        number = turns.at(place_of(fact))
        if number is not None:
            names.setdefault(number, _name(fact))
    return names


def name_at(voice: Annotation) -> Name | None:
    """What the speaker is called who speaks at the place of a fact."""
    turns = turns_of(voice.asset)
    number = turns.at(place_of(voice))
    return None if number is None else names_of(voice.asset, turns).get(number)


def turns_at(facts: Iterable[Annotation]) -> list[Annotation]:
    """All turns of the speakers who speak at the places of those facts, each in its own recording."""
    turns: list[Annotation] = []
    for _, here in groupby(sorted(facts, key=lambda fact: fact.asset_id), key=lambda fact: fact.asset_id):
        placed = list(here)
        asset = placed[0].asset
        spoken = turns_of(asset)
        numbers = {spoken.at(place_of(fact)) for fact in placed} - {None}
        turns += asset.annotations.filter(kind="turn", details__speaker__in=list(numbers))
    return turns


def _name(fact: Annotation) -> Name:
    proposed = fact.status == Annotation.Status.PROPOSED
    appearance = getattr(fact, "appearance", None)
    return Name(
        text=fact.text,
        probability=(fact.confidence or 0.0) if proposed else None,
        person_id=appearance.person_id if appearance else None,
        fact=fact,
    )
