"""Roads to the audit trail: administrators read what concerns their libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from dam.audit.models import AuditEntry
from dam.sharing.access import is_superuser
from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser


def entries_for(user: AnyUser) -> QuerySet[AuditEntry]:
    """The entries of libraries that the user administers. Administrators of the installation read all of
    them, sign-ins and deleted libraries included."""
    if is_superuser(user):
        return AuditEntry.objects.all()
    administered = whole_libraries_for(user, Role.ADMINISTRATOR)
    return AuditEntry.objects.filter(library_id__in=administered.values("pk"))


def may_read(user: AnyUser) -> bool:
    """Whether there is any trail for this user to read."""
    return is_superuser(user) or whole_libraries_for(user, Role.ADMINISTRATOR).exists()
