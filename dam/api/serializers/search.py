"""Answers of the search as JSON: assets, and the moments in them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from dam.api.serializers.annotations import RegionSerializer
from dam.api.serializers.assets import AssetSerializer
from dam.api.serializers.common import RowId
from dam.assets.models import MediaKind
from search.filters import MAX_LABEL, Filters
from search.results import Moment

LONGEST_QUERY = 1000
LAST_PAGE = 10_000
LARGEST_PAGE = 100


class SearchParameters(serializers.Serializer):
    """The reader's words, and what narrows them. Days are in UTC, both included."""

    q = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=LONGEST_QUERY, help_text="What to look for."
    )
    kind = serializers.ChoiceField(MediaKind.choices, required=False)
    date_from = serializers.DateField(required=False, help_text="Taken (or else added) on this day or later.")
    date_to = serializers.DateField(required=False, help_text="Taken (or else added) on this day or earlier.")
    collection = RowId(required=False, help_text="In this collection or below it.")
    object = serializers.CharField(required=False, max_length=MAX_LABEL, help_text="For example dog.")
    language = serializers.CharField(required=False, max_length=MAX_LABEL, help_text="Spoken, as BCP 47.")
    page = serializers.IntegerField(required=False, default=1, min_value=1, max_value=LAST_PAGE)
    page_size = serializers.IntegerField(required=False, default=40, min_value=1, max_value=LARGEST_PAGE)

    def arguments(self) -> dict[str, Any]:
        """The checked parameters as search.service.search takes them."""
        given = dict(self.validated_data)
        own = {"text": given.pop("q"), "page": given.pop("page"), "per_page": given.pop("page_size")}
        return {**own, "filters": Filters(**given)}


class PieceSerializer(serializers.Serializer):
    """A stretch of plain text; `matched` where it is one of the words asked for."""

    text = serializers.CharField(trim_whitespace=False)
    matched = serializers.BooleanField()


class MomentSerializer(serializers.Serializer):
    """Where in the asset, in seconds and in 0..1 of the frame, and why: `reason` is said, seen and so on."""

    reason = serializers.CharField()
    kind = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    pieces = PieceSerializer(many=True)
    start = serializers.FloatField(allow_null=True)
    end = serializers.FloatField(allow_null=True)
    region = serializers.SerializerMethodField()
    annotation = serializers.IntegerField(source="annotation_id", allow_null=True)

    @extend_schema_field(RegionSerializer(allow_null=True))
    def get_region(self, moment: Moment) -> dict[str, float] | None:
        return None if moment.region is None else dict(zip("xywh", moment.region, strict=True))


class HitSerializer(serializers.Serializer):
    """One asset with its best moments, and how many more it has."""

    asset = AssetSerializer()
    moments = MomentSerializer(many=True)
    more_moments = serializers.IntegerField()


class ResultsSerializer(serializers.Serializer):
    """One page of answers, best first.

    `total` is a lower bound where `total_is_exact` is false. `corrected` is what was searched for
    instead of misspelt words. `notes` say how the search was done.
    """

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    total = serializers.IntegerField()
    total_is_exact = serializers.BooleanField()
    corrected = serializers.CharField(allow_null=True)
    notes = serializers.ListField(child=serializers.CharField())
    results = HitSerializer(many=True, source="hits")
