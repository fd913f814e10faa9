"""What archivists choose and write while they review; all of it is read from addresses or small forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from dam.review.subjects import REVIEWED, title_of
from dam.sharing.access import collections_for, libraries_for
from dam.sharing.models import Role

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

ACTS = ("sort", "accept", "reject", "correct", "name", "rename")
MOST_AT_ONCE = 500
"""Facts in one form at most; a page has fewer."""


class ReviewFilter(forms.Form):
    """What the queue is narrowed to."""

    kind = forms.ChoiceField(required=False)
    place = forms.ChoiceField(label="Where", required=False)
    least = forms.IntegerField(label="From, %", min_value=0, max_value=100, required=False)
    most = forms.IntegerField(label="To, %", min_value=0, max_value=100, required=False)
    analyser = forms.CharField(max_length=50, required=False)

    def __init__(self, user: AnyUser, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.libraries = {
            f"library-{each.pk}": each for each in libraries_for(user, Role.ARCHIVIST).order_by("name")
        }
        self.collections = {
            f"collection-{each.pk}": each
            for each in collections_for(user, Role.ARCHIVIST).order_by("library", "name")
        }
        places = {**self.libraries, **self.collections}
        kinds = sorted((title_of(name), name) for name in REVIEWED)
        self.fields["kind"].choices = [("", "All kinds"), *((name, title) for title, name in kinds)]  # type: ignore[attr-defined]
        self.fields["place"].choices = [("", "Everywhere"), *places.items()]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """The filters that hold, by the names that dam.review.waiting knows; one that cannot be read is left
        out and explained beside its field."""
        self.is_valid()
        values = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        place = values.pop("place", "")
        if place in self.libraries:
            values["library"] = self.libraries[place]
        elif place:
            values["collection"] = self.collections[place]
        return {name: value / 100 if name in ("least", "most") else value for name, value in values.items()}


class NumbersField(forms.Field):
    """The ids of facts that a form sent, in its order."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[int]:
        """The numbers. Raises ValidationError for anything else, and for too many of them."""
        numbers = [str(each) for each in value or []]
        if len(numbers) > MOST_AT_ONCE or not all(each.isdecimal() and len(each) < 19 for each in numbers):
            raise forms.ValidationError("These are not facts of this page.")
        return [int(each) for each in numbers]


class DecisionForm(forms.Form):
    """One keystroke: the facts that were shown, those that stayed chosen, and what becomes of them."""

    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])
    shown = NumbersField(required=False)
    chosen = NumbersField(required=False)
    of = forms.CharField(max_length=30, required=False)
    label = forms.CharField(required=False, strip=False)
    text = forms.CharField(required=False)
    person = forms.IntegerField(required=False)

    def sorted_ids(self) -> tuple[list[int], list[int]]:
        """The facts to accept, and those to reject. Call it on a valid form."""
        values = self.cleaned_data
        if values["act"] == "sort":
            kept = set(values["chosen"])
            return [pk for pk in values["shown"] if pk in kept], [
                pk for pk in values["shown"] if pk not in kept
            ]
        return (values["shown"], []) if values["act"] == "accept" else ([], values["shown"])
