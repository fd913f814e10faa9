"""Forms of an import: the file, and what its columns mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField

from dam.bulk.fields import ADD, FIELDS, FILL, KEYS, SET
from dam.bulk.files import DELIMITERS, ENCODINGS
from dam.collections.models import Library
from dam.sharing.access import libraries_for
from dam.sharing.models import Role

if TYPE_CHECKING:
    from dam.sharing.models import User

MOST_BYTES = 50 * 2**20
TOO_LARGE = "The file has {:.0f} MB; 50 MB is the most. Divide it, and import its parts one after the other."
ONE_KEY = "Choose exactly one column that says which asset a row is about."
NO_FIELD = "Choose at least one column to be taken in."
TWICE = "Only one column can be taken in as {}."
COLUMN_CHOICES = [
    ("", "Leave out"),
    ("Finds the asset by", [(f"key:{name}", label) for name, label in KEYS.items()]),
    ("Is taken in as", [(name, field.label) for name, field in FIELDS.items()]),
]


class UploadForm(forms.Form):
    """A file of descriptions, and the library that holds what it describes."""

    library = forms.ModelChoiceField(Library.objects.none(), empty_label=None)
    file = forms.FileField(
        label="File", help_text="CSV or JSON, up to 50 MB and 100,000 rows.", max_length=300
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        libraries: Any = self.fields["library"]
        libraries.queryset = libraries_for(user, Role.ARCHIVIST).order_by("name")

    def clean_file(self) -> UploadedFile:
        """The file, refused where it is too large."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE.format((file.size or 0) / 2**20))
        return file


class LayoutForm(forms.Form):
    """How the file is read."""

    encoding = forms.ChoiceField(choices=list(ENCODINGS.items()))
    delimiter = forms.ChoiceField(label="Delimiter", choices=list(DELIMITERS.items()))


class MatchForm(forms.Form):
    """What each column means, and what becomes of what is there already."""

    mode = forms.ChoiceField(
        label="Fields with one value",
        choices=[(SET, "Replace what is there"), (FILL, "Fill in only where nothing is there")],
    )
    mode_of_many = forms.ChoiceField(
        label="Fields with several values",
        choices=[(ADD, "Add to what is there"), (SET, "Replace what is there")],
    )

    def __init__(self, headers: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names = [f"column_{number}" for number in range(len(headers))]
        for name, header in zip(self._names, headers, strict=True):
            self.fields[name] = forms.ChoiceField(label=header, choices=COLUMN_CHOICES, required=False)

    def columns(self) -> Iterator[BoundField]:
        """The choice for each column, in the order of the file."""
        for name in self._names:
            yield self[name]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        chosen = [values.get(name, "") for name in self._names]
        if sum(each.startswith("key:") for each in chosen) != 1:
            self.add_error(None, ONE_KEY)
        fields = Counter(each for each in chosen if each and not each.startswith("key:"))
        if not fields:
            self.add_error(None, NO_FIELD)
        for name in (name for name, count in fields.items() if count > 1):
            self.add_error(None, TWICE.format(FIELDS[name].label))
        return values

    def options(self) -> dict[str, Any]:
        """The choices as a job keeps them. Call it on a valid form."""
        columns = [self.cleaned_data[name] for name in self._names]
        key = next(each.partition(":")[2] for each in columns if each.startswith("key:"))
        modes = {name: self.cleaned_data[name] for name in ("mode", "mode_of_many")}
        return {"columns": columns, "key": key, **modes}
