"""What people choose: filters of the grid, and where an upload goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet

from dam.assets.models import MediaKind
from dam.collections.models import Collection, Library
from dam.collections.tree import choices
from dam.sharing.access import collections_for
from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

KIND_CHOICES = [
    ("", "All media"),
    (MediaKind.IMAGE, "Photographs"),
    (MediaKind.VIDEO, "Films"),
    (MediaKind.AUDIO, "Recordings"),
]


class GridFilter(forms.Form):
    """Filters of the library, read from the address."""

    kind = forms.ChoiceField(label="Media", choices=KIND_CHOICES, required=False)
    collection = forms.ModelChoiceField(Collection.objects.none(), required=False)
    date_from = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}))
    date_to = forms.DateField(label="Until", required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, user: AnyUser, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = collections_for(user)
        field: forms.ModelChoiceField = self.fields["collection"]  # type: ignore[assignment]
        field.queryset = allowed
        field.choices = [("", "All collections"), *choices(allowed)]

    def chosen(self) -> dict[str, Any]:
        """The filters that hold; one that cannot be read is left out and explained beside its field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or more uploaded files, cleaned to a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list) else [data]
        return [super(ManyFilesField, self).clean(each, initial) for each in files or [None]]


class UploadForm(forms.Form):
    """Files, and the library or collection that receives them."""

    destination = forms.ChoiceField(label="Where to")
    files = ManyFilesField(max_length=1000)  # type: ignore[assignment]

    def __init__(self, user: AnyUser, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = destinations(user)
        self.fields["destination"].choices = _grouped(self.places)  # type: ignore[attr-defined]

    def place(self) -> tuple[Library, Collection | None]:
        """The library and, where one was chosen, the collection. Call it on a valid form."""
        return self.places[self.cleaned_data["destination"]]


def destinations(user: AnyUser) -> dict[str, tuple[Library, Collection | None]]:
    """Every place to which the user may add files, by the value of its choice."""
    places: dict[str, tuple[Library, Collection | None]] = {
        f"library-{library.pk}": (library, None)
        for library in whole_libraries_for(user, Role.CONTRIBUTOR).order_by("name")
    }
    for collection in _filled_by_hand(user).order_by("name"):
        places[f"collection-{collection.pk}"] = (collection.library, collection)
    return places


def _filled_by_hand(user: AnyUser) -> QuerySet[Collection]:
    """Collections to which the user may add, without those that a search fills."""
    return collections_for(user, Role.CONTRIBUTOR).filter(query="").select_related("library")


def _grouped(places: dict[str, tuple[Library, Collection | None]]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for value, (library, collection) in places.items():
        label = collection.name if collection else f"{library.name} (no collection)"
        groups.setdefault(library.name, []).append((value, label))
    return list(groups.items())
