"""Forms of lightboxes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from dam.assets.models import Asset
from dam.collections.curation import add_assets
from dam.collections.forms import NewCollectionForm
from dam.collections.lightbox_models import Lightbox, LightboxItem
from dam.collections.lightboxes import LightboxError, own_lightboxes, teammate
from dam.collections.models import Collection, Ordering
from dam.collections.revisions import PlainTextField
from dam.sharing.models import Role

if TYPE_CHECKING:
    from dam.sharing.models import User


class LightboxForm(forms.ModelForm):
    """The name of a lightbox."""

    class Meta:
        model = Lightbox
        fields = ["name"]

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.owner = user

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if own_lightboxes(self.instance.owner).filter(name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("You have a lightbox of that name already.")
        return name


class ShareForm(forms.Form):
    """A teammate who may look at the lightbox."""

    email = forms.EmailField(label="E-mail address of a teammate")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> User:
        """The teammate."""
        try:
            return teammate(self.user, self.cleaned_data["email"])
        except LightboxError as problem:
            raise forms.ValidationError(str(problem)) from problem


class NoteForm(forms.ModelForm):
    """What the owner says of one pick."""

    note = PlainTextField(max_length=5000, rows=2)

    class Meta:
        model = LightboxItem
        fields = ["note"]


class IntoCollectionForm(NewCollectionForm):
    """A new collection, arranged as the lightbox is."""

    def save_with(self, items: list[LightboxItem], user: User) -> tuple[Collection, int]:
        """The collection with the assets that the user may put there, in order, and how many were left out.

        Call it on a valid form.
        """
        collection = self.save()
        archived = Asset.objects.reachable_by(user, Role.ARCHIVIST).filter(library=collection.library_id)
        wanted = list(dict.fromkeys(item.asset_id for item in items))
        allowed = set(archived.filter(pk__in=wanted).values_list("pk", flat=True))
        add_assets(collection, [pk for pk in wanted if pk in allowed], archived)
        Collection.objects.filter(pk=collection.pk).update(ordering=Ordering.HAND)
        return collection, len(wanted) - len(allowed)
