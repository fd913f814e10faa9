"""Forms by which administrators say who may do what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction

from dam.collections.models import Library
from dam.collections.tree import choices
from dam.sharing.accounts import create_account
from dam.sharing.models import Membership, Role, User

LAST_ADMINISTRATOR = "A library keeps at least one administrator. Name another one first."

SMART = "A smart collection has no members: access follows assets, never a search. Choose another place."


class MemberForm(forms.Form):
    """A person's role in a library, or in one collection of it."""

    email = forms.EmailField(label="E-mail address")
    role = forms.TypedChoiceField(choices=Role.choices, coerce=int)
    collection = forms.TypedChoiceField(label="Where", required=False, coerce=int, empty_value=None)

    def __init__(self, library: Library, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.library = library
        self.fields["collection"].choices = [  # type: ignore[attr-defined]
            ("", "The whole library"),
            *choices(library.collections.all()),
        ]

    def clean_collection(self) -> int | None:
        """The collection, refused where it is a smart one: access follows assets, never a query."""
        chosen: int | None = self.cleaned_data["collection"]
        if self.library.collections.exclude(query="").filter(pk=chosen or 0).exists():
            raise forms.ValidationError(SMART)
        return chosen

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("collection") and values.get("role") == Role.ADMINISTRATOR:
            self.add_error("role", "Administrators always administer the whole library.")
        if values.get("role", Role.ADMINISTRATOR) < Role.ADMINISTRATOR and self._names_last_administrator():
            self.add_error("role", LAST_ADMINISTRATOR)
        return values

    def _names_last_administrator(self) -> bool:
        if self.cleaned_data.get("collection"):
            return False
        held = self.library.memberships.filter(user__email__iexact=self.cleaned_data.get("email", ""))
        return any(is_last_administrator(each) for each in held.filter(collection=None))

    @transaction.atomic
    def save(self) -> tuple[Membership, str]:
        """The membership, and the one-time password of an account that had to be made ("" otherwise).

        Call it on a valid form.
        """
        email, password = self.cleaned_data["email"].lower(), ""
        user = User.objects.filter(email=email).first()
        if user is None:
            user, password = create_account(email)
        place = {"library": self.library, "collection_id": self.cleaned_data["collection"]}
        membership, _ = Membership.objects.update_or_create(
            user=user, **place, defaults={"role": self.cleaned_data["role"]}
        )
        return membership, password


def is_last_administrator(membership: Membership) -> bool:
    """True where nobody would be left to administer the library without this membership."""
    if membership.role < Role.ADMINISTRATOR:
        return False
    others = membership.library.memberships.filter(role=Role.ADMINISTRATOR, collection=None)
    return not others.exclude(pk=membership.pk).exists()
