"""Forms by which archivists record persons, consent, and who is in a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.utils import timezone

from dam.collections.models import Library
from dam.people.biometrics import FACE, VOICE
from dam.people.merging import concerns
from dam.people.models import Consent, LibraryRecognition, Person, Scope
from dam.people.scopes import keepable_people_for, nameable_people_for
from dam.sharing.models import Role, User
from dam.sharing.scopes import whole_libraries_for
from indexing.models import Annotation

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

LARGEST_EVIDENCE = 20 * 2**20
"""Bytes of a signed form at most."""


class DateTimeInput(forms.DateTimeInput):
    """The browser's own field for a day and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class PersonForm(forms.ModelForm):
    """The record of a person; nothing biometric."""

    class Meta:
        model = Person
        fields = ["name", "notes", "hidden"]
        widgets = {"notes": forms.Textarea({"rows": 3})}
        help_texts = {"hidden": "For children and strangers: everybody but archivists reads “Somebody”."}


class NewPersonForm(forms.ModelForm):
    """A person of one of the libraries that the archivist keeps."""

    class Meta:
        model = Person
        fields = ["library", "name", "notes"]
        widgets = {"notes": forms.Textarea({"rows": 3})}

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        libraries = whole_libraries_for(user, Role.ARCHIVIST).order_by("name")
        self.fields["library"].queryset = libraries  # type: ignore[attr-defined]
        if len(libraries) == 1:
            self.initial["library"] = libraries[0].pk


class GroundForm(forms.ModelForm):
    """What all declarations have in common: who gave it, from when, until when, and what proves it."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        expires, given = values.get("expires_at"), values.get("given_at")
        if expires and given and expires <= given:
            self.add_error("expires_at", "It would end before it begins.")
        if expires and expires <= timezone.now():
            self.add_error("expires_at", "That moment has passed.")
        return values


class ConsentForm(GroundForm):
    """A person's consent to be recognised."""

    class Meta:
        model = Consent
        fields = ["scope", "given_by", "given_at", "expires_at", "evidence", "evidence_file"]
        labels = {"given_by": "Given by", "given_at": "Given at", "expires_at": "Ends at"}
        help_texts = {
            "given_by": "The person, or whoever may speak for them.",
            "expires_at": "Empty: it holds until it is withdrawn.",
            "evidence": "Where the signed form is, or what was said to whom.",
            "evidence_file": "A scan of the signed form, 20 MB at most.",
        }
        widgets = {
            "given_at": DateTimeInput(),
            "expires_at": DateTimeInput(),
            "evidence": forms.Textarea({"rows": 2}),
        }

    def clean_evidence_file(self) -> UploadedFile | None:
        """The file, refused where it is too large."""
        file: UploadedFile | None = self.cleaned_data["evidence_file"]
        if file and file.size and file.size > LARGEST_EVIDENCE:
            raise forms.ValidationError("The file is larger than 20 MB.")
        return file


class RecognitionForm(GroundForm):
    """A library's basis to keep and group faces, or voices, of people who are not named yet."""

    class Meta:
        model = LibraryRecognition
        fields = ["scope", "given_by", "given_at", "expires_at", "evidence"]
        labels = {
            "scope": "For",
            "given_by": "Declared by",
            "given_at": "Declared at",
            "expires_at": "Ends at",
        }
        help_texts = {
            "evidence": "The legal basis and where it is written down.",
            "expires_at": "Empty: it holds until it is ended here.",
        }
        widgets = {
            "given_at": DateTimeInput(),
            "expires_at": DateTimeInput(),
            "evidence": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].required = True


class NameForm(forms.Form):
    """Who is this face, or this voice? Somebody whose consent for that is recorded, or a new person together
    with their consent."""

    person = forms.ModelChoiceField(Person.objects.none(), required=False, empty_label="Somebody new")
    name = forms.CharField(max_length=200, required=False, label="Name of somebody new")
    given_by = forms.CharField(
        max_length=200,
        required=False,
        label="Consent given by",
        help_text="The person, or whoever may speak for them.",
    )
    evidence = forms.CharField(
        required=False, help_text="Where the signed form is, or what was said to whom."
    )

    def __init__(self, user: User, found: Annotation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.library, self.scope = user, found.asset.library, found.kind
        choices = nameable_people_for(user, found.asset, self.scope)
        self.fields["person"].queryset = choices  # type: ignore[attr-defined]
        if not may_record_consent(user, self.library):
            for field in ("name", "given_by", "evidence"):
                del self.fields[field]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("person"):
            return values
        if not values.get("name"):
            self.add_error("person", "Choose a person, or write the name of somebody new.")
        elif not values.get("given_by"):
            self.add_error("given_by", "Nobody is recognised without consent. Say who gave it.")
        return values

    @transaction.atomic
    def save(self) -> Person:
        """The chosen person, or the new one with their consent. Call it on a valid form."""
        chosen: Person | None = self.cleaned_data["person"]
        if chosen:
            return chosen
        person = Person.objects.create(library=self.library, name=self.cleaned_data["name"])
        person.consents.create(
            scope=self.scope,
            given_by=self.cleaned_data["given_by"],
            evidence=self.cleaned_data["evidence"],
            recorded_by=self.user,
        )
        return person


class MergeForm(forms.Form):
    """Another record of the same person, and a tick under what the archivist answers for."""

    other = forms.ModelChoiceField(Person.objects.none(), label="The other record")
    sure = forms.BooleanField(required=False, label="It is the same person, and the consent covers all of it")

    def __init__(self, user: User, kept: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        self.concerns: list[str] = []
        others = keepable_people_for(user).filter(library=kept.library_id).exclude(pk=kept.pk)
        self.fields["other"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if other := values.get("other"):
            self.concerns = concerns(self.kept, other)
            if self.concerns and not values.get("sure"):
                self.add_error("sure", "Read what is said above, and tick this if it is so.")
        return values


class WithdrawalForm(forms.Form):
    """Which use of biometric data a person no longer allows; without an answer, none at all."""

    what = forms.ChoiceField(
        choices=[
            (Scope.BOTH, "Everything: face and voice"),
            (Scope.FACE, "The face only"),
            (Scope.VOICE, "The voice only"),
        ],
        required=False,
        label="What is withdrawn",
    )

    def scopes(self) -> set[str]:
        """Face, voice, or both. Call it on a valid form."""
        what = self.cleaned_data["what"]
        return {what} if what in (FACE, VOICE) else {FACE, VOICE}


def may_record_consent(user: User, library: Library) -> bool:
    """Whether the user keeps the persons of that library."""
    return whole_libraries_for(user, Role.ARCHIVIST).filter(pk=library.pk).exists()


def may_keep(user: User, person: Person) -> bool:
    """Whether the user keeps the record and the consent of that person."""
    return keepable_people_for(user).filter(pk=person.pk).exists()
