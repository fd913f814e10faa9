"""Forms that make and rename libraries and collections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from dam.collections.models import Collection, Library
from dam.collections.tree import choices
from dam.sharing.access import collections_for
from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser


class CollectionForm(forms.ModelForm):
    """The name and description of a collection."""

    class Meta:
        model = Collection
        fields = ["name", "description"]
        widgets = {"description": forms.Textarea({"rows": 3})}

    def clean_name(self) -> str:
        """The name, refused where a sibling bears it already."""
        name: str = self.cleaned_data["name"]
        siblings = Collection.objects.filter(
            library=self.instance.library_id, parent=self.instance.parent_id, name=name
        )
        if siblings.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("There is a collection of that name here already.")
        return name


class NewCollectionForm(forms.Form):
    """A new collection, in a library or below another collection."""

    name = forms.CharField(max_length=200)
    place = forms.ChoiceField(label="Inside")

    def __init__(self, user: AnyUser, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.libraries = {
            f"library-{each.pk}": each for each in whole_libraries_for(user, Role.ARCHIVIST).order_by("name")
        }
        self.parents = collections_for(user, Role.ARCHIVIST)
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            *((value, library.name) for value, library in self.libraries.items()),
            *((str(pk), f"\u2003{label}") for pk, label in choices(self.parents)),
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors:
            return values
        parent = self._parent(values["place"])
        library = parent.library if parent else self.libraries[values["place"]]
        if Collection.objects.filter(library=library, parent=parent, name=values["name"]).exists():
            self.add_error("name", "There is a collection of that name here already.")
        return {**values, "parent": parent, "library": library}

    def _parent(self, place: str) -> Collection | None:
        return None if place in self.libraries else self.parents.get(pk=place)

    def save(self) -> Collection:
        """Make the collection. Call it on a valid form."""
        chosen = self.cleaned_data
        return Collection.objects.create(
            library=chosen["library"], parent=chosen["parent"], name=chosen["name"]
        )


class LibraryForm(forms.ModelForm):
    """A new library; only administrators of the installation make one."""

    class Meta:
        model = Library
        fields = ["name", "slug"]
        labels = {"slug": "Short name, for addresses"}
