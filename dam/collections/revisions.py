"""Forms of text that two people may be changing at once: nobody writes over what they have not seen."""

from __future__ import annotations

from typing import Any, cast

import nh3
from django import forms
from django.db import models, transaction
from django.db.models import F
from django.http import QueryDict
from django.utils.html import escape
from django.utils.safestring import mark_safe

CHANGED = "Somebody changed this meanwhile. Theirs is told below each field; save again to keep yours."


def plain_text(text: str) -> str:
    """What was typed or pasted, without any markup: paragraphs are kept apart by blank lines."""
    bare = nh3.clean(text.replace("\x00", ""), tags=set(), clean_content_tags={"script", "style"})
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&")):
        bare = bare.replace(entity, character)
    return "\n".join(line.rstrip() for line in bare.splitlines()).strip()


class PlainTextField(forms.CharField):
    """Paragraphs of plain text."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.Textarea({"rows": rows}), "required": False, **kwargs})

    def clean(self, value: Any) -> str:
        return plain_text(str(super().clean(value)))


class RevisedForm(forms.ModelForm):
    """A form of a model with a `revision`, which each change raises by one.

    Where the row was changed since the form was shown, what was typed stays in it, the newer values are
    told, and saving once more replaces them.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["revision"] = self.instance.revision
        self._found = {name: self.initial.get(name) for name in self.fields}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        seen = values.get("revision")
        if self.instance.pk and seen is not None and seen != self._found["revision"]:
            self._tell_newer()
        return values

    def _tell_newer(self) -> None:
        """Refuse once, and let the next attempt be about what is there now."""
        self.add_error(None, CHANGED)
        self.data = {
            **cast(QueryDict, self.data).dict(),
            self.add_prefix("revision"): str(self._found["revision"]),
        }
        for name in self._meta.fields or ():
            if name in self.changed_data:
                theirs = escape(self._found[name] or "nothing")
                self[name].help_text = mark_safe(f"Theirs: {theirs}")  # noqa: S308 - escaped above

    def save(self, commit: bool = True) -> Any:
        """Write the row, one revision on. Call it on a valid form."""
        with transaction.atomic():
            saved: models.Model = super().save(commit)
            type(saved)._default_manager.filter(pk=saved.pk).update(revision=F("revision") + 1)
        return saved
