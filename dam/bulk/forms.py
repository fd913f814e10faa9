"""The form in which a change of many assets is wished for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BoundField

from dam.bulk.fields import FIELDS, LEAVE, MODE_LABELS, modes
from dam.bulk.wishes import ENTER, RESTORE, TAKE_OUT, TRASH, Wish, WishError, wish
from dam.collections.models import Collection
from dam.collections.tree import choices
from dam.describing.fields import joined
from dam.rights import statements
from dam.sharing.access import collections_for
from dam.sharing.models import Role
from indexing import kinds

if TYPE_CHECKING:
    from dam.sharing.models import User

TITLE_HELP = (
    "You may use {title}, {name} of the file, {date}, {year}, {number} and, with four digits, {number:4}. "
    "Numbers count from the oldest."
)
MANY_HELP = "One on each line, or separated by semicolons{}."
NOTHING = "Nothing would change. Choose what to do with at least one field."
TRASH_ALONE = "What goes to the trash, or comes out of it, is changed in no other way at once."
DECISIONS = [(LEAVE, "Leave them"), ("accepted", "Accept"), ("rejected", "Reject")]
LIFE = [(LEAVE, "Leave it where it is"), (TRASH, "Move to the trash"), (RESTORE, "Restore from the trash")]


class EditForm(forms.Form):
    """For every field what to do and a value; collections, proposals, the trash. Cleaning fills `wishes`."""

    enter = forms.ModelChoiceField(Collection.objects.none(), label="Put into", required=False)
    take_out = forms.ModelChoiceField(Collection.objects.none(), label="Take out of", required=False)
    decision = forms.ChoiceField(label="What machines propose", choices=DECISIONS, required=False)
    decision_kind = forms.ChoiceField(label="Of the kind", required=False)
    confidence = forms.IntegerField(
        label="From this confidence on (%)", min_value=0, max_value=100, required=False, initial=90
    )
    trash = forms.ChoiceField(label="The trash", choices=LIFE, required=False)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wishes: list[Wish] = []
        for name in FIELDS:
            self._add_field(name)
        allowed = collections_for(user, Role.ARCHIVIST).filter(query="")
        for name in ("enter", "take_out"):
            field: Any = self.fields[name]
            field.queryset = allowed
            field.choices = [("", "No collection"), *choices(allowed)]
        named: Any = self.fields["decision_kind"]
        named.choices = [(name, kinds.get(name).label) for name in kinds.searchable()]

    def _add_field(self, name: str) -> None:
        field = FIELDS[name]
        told = [(mode, MODE_LABELS[mode]) for mode in (LEAVE, *modes(name))]
        self.fields[f"{name}_mode"] = forms.ChoiceField(
            label=f"What to do with: {field.label}", choices=told, required=False
        )
        help_text = (
            TITLE_HELP
            if name == "title"
            else MANY_HELP.format(" or commas" if field.commas else "")
            if field.many
            else ""
        )
        self.fields[name] = forms.CharField(
            label=field.label, required=False, strip=False, widget=_widget(name), help_text=help_text
        )

    def rows(self) -> Iterator[tuple[BoundField, BoundField]]:
        """For every field what to do with it, and its value."""
        for name in FIELDS:
            yield self[f"{name}_mode"], self[name]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.wishes = [*self._of_fields(values), *self._of_collections(values), *self._others(values)]
        if any(each.field == "trash" for each in self.wishes) and len(self.wishes) > 1:
            self.add_error("trash", TRASH_ALONE)
        if not self.wishes and not self.errors:
            self.add_error(None, NOTHING)
        return values

    def _of_fields(self, values: dict[str, Any]) -> Iterator[Wish]:
        for name in FIELDS:
            mode, text = values.get(f"{name}_mode", LEAVE), values.get(name) or ""
            if mode == LEAVE and text.strip():
                self.add_error(f"{name}_mode", "Choose what to do with what you wrote.")
            if mode == LEAVE:
                continue
            try:
                yield wish(name, mode, text)
            except WishError as error:
                self.add_error(name, str(error))

    def _of_collections(self, values: dict[str, Any]) -> Iterator[Wish]:
        entered, left = values.get("enter"), values.get("take_out")
        if entered and entered == left:
            self.add_error(
                "take_out", "An asset cannot be put into a collection and taken out of it at once."
            )
        yield from (Wish("collection", ENTER, each.pk) for each in [entered] if each)
        yield from (Wish("collection", TAKE_OUT, each.pk) for each in [left] if each)

    def _others(self, values: dict[str, Any]) -> Iterator[Wish]:
        if decision := values.get("decision"):
            least = values.get("confidence")
            sure = 0.9 if least is None else least / 100
            yield Wish("decision", decision, [values.get("decision_kind") or "keyword", sure])
        if life := values.get("trash"):
            yield Wish("trash", life)


def _widget(name: str) -> forms.Widget:
    if name == "statement":
        return forms.Select(choices=statements.choices())
    tall = FIELDS[name].many or FIELDS[name].rows > 1
    widget = forms.Textarea({"rows": 2}) if tall else forms.TextInput()
    if name == "keywords":
        widget.attrs["data-terms"] = ""
    return widget


def initial(wishes: Sequence[Wish]) -> dict[str, Any]:
    """The wishes as the form shows them, to be changed."""
    shown: dict[str, Any] = {}
    for each in wishes:
        match each.field:
            case "collection":
                shown["enter" if each.mode == ENTER else "take_out"] = each.value
            case "decision":
                kind, least = each.value
                shown |= {"decision": each.mode, "decision_kind": kind, "confidence": round(100 * least)}
            case "trash":
                shown["trash"] = each.mode
            case name:
                value = tuple(each.value) if isinstance(each.value, list) else each.value or ""
                shown |= {f"{name}_mode": each.mode, name: joined(name, value)}
    return shown
