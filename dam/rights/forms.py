"""Forms for the rights in an asset, in a collection, and of a library."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils import timezone

from dam.rights import drawing, mining, statements
from dam.rights.marks import check_picture
from dam.rights.merging import MergingForm
from dam.rights.models import AssetRights, CollectionRights, LibraryRights, RightsRecord, Use

LONGEST_TERMS = 20_000
"""Characters of licence terms, and of terms that are accepted."""
LARGEST_MARK = 2 * 2**20
"""Bytes of a watermark's picture."""
LABELS = {
    "statement": "Rights statement",
    "terms": "Licence terms",
    "credit_line": "Credit line",
    "holder": "Copyright holder",
    "year": "Year of copyright",
    "uses": "Allowed uses",
    "usage_ends": "Last day of use",
    "mining": "Data mining and training of models",
    "contact": "Where to ask for a licence",
}
HELP = {
    "credit_line": "As it is to be printed beside the picture.",
    "usage_ends": "Empty: no end is known.",
    "mining": "Told to robots on public pages (PLUS DataMining).",
    "contact": "The address of a page, or an e-mail address.",
    "embargo_until": "Until then only archivists reach it, anywhere. Times are UTC.",
    "embargo_reason": "For archivists.",
}


class DateInput(forms.DateInput):
    """The browser's own field for a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's own field for a day and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class RightsForm(MergingForm):
    """What the rights in an asset and in a collection have in common."""

    statement = forms.ChoiceField(choices=statements.choices, required=False)
    terms = forms.CharField(required=False, max_length=LONGEST_TERMS, widget=forms.Textarea({"rows": 4}))
    uses = forms.MultipleChoiceField(choices=Use.choices, required=False, widget=forms.CheckboxSelectMultiple)
    mining = forms.ChoiceField(choices=mining.choices, required=False)

    class Meta:
        model: type[RightsRecord] = AssetRights
        fields = list(RightsRecord.STATED)
        widgets = {"usage_ends": DateInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = HELP.get(name, "")

    def clean_contact(self) -> str:
        """An e-mail address or the address of a page; anything else is refused."""
        contact = str(self.cleaned_data["contact"]).strip()
        if not contact:
            return ""
        check = validate_email if "@" in contact and "/" not in contact else URLValidator(["http", "https"])
        try:
            check(contact)
        except ValidationError as error:
            raise ValidationError(
                "This is neither an e-mail address nor the address of a page, such as https://example.org/rights."
            ) from error
        return contact


class CollectionRightsForm(RightsForm):
    """The rights in all assets of a collection that state none of their own."""

    class Meta(RightsForm.Meta):
        model = CollectionRights


class AssetRightsForm(RightsForm):
    """The rights in an asset, and its embargo."""

    embargo_until = forms.DateTimeField(required=False, label="Embargo until", widget=MomentInput())
    field_order = (*RightsRecord.STATED, "embargo_until", "embargo_reason")

    class Meta(RightsForm.Meta):
        fields = [*RightsRecord.STATED, "embargo_reason"]

    def __init__(self, *args: Any, instance: AssetRights, **kwargs: Any) -> None:
        until = instance.asset.embargo_until
        initial = {"embargo_until": until.replace(second=0, microsecond=0) if until else None}
        super().__init__(*args, instance=instance, initial=initial, **kwargs)

    def clean_embargo_until(self) -> Any:
        """The moment; a new one that has passed is refused."""
        until = self.cleaned_data["embargo_until"]
        if until and until <= timezone.now() and "embargo_until" in self.changed_data:
            raise ValidationError("That moment has passed. Leave the field empty to end the embargo.")
        return until


class TermsForm(forms.Form):
    """Terms that are accepted before a download."""

    text = forms.CharField(
        label="Terms to be accepted before a download",
        required=False,
        max_length=LONGEST_TERMS,
        widget=forms.Textarea({"rows": 6}),
        help_text="Everybody but archivists is asked once, and again when the terms change. Empty: no terms.",
    )


class LibraryRightsForm(MergingForm):
    """Public pages, originals and the watermark of a library."""

    public_pages = forms.BooleanField(
        required=False,
        label="Public pages",
        help_text="Archivists may publish exhibitions and single assets. Nothing is public before.",
    )
    field_order = ("public_pages",)

    class Meta:
        model = LibraryRights
        fields = [
            "public_people", "public_transcripts", "originals_from",
            "mark_text", "mark_picture", "mark_position", "mark_opacity",
        ]  # fmt: skip
        labels = {
            "public_people": "Names of people on public pages",
            "public_transcripts": "Transcripts on public pages",
            "originals_from": "Originals may be downloaded by",
            "mark_text": "Watermark: text",
            "mark_picture": "Watermark: picture (PNG)",
            "mark_position": "Place of the watermark",
            "mark_opacity": "Opacity in per cent",
        }
        help_texts = {
            "public_people": "Hidden people are never named.",
            "public_transcripts": "Without names, speakers are numbered.",
            "originals_from": "This role and the roles above it. Others are offered the smaller copies.",
            "mark_text": "Laid over the copies that others than archivists download, never over originals.",
            "mark_opacity": "5 to 100.",
            "mark_picture": "Outranks the text. 2 MB at most, best white on clear.",
        }

    def __init__(self, *args: Any, instance: LibraryRights, **kwargs: Any) -> None:
        initial = {"public_pages": instance.public_pages}
        super().__init__(*args, instance=instance, initial=initial, **kwargs)

    def clean_mark_text(self) -> str:
        """The text, refused where the font cannot write it."""
        text = str(self.cleaned_data["mark_text"]).strip()
        if missing := drawing.unwritable(text):
            raise ValidationError(f"The watermark's font has no letters for {missing!r}. Use a PNG picture.")
        return text

    def clean_mark_picture(self) -> Any:
        """The picture, refused where it is too large or no PNG."""
        file = self.cleaned_data["mark_picture"]
        if not file or "mark_picture" not in self.changed_data:
            return file
        if file.size > LARGEST_MARK:
            raise ValidationError("The picture is larger than 2 MB.")
        if problem := check_picture(cast(bytes, file.read())):
            raise ValidationError(problem)
        file.seek(0)
        return file


class DownloadForm(forms.Form):
    """What to take along, with or without the mark, and the terms that were read."""

    rendition = forms.ChoiceField(widget=forms.RadioSelect, label="What to download")
    marked = forms.BooleanField(required=False, label="With the library's watermark")
    accept = forms.BooleanField(
        label="I accept these terms",
        error_messages={"required": "Accept the terms to go on."},
    )
    terms = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, names: list[tuple[str, str]], asked: list[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rendition"].choices = names  # type: ignore[attr-defined]
        self.asked = ",".join(map(str, asked))
        self.fields["terms"].initial = self.asked
        if not asked:
            del self.fields["accept"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.asked and values.get("terms") != self.asked:
            self.add_error("accept", "The terms have changed meanwhile. Read them again.")
        return values
