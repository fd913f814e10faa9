"""The form of a share link: for how long, how closed, and what travels."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from dam.sharing.link_models import ShareLink
from dam.sharing.links import USUAL_LIFE

SHORTEST_PASSWORD = 8
SAVED = [
    "title",
    "note",
    "max_visits",
    "may_download",
    "shows_transcript",
    "shows_people",
    "shows_places",
]
ORDER = ["title", "note", "last_day", "new_password", "no_password", "max_visits"]
"""The first fields, as a person reads them; the others follow."""


class LinkForm(forms.ModelForm):
    """The settings of a link; its target is never changed. The password in force is not shown."""

    last_day = forms.DateField(
        required=False,
        label="Works until the end of",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    new_password = forms.CharField(
        required=False,
        min_length=SHORTEST_PASSWORD,
        max_length=200,
        strip=False,
        label="Password",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        help_text=f"Optional, at least {SHORTEST_PASSWORD} characters. Tell it to the guest by another way.",
    )
    no_password = forms.BooleanField(required=False, label="Take the password away")
    field_order = ORDER

    class Meta:
        model = ShareLink
        fields = SAVED
        labels = {
            "title": "Title",
            "note": "A word to the guest",
            "max_visits": "Visits at most",
            "may_download": "Files may be downloaded",
            "shows_transcript": "The transcript travels",
            "shows_people": "Names of people travel",
            "shows_places": "Places travel",
        }
        help_texts = {
            "title": "The guest reads it above the files.",
            "note": "",
            "max_visits": "Empty: as many as they like. A visit lasts twelve hours in one browser.",
            "may_download": "The original, which may hold names and places, only where both travel; "
            "else a copy without them.",
        }
        widgets = {"note": forms.Textarea({"rows": 3})}

    def __init__(self, may_be_endless: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].required = not may_be_endless
        if may_be_endless:
            self.fields["last_day"].help_text = "Empty: it never expires, as you administer the library."
        self.initial["last_day"] = self._last_day()
        if self.instance.password:
            self.fields["new_password"].label = "Another password"
            self.fields["new_password"].help_text = "Empty: the present one stays."
        else:
            del self.fields["no_password"]

    def clean_last_day(self) -> date | None:
        last: date | None = self.cleaned_data["last_day"]
        if last is not None and last < timezone.localdate():
            raise forms.ValidationError("That day is over. Choose today or a later one.")
        return last

    def clean_max_visits(self) -> int | None:
        wanted: int | None = self.cleaned_data["max_visits"]
        if wanted == 0:
            raise forms.ValidationError("A link with no visits leads nowhere: allow one at least.")
        return wanted

    def save(self, commit: bool = True) -> ShareLink:
        """The link with these settings; with `commit=False` it is not saved yet."""
        link: ShareLink = super().save(commit=False)
        link.expires_at = _end_of(self.cleaned_data["last_day"])
        if self.cleaned_data.get("no_password"):
            link.password = ""
        if self.cleaned_data["new_password"]:
            link.password = make_password(self.cleaned_data["new_password"])
        if commit:
            link.save(update_fields=[*SAVED, "expires_at", "password"])
        return link

    def _last_day(self) -> date | None:
        if self.instance._state.adding:
            return timezone.localdate() + USUAL_LIFE
        ends = self.instance.last_moment
        return timezone.localdate(ends) if ends else None


def _end_of(day: date | None) -> datetime | None:
    """The first moment after that day; None where there is no day."""
    return None if day is None else timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
