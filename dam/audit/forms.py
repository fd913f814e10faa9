"""What a reader of the audit trail looks for."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from dam.audit.actions import ACTIONS
from dam.audit.models import AuditEntry
from dam.collections.models import Library
from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for

if TYPE_CHECKING:
    from datetime import date

    from dam.sharing.access import AnyUser


class TrailFilter(forms.Form):
    """Filters of the page and of the export; what is not understood is left out, with a word."""

    action = forms.ChoiceField(label="What", required=False)
    library = forms.ModelChoiceField(Library.objects.none(), required=False, empty_label="Any")
    actor = forms.CharField(label="Who", required=False, max_length=200)
    target = forms.CharField(label="On what", required=False, max_length=200)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, user: AnyUser, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = [("", "Any"), *sorted(ACTIONS.items(), key=lambda each: each[1])]  # type: ignore[attr-defined]
        administered = whole_libraries_for(user, Role.ADMINISTRATOR).order_by("name")
        self.fields["library"].queryset = administered  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """The filters that were chosen and understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrowed(self, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """Those of the entries that the filters let through; both days are included."""
        chosen = self.chosen()
        lookups = {
            "action": chosen.get("action"),
            "library_id": chosen["library"].pk if "library" in chosen else None,
            "actor_label__icontains": chosen.get("actor"),
            "target_label__icontains": chosen.get("target"),
            "at__gte": _beginning(chosen["since"]) if "since" in chosen else None,
            "at__lt": _beginning(chosen["until"], 1) if "until" in chosen else None,
        }
        return entries.filter(**{lookup: value for lookup, value in lookups.items() if value is not None})


def _beginning(day: date, later: int = 0) -> datetime:
    """The first moment of a day, or of the one that many days later."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=later), time()))
