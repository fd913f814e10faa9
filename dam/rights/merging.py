"""Forms that two people may have open at once: what each of them changed is kept, and a clash is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model
from django.http import QueryDict


@dataclass(frozen=True)
class Clash:
    """A field that somebody else has changed meanwhile, to what it is now and what was typed here."""

    name: str
    label: str
    now: Any
    typed: Any


class MergingForm(forms.ModelForm):
    """Carries along the values that were shown, so that only what was changed here is written.

    Give it the row as it is now; it must be locked while `clashes` and `merge` are called.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = not isinstance(field, forms.FileField)

    def current(self, name: str) -> Any:
        """What the field is in the database now; the row itself takes what was typed when it is checked."""
        return self.initial.get(name)

    def clashes(self) -> list[Clash]:
        """The fields changed here and, to something else, by somebody else. Call it on a valid form."""
        found = (self._clash(name) for name in self.changed_data)
        return [clash for clash in found if clash is not None]

    def _clash(self, name: str) -> Clash | None:
        now, typed, field = self.current(name), self.cleaned_data[name], self.fields[name]
        if not field.show_hidden_initial or not field.has_changed(now, self._shown(name)):
            return None
        return Clash(name, str(self[name].label), now, typed) if _plain(now) != _plain(typed) else None

    def _shown(self, name: str) -> Any:
        """The value that the page showed, as it came back."""
        bound = self[name]
        widget = bound.field.hidden_widget()
        return widget.value_from_datadict(self.data, self.files, bound.html_initial_name)

    def merge(self) -> list[str]:
        """Leave on the row only what was changed here; returns the names of those fields."""
        changed = list(self.changed_data)
        for name in set(self._meta.fields or ()) - set(changed):
            setattr(self.instance, name, self.current(name))
        return changed

    def show_again(self, clashes: list[Clash]) -> None:
        """Take what is there now for what was shown: whoever sends the form once more means it."""
        data = self.data.copy() if isinstance(self.data, QueryDict) else QueryDict(mutable=True)
        for clash in clashes:
            bound = self[clash.name]
            value = bound.field.prepare_value(clash.now)
            written = bound.field.hidden_widget().format_value(value)
            data.setlist(bound.html_initial_name, value if isinstance(value, list) else [written or ""])
        self.data = data


def _plain(value: Any) -> Any:
    """A value as it compares: None and the empty text alike, lists in any order."""
    if isinstance(value, (list, tuple, set)):
        return sorted(map(str, value))
    return value.pk if isinstance(value, Model) else value or ""
