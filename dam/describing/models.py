"""Every version of the records that people keep, written by triggers of the database; and purges.

An event holds what a row was *before* a change: with the row as it is now, they tell everything that ever
changed. New rows cost nothing, and neither do changes of fields that are not listed.
"""

from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from dam.assets.models import Asset
from dam.collections.models import Collection
from dam.people.models import Consent, Person
from dam.sharing.models import Membership

ASSET_FIELDS = ["title", "trashed_at", "embargo_until", "sha256", "original_name"]
COLLECTION_FIELDS = ["name", "description", "parent"]
PERSON_FIELDS = ["name", "notes", "hidden"]
CONSENT_FIELDS = ["scope", "given_by", "given_at", "expires_at", "evidence", "withdrawn_at"]
MEMBERSHIP_FIELDS = ["user", "library", "collection", "role"]


class TrackedAsset(Asset):
    """Carries the trigger, so that it belongs to the migrations of this room."""

    class Meta:
        proxy = True


class TrackedCollection(Collection):
    """Carries the trigger."""

    class Meta:
        proxy = True


class TrackedPerson(Person):
    """Carries the trigger."""

    class Meta:
        proxy = True


class TrackedConsent(Consent):
    """Carries the trigger."""

    class Meta:
        proxy = True


class TrackedMembership(Membership):
    """Carries the triggers."""

    class Meta:
        proxy = True


def _changes(
    model: type[models.Model], fields: list[str], *also: Any, on_delete: Any = models.CASCADE
) -> Any:
    """The abstract model of a row's earlier states; its history ends with the row unless `on_delete` says
    otherwise."""
    changed = pghistory.UpdateEvent(row="OLD", condition=pgtrigger.AnyChange(*fields))
    return pghistory.create_event_model(
        model,
        changed,
        *also,
        fields=fields,
        app_label="describing",
        obj_field=pghistory.ObjForeignKey(on_delete=on_delete, related_name="+"),
    )


class AssetEvent(_changes(TrackedAsset, ASSET_FIELDS)):  # type: ignore[misc]
    """What an asset was called, which file it was, and whether it lay in the trash, before a change."""


class CollectionEvent(_changes(TrackedCollection, COLLECTION_FIELDS)):  # type: ignore[misc]
    """What a collection was before a change."""


class PersonEvent(_changes(TrackedPerson, PERSON_FIELDS)):  # type: ignore[misc]
    """What was written about a person before a change."""


class ConsentEvent(_changes(TrackedConsent, CONSENT_FIELDS)):  # type: ignore[misc]
    """What a consent was before a change."""


_ROLES = _changes(
    TrackedMembership,
    MEMBERSHIP_FIELDS,
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    on_delete=models.DO_NOTHING,
)


class MembershipEvent(_ROLES):  # type: ignore[misc,valid-type]
    """Who was given which role, or had which one before it was changed or taken; kept when it is gone."""


class Purge(models.Model):
    """Assets that leave the trash for good, one after the other; `done` are gone."""

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    assets = ArrayField(models.BigIntegerField(), help_text="ids, in the order of their going")
    done = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.done} of {self.total} purged"

    @property
    def total(self) -> int:
        """How many assets it is about."""
        return len(self.assets)


class UnusedOriginal(models.Model):
    """A stored file that the last record was taken from: its bytes go when no file is being brought in."""

    name = models.CharField(max_length=400, unique=True)
    sha256 = models.CharField(max_length=64)
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
