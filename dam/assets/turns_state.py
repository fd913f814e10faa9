"""How far people have come with a transcript: uncorrected, being corrected, or correct."""

from __future__ import annotations

from django.db import transaction

from dam.assets.models import Asset
from dam.assets.replacing import HOLDING, OutdatedError, Status
from dam.sharing.models import User
from indexing import kinds, store
from indexing.analysers.contract import Finding
from indexing.models import Annotation

KIND = kinds.register("transcript", "Transcript state").name
UNCORRECTED, CORRECTING, CORRECT = "uncorrected", "correcting", "correct"
STATES = {UNCORRECTED: "Uncorrected", CORRECTING: "Being corrected", CORRECT: "Correct"}


def state_of(asset: Asset) -> Annotation | None:
    """The fact that says how far it is, or None where nobody has begun: it is uncorrected."""
    rows = asset.annotations.filter(kind=KIND, status__in=HOLDING)
    return rows.select_related("author").order_by("-pk").first()


def set_state(asset: Asset, state: str, user: User, before: int | None) -> Annotation:
    """Write down how far it is. `before` is the number of the fact that the user saw.

    Raises OutdatedError where somebody else has said otherwise since, ValueError for a state that is none.
    """
    if state not in STATES:
        raise ValueError(f"{state!r} is no state of a transcript.")
    with transaction.atomic():
        Asset.objects.select_for_update().get(pk=asset.pk)
        now = state_of(asset)
        if now is not None and now.pk != before:
            raise OutdatedError(f"{now.author or 'Somebody'} has set this to “{STATES[now.text]}” meanwhile.")
        return _say(asset, now, state, user)


def begin(asset: Asset, user: User) -> None:
    """Somebody works on it: what was uncorrected is being corrected now."""
    with transaction.atomic():
        now = state_of(asset)
        if now is None or now.text == UNCORRECTED:
            _say(asset, now, CORRECTING, user)


def _say(asset: Asset, now: Annotation | None, state: str, user: User) -> Annotation:
    if now is not None and now.text == state:
        return now
    if now is not None:
        store.review(now, user, Status.SUPERSEDED)
    return store.record(asset, Finding(KIND, state), user)
