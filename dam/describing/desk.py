"""What becomes of a filled form: saved, brought together with others' changes, or put to the choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dam.assets.models import Asset
from dam.describing.fields import FIELDS, Field, Values, joined
from dam.describing.merging import Merge, merge
from dam.describing.record import record_of
from dam.describing.saving import OutdatedError, names_in_words, save
from dam.sharing.models import User
from indexing.models import Review

ATTEMPTS = 5
LONG = 1000
"""Characters from which a field holds running text, of which both versions may be kept."""


@dataclass(frozen=True)
class Outcome:
    """The fields that changed; nothing is saved where the merge has conflicts. `theirs` stood there."""

    changed: frozenset[str]
    merged: Merge
    theirs: Values

    @property
    def message(self) -> str:
        """What happened, for the person who saved."""
        said = f"Saved: {names_in_words(self.changed)}." if self.changed else "Nothing had changed."
        if not self.changed or not self.merged.theirs:
            return said
        others = names_in_words(self.merged.theirs)
        return f"{said} Somebody changed {others} meanwhile: both changes are kept."


@dataclass(frozen=True)
class Choice:
    """One field that two people changed: what stood there, who wrote what when, and what you wrote."""

    field: Field
    before: str
    theirs: str
    mine: str
    who: str
    when: datetime | None

    @property
    def both(self) -> str:
        """Their text and yours one after the other, where it is running text."""
        texts = (self.theirs, self.mine)
        return "\n\n".join(texts) if self.field.longest > LONG and all(texts) else ""


def submit(asset: Asset, user: User, values: Values, before: Values) -> Outcome:
    """Save what was written over the values `before`; see `Outcome`.

    Raises OutdatedError where others save faster than this can be brought together with theirs.
    """
    for _ in range(ATTEMPTS):
        asset.refresh_from_db(fields=["revision", "title"])
        theirs = record_of(asset).values
        merged = merge(before, theirs, values)
        if merged.conflicts:
            return Outcome(frozenset(), merged, theirs)
        try:
            mine = {name: merged.values[name] for name in merged.mine}
            return Outcome(save(asset, user, mine, asset.revision), merged, theirs)
        except OutdatedError:
            continue
    raise OutdatedError("Others are describing this at the same time. Try again.")


def choices(asset: Asset, outcome: Outcome, before: Values) -> list[Choice]:
    """What there is to choose between, in the form's order."""
    latest = _latest(asset, outcome.merged.conflicts)
    return [
        _choice(field, outcome, before, latest.get(field.kind))
        for name, field in FIELDS.items()
        if name in outcome.merged.conflicts
    ]


def _choice(field: Field, outcome: Outcome, before: Values, review: Review | None) -> Choice:
    values = (before[field.name], outcome.theirs[field.name], outcome.merged.values[field.name])
    old, theirs, mine = (joined(field.name, value) for value in values)
    who = str(review.reviewer) if review and review.reviewer else "somebody"
    return Choice(field, old, theirs, mine, who, review.decided_at if review else None)


def _latest(asset: Asset, names: Sequence[str]) -> dict[str, Review]:
    """The last decision of a person on each of the fields, by kind. One query."""
    kinds = [FIELDS[name].kind for name in names]
    reviews = Review.objects.filter(annotation__asset=asset.pk, annotation__kind__in=kinds)
    newest = reviews.order_by("annotation__kind", "-decided_at", "-pk").distinct("annotation__kind")
    return {review.annotation.kind: review for review in newest.select_related("annotation", "reviewer")}
