"""Forms by which archivists make and edit watch lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone

from dam.collections.tree import choices
from dam.sharing.access import collections_for
from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for
from dam.watchlists.entries import LONGEST, MOST, EntriesError, parse
from dam.watchlists.models import WatchList

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from dam.sharing.access import AnyUser

LARGEST = 2 * MOST * LONGEST
"""Bytes of a text file."""
HOW = """One word, name or phrase a line. Other ways to say it come after =, with commas between.
An entry in double quotes is found only as it is written. A line that begins with # is a note."""
LANGUAGE = RegexValidator(r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$", "A language tag, such as en or en-GB.")


class WatchListForm(forms.ModelForm):
    """A list and its entries, typed, pasted, or added from a text file."""

    language = forms.CharField(
        max_length=16, validators=[LANGUAGE], help_text="That of the entries: en, de, fr."
    )
    file = forms.FileField(required=False, label="Add entries from a text file")

    class Meta:
        model = WatchList
        fields = ["name", "language", "by_sound", "entries"]
        labels = {"by_sound": "Also by sound"}
        help_texts = {
            "by_sound": "Finds names that the transcript spells in another way.",
            "entries": HOW,
        }
        widgets = {"entries": forms.Textarea({"rows": 14, "spellcheck": "false"})}

    def clean_file(self) -> str:
        """The text of the file, refused where it is too large or not UTF-8."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None:
            return ""
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(f"The file is larger than {LARGEST // 10**6} MB.")
        try:
            return str(file.read(), "utf-8-sig")
        except UnicodeDecodeError as problem:
            raise forms.ValidationError("The file is not a text in UTF-8.") from problem

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["entries"] = "\n".join(filter(None, [values.get("entries", ""), values.get("file", "")]))
        try:
            parse(values["entries"])
        except EntriesError as problem:
            self.add_error("entries", str(problem))
        if self._is_taken(values.get("name", "")):
            self.add_error("name", "There is a watch list of that name here already.")
        return values

    def _is_taken(self, name: str) -> bool:
        here = WatchList.objects.filter(
            library=self.instance.library_id, collection=self.instance.collection_id
        )
        return here.filter(name=name).exclude(pk=self.instance.pk).exists()

    def save(self, commit: bool = True) -> WatchList:
        """The list, with the time of its change. Call it on a valid form."""
        self.instance.changed_at = timezone.now()
        watchlist: WatchList = super().save(commit)
        return watchlist


class NewWatchListForm(WatchListForm):
    """A new list, for a library or for a collection and what is below it."""

    place = forms.ChoiceField(label="For")
    field_order = ("name", "place", "language", "by_sound", "entries", "file")

    def __init__(self, user: AnyUser, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        libraries = whole_libraries_for(user, Role.ARCHIVIST).order_by("name")
        self._libraries = {f"library-{library.pk}": library for library in libraries}
        self._collections = collections_for(user, Role.ARCHIVIST)
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            *((value, library.name) for value, library in self._libraries.items()),
            *((str(pk), f"\u2003{label}") for pk, label in choices(self._collections)),
        ]

    def clean_place(self) -> str:
        """The library or collection, set on the list."""
        value: str = self.cleaned_data["place"]
        if value in self._libraries:
            self.instance.library = self._libraries[value]
            return value
        self.instance.collection = self._collections.select_related("library").get(pk=value)
        self.instance.library = self.instance.collection.library
        return value
