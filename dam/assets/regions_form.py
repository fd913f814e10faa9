"""The form with which a person places a fact: what it is, in which box of the frame, from when to when."""

from __future__ import annotations

import math
from typing import Any

from django import forms

from dam.assets.models import Asset
from dam.assets.regions import PERSON, kinds_for
from dam.people.biometrics import FACE
from dam.people.models import Person
from dam.people.scopes import nameable_people_for
from dam.sharing.models import User
from indexing import kinds
from indexing.analysers.contract import Finding, Place, Region
from indexing.models import Annotation

BOX = ("left", "top", "width", "height")
SMALLEST = 0.1
"""Percent of the frame that a box is wide and high at least."""
SLACK = 0.01
"""Percent, or seconds, by which rounding may push a box or a span over the edge."""


class SecondsField(forms.CharField):
    """Seconds, as 83.5 or as 1:23.5; None where nothing was written."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, max_length=20, **more)

    def clean(self, value: Any) -> float | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            parts = [float(part) for part in text.split(":")]
        except ValueError:
            parts = [math.nan]
        seconds: float = sum(part * 60.0**place for place, part in enumerate(reversed(parts)))
        if not math.isfinite(seconds) or min(parts) < 0 or len(parts) > 3:
            raise forms.ValidationError("Write seconds as 83.5, or a time as 1:23.5.")
        return seconds


def percent(label: str) -> forms.FloatField:
    """A field for a part of the frame's width or height."""
    widget = forms.NumberInput({"step": "any", "inputmode": "decimal"})
    return forms.FloatField(label=label, required=False, min_value=0, max_value=100, widget=widget)


class RegionForm(forms.Form):
    """A fact at a place. Box in percent of the upright frame, span in seconds; one of both is needed."""

    kind = forms.ChoiceField(label="Kind")
    text = forms.CharField(
        label="What it is",
        required=False,
        max_length=500,
        widget=forms.TextInput({"list": "region-labels", "autocomplete": "off"}),
    )
    person = forms.ModelChoiceField(
        Person.objects.none(),
        label="Who it is",
        required=False,
        empty_label="Choose a person",
        help_text="For a person: somebody whose consent to be recognised by face is recorded.",
    )
    left, top = percent("Left, % of the width"), percent("Top, % of the height")
    width, height = percent("Width, %"), percent("Height, %")
    start, end = SecondsField(label="From"), SecondsField(label="To")

    def __init__(self, user: User, asset: Asset, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "region-%s", **kwargs})
        self.asset = asset
        people = nameable_people_for(user, asset, FACE)
        names = [name for name in kinds_for(asset) if name != PERSON or people.exists()]
        self.fields["kind"].choices = [(name, kinds.get(name).label) for name in names]  # type: ignore[attr-defined]
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        absent = (["person"] if PERSON not in names else []) + (list(BOX) if asset.kind == "audio" else [])
        for name in absent + (["start", "end"] if asset.kind == "image" else []):
            del self.fields[name]

    @property
    def said(self) -> list[forms.BoundField]:
        """The fields that say what it is."""
        return self._fields_of("kind", "text", "person")

    @property
    def span(self) -> list[forms.BoundField]:
        """The fields that say from when to when; none for a picture."""
        return self._fields_of("start", "end")

    @property
    def box(self) -> list[forms.BoundField]:
        """The fields of the box; none for a recording."""
        return self._fields_of(*BOX)

    @property
    def box_is_wrong(self) -> bool:
        """Whether one of the numbers of the box has to be written again."""
        return self.is_bound and any(name in self.errors for name in BOX)

    def _fields_of(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == PERSON and not values.get("person"):
            self.add_error("person", "Choose who it is.")
        if values.get("kind") not in (None, PERSON) and not values.get("text") and "text" not in self.errors:
            self.add_error("text", "Write what it is.")
        self._check_box(values)
        self._check_span(values)
        if not self.errors and self._region() is None and values.get("start") is None:
            self.add_error(None, "Draw a box, or say from when to when.")
        return values

    def finding(self) -> Finding:
        """What the form says. Call it on a valid one."""
        values, person = self.cleaned_data, self.cleaned_data.get("person")
        place = Place(values.get("start"), values.get("end"), self._region())
        if values["kind"] == PERSON and person:
            return Finding(PERSON, person.name, place=place, details={"person": person.pk})
        return Finding(values["kind"], " ".join(values["text"].split()), place=place)

    def _check_box(self, values: dict[str, Any]) -> None:
        box = [values.get(name) for name in BOX]
        if all(number is None for number in box) or any(name in self.errors for name in BOX):
            return
        if any(number is None for number in box):
            self.add_error(None, "A box has four numbers: left, top, width and height.")
            return
        left, top, width, height = (number or 0.0 for number in box)
        if min(width, height) < SMALLEST:
            self.add_error(None, "That box is too small to see.")
        if max(left + width, top + height) > 100 + SLACK:
            self.add_error(None, "That box stands out of the frame.")

    def _check_span(self, values: dict[str, Any]) -> None:
        start, end = values.get("start"), values.get("end")
        if {"start", "end"} & set(self.errors) or (start is None and end is None):
            return
        if start is None or end is None:
            self.add_error("end" if end is None else "start", "Say both from when and to when.")
        elif end <= start:
            self.add_error("end", "It would end before it begins.")
        elif end > (self.asset.duration or 0.0) + SLACK:
            self.add_error("end", f"It all ends after {self.asset.duration or 0:.1f} seconds.")

    def _region(self) -> Region | None:
        box = [self.cleaned_data.get(name) for name in BOX]
        if any(number is None for number in box):
            return None
        left, top, width, height = (round((number or 0.0) / 100, 5) for number in box)
        return Region(left, top, min(width, round(1 - left, 5)), min(height, round(1 - top, 5)))


def values_of(fact: Annotation) -> dict[str, Any]:
    """What the form shows for a fact that is to be changed."""
    box = {name: round(100 * (getattr(fact, axis) or 0.0), 3) for name, axis in zip(BOX, "xywh", strict=True)}
    span = {name: f"{getattr(fact, name) or 0.0:.3f}" for name in ("start", "end")}
    said = {"kind": fact.kind, "text": fact.text, "person": fact.details.get("person")}
    return said | (box if fact.x is not None else {}) | (span if fact.start is not None else {})
