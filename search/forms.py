"""The filters of the search page, as fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from dam.collections.tree import choices
from dam.sharing.access import collections_for
from search.filters import Filters

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

KINDS = [("", "All media"), ("image", "Photographs"), ("video", "Films"), ("audio", "Recordings")]


class SearchFilters(forms.Form):
    """Shows what search.filters.Filters has read from the address; nothing is validated here."""

    kind = forms.ChoiceField(label="Media", choices=KINDS, required=False)
    collection = forms.ChoiceField(required=False)
    object = forms.CharField(
        label="Object seen", required=False, widget=forms.TextInput({"placeholder": "dog", "size": 10})
    )
    language = forms.CharField(
        label="Spoken language", required=False, widget=forms.TextInput({"placeholder": "en", "size": 6})
    )
    date_from = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}))
    date_to = forms.DateField(label="Until", required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, user: AnyUser, filters: Filters) -> None:
        super().__init__(initial=filters.to_query())
        allowed = choices(collections_for(user))
        self.fields["collection"].choices = [("", "All collections"), *allowed]  # type: ignore[attr-defined]
