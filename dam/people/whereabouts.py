"""When two places of an asset are one person's: a face stays in its box, a voice returns in many turns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from dam.assets.models import Asset
from dam.people.biometrics import FACE, VOICE
from dam.people.models import Tombstone
from dam.people.tombstones import COVERED, Graves, graves_of
from dam.people.turns import Spoken, Turns, span_of
from indexing.analysers.contract import Place
from indexing.models import Annotation
from indexing.places import SAME, place_of, same_place

HOLDING = (Annotation.Status.ACCEPTED, Annotation.Status.PROPOSED)


class Whereabouts(Protocol):
    """Places of one asset in one scope."""

    def same(self, one: Place, other: Place) -> bool:
        """Whether both are places of one face, or of one speaker."""
        ...

    def barred(self, place: Place) -> bool:
        """Whether nobody may be recognised there."""
        ...

    def near(self, place: Place) -> bool:
        """Whether nothing unnamed may be kept there."""
        ...

    def lifted(self, grave: Place, place: Place) -> bool:
        """Whether naming somebody at the place takes that tombstone away."""
        ...


class Faces:
    """Faces are told apart by region and span."""

    def __init__(self, graves: Graves) -> None:
        self.graves = graves

    def same(self, one: Place, other: Place) -> bool:
        return same_place(one, other)

    def barred(self, place: Place) -> bool:
        return self.graves.cover(place)

    def near(self, place: Place) -> bool:
        return self.graves.near(place)

    def lifted(self, grave: Place, place: Place) -> bool:
        return Graves([grave]).cover(place)


class Voices:
    """Speakers are told apart by their turns: two spans are one speaker's where he speaks in both."""

    def __init__(self, graves: Graves, turns: Turns) -> None:
        self.graves, self.turns = graves, turns

    def same(self, one: Place, other: Place) -> bool:
        number = self.turns.at(one)
        return number is not None and number == self.turns.at(other)

    def barred(self, place: Place) -> bool:
        """Where tombstones lie on the stretch, or on half of all that this speaker says."""
        span = span_of(place)
        turns = self.turns.of(self.turns.at(place))
        return self.graves.share([span] if span else []) >= COVERED or self.graves.share(turns) >= SAME

    def near(self, place: Place) -> bool:
        """A voice does not move as a face does, and all of its turns are looked at already."""
        return self.barred(place)

    def lifted(self, grave: Place, place: Place) -> bool:
        return self.same(grave, place)


def whereabouts(asset: Asset, scope: str, found: Iterable[Spoken] | None = None) -> Whereabouts:
    """The places of that scope in an asset. Who speaks when is read from `found` before it is stored."""
    graves = graves_of(asset, scope)
    if scope == FACE:
        return Faces(graves)
    return Voices(graves, turns_of(asset) if found is None else Turns(found))


def turns_of(asset: Asset) -> Turns:
    """Who speaks when in an asset, as it is stored. One query."""
    facts = asset.annotations.filter(kind__in=("turn", VOICE), status__in=HOLDING)
    rows = facts.values_list("kind", "details", "start", "end")
    return Turns((kind, details, Place(start, end)) for kind, details, start, end in rows)


def lift(asset: Asset, place: Place, scope: str) -> None:
    """Take away the tombstones over a place, because a consenting person was named there."""
    here = whereabouts(asset, scope)
    rows = asset.tombstones.filter(scope=scope)
    covering = [row.pk for row in rows if here.lifted(place_of(row), place)]
    Tombstone.objects.filter(pk__in=covering).delete()
