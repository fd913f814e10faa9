"""The form in which an asset is described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from dam.assets.models import Asset
from dam.describing.fields import FIELDS, Field, Value, clean, joined
from dam.describing.record import Proposal, Record


class DescribeForm(forms.Form):
    """Every field of FIELDS as a box, and the values that stood there before."""

    before = forms.JSONField(widget=forms.HiddenInput, required=False)

    def __init__(self, asset: Asset, record: Record, data: Any = None) -> None:
        self.record = record
        texts = {name: joined(name, value) for name, value in record.values.items()}
        super().__init__(data, initial={**texts, "before": record.values})
        for field in FIELDS.values():
            self.fields[field.name] = _box(field, asset)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in FIELDS:
            try:
                cleaned[name] = clean(name, cleaned.get(name, ""))
            except ValidationError as error:
                self.add_error(name, error)
        return cleaned

    @property
    def values(self) -> dict[str, Value]:
        """What was written, field by field. Call it on a valid form."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    @property
    def base(self) -> dict[str, Value]:
        """What stood in the fields when the form was opened; what stands there now where it does not tell."""
        told = self.cleaned_data["before"]
        told = told if isinstance(told, dict) else {}
        now = self.record.values
        return {name: _value(field, told.get(name), now[name]) for name, field in FIELDS.items()}

    def rows(self) -> Iterator[tuple[BoundField, Field, list[Proposal]]]:
        """Each box with its field and what is proposed beside it."""
        for name, field in FIELDS.items():
            yield self[name], field, self.record.proposals[name]


def with_proposal(data: Any, record: Record, pk: str) -> Any:
    """What was sent, with the proposal of that number written into its field, as its button asks."""
    data = data.copy()
    for name, proposals in record.proposals.items():
        for proposal in (each for each in proposals if str(each.fact.pk) == pk):
            there = data.get(name, "").strip() if FIELDS[name].many else ""
            text = joined(name, (proposal.text,)) if FIELDS[name].many else proposal.text
            data[name] = f"{there}\n{text}".strip()
    return data


def _box(field: Field, asset: Asset) -> forms.CharField:
    attributes: dict[str, Any] = {"rows": field.rows} if field.rows > 1 else {}
    if field.name == "keywords":
        attributes |= {"data-terms": "keyword", "data-library": asset.library_id}
    widget = forms.Textarea if field.rows > 1 else forms.TextInput
    return forms.CharField(
        label=field.label, help_text=field.help, required=False, strip=False, widget=widget(attributes)
    )


def _value(field: Field, told: Any, otherwise: Value) -> Value:
    if field.many and isinstance(told, list):
        return tuple(str(each) for each in told)
    return told if isinstance(told, str) and not field.many else otherwise
