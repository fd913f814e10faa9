"""Forms of vocabularies and of the files that are brought into them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator

from dam.sharing.access import is_superuser
from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for
from dam.vocabularies.models import Vocabulary, new_uri
from dam.vocabularies.planning import URI
from dam.vocabularies.reading import LARGEST

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from dam.sharing.access import AnyUser

LANGUAGE = RegexValidator(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", "A language tag, such as en or pt-BR.")


class VocabularyForm(forms.ModelForm):
    """The name of a vocabulary and what there is to say about it."""

    language = forms.CharField(
        max_length=35, validators=[LANGUAGE], help_text="The one in which its terms are shown: en, de, fr."
    )
    uri = forms.CharField(
        max_length=1000,
        required=False,
        label="Address (URI)",
        help_text="Of the published vocabulary. Leave it empty for one of your own.",
        validators=[RegexValidator(rf"^{URI.pattern}$", "An address, such as http://example.org/birds.")],
    )

    class Meta:
        model = Vocabulary
        fields = ["name", "language", "is_open", "licence", "uri"]
        labels = {"is_open": "Other keywords are welcome too"}
        widgets = {"licence": forms.Textarea({"rows": 2})}

    def clean_uri(self) -> str:
        """The address, a new one where none is given."""
        return self.cleaned_data["uri"] or new_uri()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        here = Vocabulary.objects.filter(library=self.instance.library_id, deleted_at=None)
        if here.filter(name=values.get("name", "")).exclude(pk=self.instance.pk).exists():
            self.add_error("name", "There is a vocabulary of that name here already.")
        return values


class NewVocabularyForm(VocabularyForm):
    """A new vocabulary for a library, or, made by an administrator of the installation, for all."""

    place = forms.ChoiceField(label="For")
    field_order = ("name", "place", "language", "is_open", "licence", "uri")

    def __init__(self, user: AnyUser, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._libraries = {str(each.pk): each for each in _libraries(user)}
        shared = [("all", "All libraries")] if is_superuser(user) else []
        named = [(pk, library.name) for pk, library in self._libraries.items()]
        self.fields["place"].choices = [*named, *shared]  # type: ignore[attr-defined]

    def clean_place(self) -> str:
        """The choice, by which the vocabulary is put in its place."""
        place: str = self.cleaned_data["place"]
        self.instance.library = self._libraries.get(place)
        return place


def _libraries(user: AnyUser) -> Any:
    return whole_libraries_for(user, Role.ARCHIVIST).order_by("name")


class ImportForm(forms.Form):
    """A SKOS file."""

    file = forms.FileField(
        label="SKOS file", help_text=f"Turtle, RDF/XML, JSON-LD or N-Triples, {LARGEST // 2**20} MB at most."
    )

    def clean_file(self) -> UploadedFile:
        """The file, refused where it is too large."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(f"The file is larger than {LARGEST // 2**20} MB.")
        return file
