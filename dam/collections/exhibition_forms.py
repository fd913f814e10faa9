"""Forms of the editor of exhibitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from dam.assets.models import Asset
from dam.collections import lightboxes, moments
from dam.collections.exhibition_models import Exhibition, ExhibitionMoment, ExhibitionSection
from dam.collections.exhibitions import new_slug
from dam.collections.lightbox_models import Lightbox, LightboxItem
from dam.collections.models import Library
from dam.collections.revisions import PlainTextField, RevisedForm
from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for

if TYPE_CHECKING:
    from dam.sharing.models import User

LONGEST = 20_000


class NewExhibitionForm(forms.ModelForm):
    """The title of a new exhibition, and its library."""

    class Meta:
        model = Exhibition
        fields = ["title", "library"]

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.created_by = user
        libraries = whole_libraries_for(user, Role.ARCHIVIST).order_by("name")
        self.fields["library"].queryset = libraries  # type: ignore[attr-defined]
        self.fields["library"].empty_label = None  # type: ignore[attr-defined]

    def save(self, commit: bool = True) -> Exhibition:
        """The exhibition, a draft with one empty section. Call it on a valid form."""
        self.instance.slug = new_slug(self.cleaned_data["title"])
        made: Exhibition = super().save(commit)
        ExhibitionSection.objects.create(exhibition=made, position=1)
        return made


class ExhibitionForm(RevisedForm):
    """The title, address and introduction."""

    introduction = PlainTextField(max_length=LONGEST, help_text="An empty line begins a new paragraph.")

    class Meta:
        model = Exhibition
        fields = ["title", "slug", "introduction"]
        labels = {"slug": "Short name, for the address"}
        help_texts = {"slug": "Links to a published page end with it: change it before you publish."}


class SectionForm(RevisedForm):
    """The heading and the paragraphs of a section."""

    text = PlainTextField(max_length=LONGEST)

    class Meta:
        model = ExhibitionSection
        fields = ["heading", "text"]


class MomentForm(RevisedForm):
    """What is said of a moment, and which part of a film or recording it is."""

    caption = PlainTextField(max_length=5000, rows=2)
    alt = PlainTextField(
        label="Alternative text",
        max_length=2000,
        rows=2,
        help_text="What is to be seen or heard, for who cannot.",
    )
    start = forms.CharField(label="From", required=False, max_length=20, help_text="12.5 or 1:02")
    end = forms.CharField(label="Until", required=False, max_length=20)
    whole = forms.BooleanField(label="Show the whole picture, without the marked part", required=False)

    class Meta:
        model = ExhibitionMoment
        fields = ["caption", "alt", "start", "end"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.asset.duration:
            del self.fields["start"], self.fields["end"]
        if self.instance.region is None:
            del self.fields["whole"]

    def clean_start(self) -> float | None:
        return self._second("start")

    def clean_end(self) -> float | None:
        return self._second("end")

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        start, end = values.get("start"), values.get("end")
        if end is not None and end <= (start or 0):
            self.add_error("end", "It ends after it begins.")
        if values.get("whole"):
            self.instance.x = self.instance.y = self.instance.w = self.instance.h = None
        return values

    def _second(self, name: str) -> float | None:
        try:
            return moments.second(self.cleaned_data[name], self.instance.asset)
        except moments.PlaceError as problem:
            raise forms.ValidationError(str(problem)) from problem


class AddMomentForm(forms.Form):
    """A moment by the address of its asset, or all picks of a lightbox."""

    address = forms.CharField(
        label="Address of an asset",
        required=False,
        max_length=2000,
        help_text="As in the address bar, ?t= and all; or its number.",
    )
    lightbox = forms.ModelChoiceField(Lightbox.objects.none(), required=False, label="All of a lightbox")

    def __init__(self, user: User, library: Library, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.library = user, library
        self.fields["lightbox"].queryset = lightboxes.lightboxes_for(user)  # type: ignore[attr-defined]
        self.fields["lightbox"].empty_label = "None"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not values.get("address") and not values.get("lightbox"):
            self.add_error("address", "Give an address, or choose a lightbox.")
        return values

    def clean_address(self) -> list[dict[str, Any]]:
        """The moment that the address names, as one."""
        text = self.cleaned_data["address"].strip()
        if not text:
            return []
        try:
            pk, second, fact = moments.from_address(text)
            asset = self._archived().filter(pk=pk).first()
            if asset is None:
                raise moments.PlaceError("There is no such asset in this library.")
            start = moments.second(second, asset) if asset.duration else None
            return [{"asset": asset, **moments.of_fact(asset, fact), **({"start": start} if start else {})}]
        except moments.PlaceError as problem:
            raise forms.ValidationError(str(problem)) from problem

    def places(self) -> list[dict[str, Any]]:
        """What to add, for exhibitions.add_moments. Call it on a valid form."""
        found: list[dict[str, Any]] = list(self.cleaned_data["address"])
        if lightbox := self.cleaned_data["lightbox"]:
            allowed = set(
                self._archived().values_list("pk", flat=True).filter(pk__in=lightbox.items.values("asset"))
            )
            picks = lightboxes.contents(self.user, lightbox).items
            found += [_of_pick(pick) for pick in picks if pick.asset_id in allowed]
        return found

    def _archived(self) -> Any:
        return Asset.objects.reachable_by(self.user, Role.ARCHIVIST).filter(library=self.library)


def _of_pick(pick: LightboxItem) -> dict[str, Any]:
    place = {name: getattr(pick, name) for name in ("start", "end", *"xywh")}
    return {"asset": pick.asset, "caption": pick.note, **place}
