"""Forms that make and rename libraries and collections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from dam.collections import smart
from dam.collections.curation import move_collection
from dam.collections.models import Collection, Library, Ordering
from dam.collections.revisions import RevisedForm
from dam.collections.tree import choices
from dam.sharing.access import collections_for
from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dam.sharing.access import AnyUser


QUERY_HELP = "As in the search box, fields and all. Each reader is shown what they may see of the answers."


def checked_query(query: str) -> str:
    """The query, refused as a ValidationError where it is none."""
    try:
        smart.resolver().check(query)
    except smart.BadQueryError as problem:
        raise forms.ValidationError(str(problem)) from problem
    return query


class CollectionForm(RevisedForm):
    """The name, description and order of a collection, and the search of a smart one."""

    class Meta:
        model = Collection
        fields = ["name", "description", "ordering", "query"]
        labels = {"ordering": "Order", "query": "Search"}
        help_texts = {"query": QUERY_HELP}
        widgets = {
            "description": forms.Textarea({"rows": 3}),
            "query": forms.Textarea({"rows": 2, "spellcheck": "false"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ordering"].required = False
        if self.instance.smart:
            self.fields["query"].required = True
            choices = [each for each in Ordering.choices if each[0] != Ordering.HAND]
            self.fields["ordering"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["query"]

    def clean_ordering(self) -> str:
        return str(self.cleaned_data["ordering"] or self.instance.ordering)

    def clean_query(self) -> str:
        return checked_query(self.cleaned_data["query"])

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
        self.libraries, self.parents = founding_places(user)
        self.fields["place"].choices = place_choices(self.libraries, self.parents)  # type: ignore[attr-defined]

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
            library=chosen["library"], parent=chosen["parent"], name=chosen["name"], query=self._query()
        )

    def _query(self) -> str:
        return ""


class NewSmartCollectionForm(NewCollectionForm):
    """A new collection of all that answers a search."""

    query = forms.CharField(
        label="Search",
        max_length=10_000,
        widget=forms.Textarea({"rows": 2, "spellcheck": "false"}),
        help_text=QUERY_HELP,
    )
    field_order = ("name", "query", "place")

    def clean_query(self) -> str:
        return checked_query(self.cleaned_data["query"])

    def _query(self) -> str:
        return str(self.cleaned_data["query"])


class MoveForm(forms.Form):
    """Where a collection belongs: outermost in its library, or inside another collection of it."""

    place = forms.ChoiceField(label="Inside")

    def __init__(self, user: AnyUser, collection: Collection, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collection = collection
        libraries, parents = founding_places(user)
        home = f"library-{collection.library_id}"
        self.libraries = {value: each for value, each in libraries.items() if value == home}
        inside = Collection.objects.filter(lineage__contains=[collection.pk])
        self.parents = parents.filter(library=collection.library_id).exclude(pk__in=inside.values("pk"))
        self.fields["place"].choices = place_choices(self.libraries, self.parents)  # type: ignore[attr-defined]
        self.initial["place"] = str(collection.parent_id or home)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors:
            return values
        place = values["place"]
        parent = None if place in self.libraries else self.parents.get(pk=place)
        there = Collection.objects.filter(library=self.collection.library_id, parent=parent)
        if there.filter(name=self.collection.name).exclude(pk=self.collection.pk).exists():
            self.add_error("place", "There is a collection of that name there already.")
        return {**values, "parent": parent}

    def save(self) -> Collection:
        """Move the collection with all that is inside it. Call it on a valid form."""
        return move_collection(self.collection, self.cleaned_data["parent"])


def founding_places(user: AnyUser) -> tuple[dict[str, Library], QuerySet[Collection]]:
    """Libraries, by the values of their choices, and collections, in which the user may make collections."""
    libraries = whole_libraries_for(user, Role.ARCHIVIST).order_by("name")
    return (
        {f"library-{each.pk}": each for each in libraries},
        collections_for(user, Role.ARCHIVIST).filter(query=""),
    )


def place_choices(libraries: dict[str, Library], parents: QuerySet[Collection]) -> list[tuple[str, str]]:
    """Choices of a select of places."""
    return [
        *((value, library.name) for value, library in libraries.items()),
        *((str(pk), f"\u2003{label}") for pk, label in choices(parents)),
    ]


class LibraryForm(forms.ModelForm):
    """A new library; only administrators of the installation make one."""

    class Meta:
        model = Library
        fields = ["name", "slug"]
        labels = {"slug": "Short name, for addresses"}
