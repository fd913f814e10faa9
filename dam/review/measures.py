"""Measured precision, for those who keep the library: by label, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone

from dam.review import measuring
from dam.review.models import Measure, MeasureQuerySet
from dam.review.subjects import label_of
from dam.sharing.models import Role, User
from dam.sharing.scopes import whole_libraries_for

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser


def measures_for(user: AnyUser) -> MeasureQuerySet:
    """Measures of libraries that the user keeps as a whole."""
    return Measure.objects.filter(library__in=whole_libraries_for(user, Role.ARCHIVIST))


def measures_of(user: AnyUser, kind: str, label: str) -> Sequence[Measure]:
    """How right the analysers have proved with a label, those with most decisions first."""
    if not kind:
        return []
    found = measures_for(user).filter(kind=kind, label=label_of(kind, label)).select_related("library")
    return list(found.order_by(-(F("accepted") + F("rejected")), "pk"))


def keep(measure: Measure, user: User, kept: bool) -> None:
    """Have a label shown whatever its precision, or leave it to its precision again."""
    measure.kept_by, measure.kept_at = (user, timezone.now()) if kept else (None, None)
    measure.save(update_fields=["kept_by", "kept_at"])
    measuring.apply(measure)
