"""Lightboxes: who sees them, and how picks come and go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from dam.assets.models import Asset
from dam.collections.lightbox_models import Lightbox, LightboxItem
from dam.sharing.access import libraries_for
from dam.sharing.models import User

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

FIRST_NAME = "My lightbox"
MOST = 1000
"""Picks in one lightbox: more is a collection."""


class LightboxError(ValueError):
    """Why something cannot be done with a lightbox, in words for a person."""


@dataclass(frozen=True)
class Contents:
    """The picks whose assets the reader may see, and how many others there are."""

    items: list[LightboxItem]
    hidden: int


def own_lightboxes(user: AnyUser) -> QuerySet[Lightbox]:
    """The lightboxes that the user may change: their own."""
    return Lightbox.objects.filter(owner=user.pk, deleted_at=None)


def lightboxes_for(user: AnyUser) -> QuerySet[Lightbox]:
    """The user's own lightboxes, and those that teammates show them."""
    return Lightbox.objects.filter(Q(owner=user.pk) | Q(pk__in=_shown_to(user)), deleted_at=None)


def deleted_lightboxes(user: AnyUser) -> QuerySet[Lightbox]:
    """What the user deleted and may take back."""
    return Lightbox.objects.filter(owner=user.pk).exclude(deleted_at=None)


def contents(user: AnyUser, lightbox: Lightbox) -> Contents:
    """What of a lightbox the reader may see, in its order: four queries, however much it holds."""
    kept = lightbox.items.filter(taken_out_at=None)
    seen = kept.filter(asset__in=Asset.objects.visible_to(user)).order_by("position", "pk")
    items = list(seen.select_related("asset").prefetch_related("asset__renditions"))
    return Contents(items, kept.count() - len(items))


def current_lightbox(user: User) -> Lightbox:
    """The lightbox that picks go into: the one used last, or a first one, made now."""
    return own_lightboxes(user).first() or Lightbox.objects.create(owner=user, name=FIRST_NAME)


@transaction.atomic
def pick(lightbox: Lightbox, asset: Asset, **place: Any) -> bool:
    """Put an asset, or a place in it, at the end of a lightbox; False where it is there already.

    `place` holds start in seconds, and x, y, w, h in 0..1, where they are known. Raises LightboxError where
    the lightbox is full.
    """
    locked = Lightbox.objects.select_for_update(no_key=True).get(pk=lightbox.pk)
    kept = locked.items.filter(taken_out_at=None)
    same = {name: place.get(name) for name in ("start", "x", "y", "w", "h")}
    if kept.filter(asset=asset, **same).exists():
        return False
    if kept.count() >= MOST:
        raise LightboxError(f"A lightbox holds at most {MOST:,} picks; make a collection of it.")
    last = locked.items.aggregate(last=Max("position"))["last"] or 0
    LightboxItem.objects.create(lightbox=locked, asset=asset, position=last + 1, **same)
    Lightbox.objects.filter(pk=lightbox.pk).update(used_at=timezone.now())
    return True


@transaction.atomic
def take_out(lightbox: Lightbox, items: QuerySet[LightboxItem]) -> int:
    """Take those picks out, to be put back if that was a mistake; what was taken out before is gone for
    good. Returns how many."""
    lightbox.items.exclude(taken_out_at=None).delete()
    return items.filter(lightbox=lightbox, taken_out_at=None).update(taken_out_at=timezone.now())


def put_back(lightbox: Lightbox) -> int:
    """Put back what was taken out last, but for what has been picked again since. Returns how many."""
    back = 0
    for item in lightbox.items.exclude(taken_out_at=None):
        try:
            with transaction.atomic():
                item.taken_out_at = None
                item.save(update_fields=["taken_out_at"])
            back += 1
        except IntegrityError:
            item.delete()
    return back


def delete(lightbox: Lightbox) -> None:
    """Put a lightbox away until it is taken back."""
    lightbox.deleted_at = timezone.now()
    lightbox.save(update_fields=["deleted_at"])


def restore(lightbox: Lightbox) -> None:
    """Take a deleted lightbox back. Raises LightboxError where another one has its name now."""
    lightbox.deleted_at = None
    try:
        with transaction.atomic():
            lightbox.save(update_fields=["deleted_at"])
    except IntegrityError as error:
        raise LightboxError(f"There is another lightbox named {lightbox}; rename that one first.") from error


def teammate(user: User, email: str) -> User:
    """The person of that address who is a member of one of the user's libraries. Raises LightboxError."""
    theirs = libraries_for(user).values("pk")
    found = User.objects.filter(email=email.strip().lower(), is_active=True, memberships__library__in=theirs)
    other = found.exclude(pk=user.pk).distinct().first()
    if other is None:
        raise LightboxError("Nobody of that address works in one of your libraries.")
    return other


def _shown_to(user: AnyUser) -> QuerySet:
    return Lightbox.readers.through.objects.filter(user=user.pk).values("lightbox")
