"""The only writer of the audit trail. In the transaction of an act, both happen or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Model

from dam.audit import acting
from dam.audit.actions import ACTIONS
from dam.audit.models import AuditEntry
from dam.collections.models import Library

if TYPE_CHECKING:
    from dam.sharing.models import User

BY_ITSELF, UNKNOWN = "Mediatheque itself", "somebody who is not signed in"
WAYS_TO_A_LIBRARY = ("asset", "person", "link", "collection")


def record(
    action: str,
    actor: User | None = None,
    target: Model | None = None,
    *,
    library: Library | None = None,
    label: str = "",
    **details: Any,
) -> AuditEntry:
    """Write an act down. `action` is a name of dam.audit.actions; without `actor` it is whoever is signed in.

    The library is the target's own unless it is given, the label what the target calls itself. `details` are
    values that JSON knows. Raises KeyError for an action that nobody registered.
    """
    ACTIONS[action]
    actor = actor or acting.user()
    library = library or library_of(target)
    return AuditEntry.objects.create(
        actor_id=actor.pk if actor else None,
        actor_label=_label_of(actor),
        action=action,
        library_id=library.pk if library else None,
        library_label=str(library or "")[:200],
        target_type=str(target._meta.model_name) if target else "",
        target_id=str(target.pk or "") if target else "",
        target_label=(label or str(target or ""))[:500],
        details=details,
        address=acting.network(),
    )


def library_of(target: Model | None) -> Library | None:
    """The library that a row belongs to, directly or through its asset or person; None where it has none."""
    if target is None or isinstance(target, Library):
        return target
    if getattr(target, "library_id", None) is not None:
        return Library.objects.filter(pk=target.library_id).first()  # type: ignore[attr-defined]
    ways = (way for way in WAYS_TO_A_LIBRARY if getattr(target, f"{way}_id", None) is not None)
    way = next(ways, None)
    return library_of(getattr(target, way)) if way else None


def _label_of(actor: User | None) -> str:
    if actor is not None:
        return f"{actor.get_full_name()} <{actor.email}>".strip() if actor.get_full_name() else actor.email
    return UNKNOWN if acting.is_visited() else BY_ITSELF
