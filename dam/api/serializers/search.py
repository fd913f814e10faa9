"""Answers of the search as JSON: assets, and the moments in them."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from dam.api.cursors import BadCursorError, decode, encode
from dam.api.serializers.annotations import RegionSerializer
from dam.api.serializers.assets import AssetSerializer
from dam.api.serializers.common import RowId
from dam.assets.models import MediaKind
from indexing.models import Annotation
from search import sorting
from search.filters import MAX_LABEL, Filters
from search.parser import MAX_CHARACTERS
from search.results import Hit, Moment

LAST_PAGE = 10_000
LARGEST_PAGE = 100
LONGEST_CURSOR = 100
PLACES = ("page", "cursor")


class SearchParameters(serializers.Serializer):
    """The reader's question, and what narrows it. Days are in UTC, both included.

    A page is named by its number or by a `cursor` out of an answer's `next` or `previous`.
    """

    q = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        trim_whitespace=False,
        max_length=MAX_CHARACTERS,
        help_text="What to look for, in the query language of the search page.",
    )
    kind = serializers.ChoiceField(MediaKind.choices, required=False)
    date_from = serializers.DateField(required=False, help_text="Taken (or else added) on this day or later.")
    date_to = serializers.DateField(required=False, help_text="Taken (or else added) on this day or earlier.")
    collection = RowId(required=False, help_text="In this collection or below it.")
    object = serializers.CharField(required=False, max_length=MAX_LABEL, help_text="For example dog.")
    language = serializers.CharField(required=False, max_length=MAX_LABEL, help_text="Spoken, as BCP 47.")
    sort = serializers.ChoiceField(
        list(sorting.LABELS), required=False, default=sorting.RELEVANCE, help_text="In which order."
    )
    page = serializers.IntegerField(
        required=False, min_value=1, max_value=LAST_PAGE, help_text="The first without it."
    )
    page_size = serializers.IntegerField(required=False, default=40, min_value=1, max_value=LARGEST_PAGE)
    cursor = serializers.CharField(
        required=False, max_length=LONGEST_CURSOR, help_text="Another page of the same search."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Read the cursor into the number of its page."""
        cursor = attrs.pop("cursor", None)
        if cursor is None:
            return attrs
        if "page" in attrs:
            raise serializers.ValidationError({"cursor": ["Ask for a page or for a cursor, not for both."]})
        try:
            return {**attrs, "page": min(LAST_PAGE, decode(cursor, attrs))}
        except BadCursorError as error:
            raise serializers.ValidationError({"cursor": [str(error)]}) from error

    def arguments(self) -> dict[str, Any]:
        """The checked parameters as search.service.search takes them."""
        given = dict(self.validated_data)
        own = {"text": given.pop("q"), "page": given.pop("page", 1), "per_page": given.pop("page_size")}
        return {**own, "sort": given.pop("sort"), "filters": Filters(**given)}

    def cursor_of(self, page: int) -> str:
        """The cursor of another page of this search."""
        return encode(page, {name: each for name, each in self.validated_data.items() if name not in PLACES})


class RefusedSearchSerializer(serializers.Serializer):
    """Why a search was refused: reasons by parameter. Of a question that breaks the language also where,
    in characters from 0, and what it may have been meant to be, to be asked instead; empty if unknown."""

    q = serializers.ListField(child=serializers.CharField(), required=False)
    position = serializers.IntegerField(required=False)
    mend = serializers.CharField(required=False, allow_blank=True)


class PieceSerializer(serializers.Serializer):
    """A stretch of plain text; `matched` where it is one of the words asked for."""

    text = serializers.CharField(trim_whitespace=False)
    matched = serializers.BooleanField()


class MomentSerializer(serializers.Serializer):
    """Where in the asset, in seconds and in 0..1 of the frame, and why: `reason` is said, seen and so on.

    `text` is the snippet, `pieces` the same with the words asked for marked. `confidence` (0..1) is the
    machine's that found the fact, null where it gave none.
    """

    asset = serializers.IntegerField(source="asset_id")
    reason = serializers.CharField()
    kind = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    pieces = PieceSerializer(many=True)
    start = serializers.FloatField(allow_null=True)
    end = serializers.FloatField(allow_null=True)
    region = serializers.SerializerMethodField()
    annotation = serializers.IntegerField(source="annotation_id", allow_null=True)
    confidence = serializers.SerializerMethodField()

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_confidence(self, moment: Moment) -> float | None:
        confidences: dict[int | None, float | None] = self.context.get("confidences", {})
        return confidences.get(moment.annotation_id)

    @extend_schema_field(RegionSerializer(allow_null=True))
    def get_region(self, moment: Moment) -> dict[str, float] | None:
        return None if moment.region is None else dict(zip("xywh", moment.region, strict=True))


def confidences(hits: Iterable[Hit]) -> dict[int, float | None]:
    """How sure the machine was of each fact behind the moments, by its id; one query."""
    ids = {moment.annotation_id for hit in hits for moment in hit.moments if moment.annotation_id}
    return dict(Annotation.objects.filter(pk__in=ids).values_list("pk", "confidence"))


class HitSerializer(serializers.Serializer):
    """One asset with its best moments, and how many more it has."""

    asset = AssetSerializer()
    moments = MomentSerializer(many=True)
    more_moments = serializers.IntegerField()


class ResultsSerializer(serializers.Serializer):
    """One page of answers, best first.

    `next` and `previous` hold cursors, which are good for this search alone. `total` is a lower bound where
    `total_is_exact` is false. `corrected` is what was searched for instead of misspelt words. `notes` say
    how the search was done. Where nothing fits, `nearest_apart` holds what comes nearest.
    """

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    total = serializers.IntegerField()
    total_is_exact = serializers.BooleanField()
    corrected = serializers.CharField(allow_null=True)
    notes = serializers.ListField(child=serializers.CharField())
    results = HitSerializer(many=True, source="hits")
    nearest_apart = HitSerializer(many=True)
