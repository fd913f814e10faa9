"""Facts as JSON: what, where, how sure, and who says so."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from indexing import kinds
from indexing.models import Annotation

DECISIONS = [Annotation.Status.ACCEPTED, Annotation.Status.REJECTED, Annotation.Status.PROPOSED]


class AnnotationFilters(serializers.Serializer):
    """What a list of annotations may be narrowed to."""

    kind = serializers.CharField(required=False, max_length=30, help_text="For example object or speech.")
    status = serializers.ChoiceField(Annotation.Status.choices, required=False)

    def validate_kind(self, name: str) -> str:
        try:
            return kinds.get(name).name
        except KeyError as error:
            raise serializers.ValidationError(f"There is no kind {name!r}.") from error


class RegionSerializer(serializers.Serializer):
    """A box in the upright frame: x and y of its top left corner, width and height, each in 0..1."""

    x = serializers.FloatField()
    y = serializers.FloatField()
    w = serializers.FloatField()
    h = serializers.FloatField()


class PlaceSerializer(serializers.Serializer):
    """Where a fact stands: seconds from `start` up to `end`, and a region of the frame."""

    start = serializers.FloatField(allow_null=True)
    end = serializers.FloatField(allow_null=True)
    region = RegionSerializer(allow_null=True)


class ProvenanceSerializer(serializers.Serializer):
    """Who says so. The analyser's fields are null unless a machine does."""

    source = serializers.ChoiceField(Annotation.Source.choices)  # type: ignore[assignment]
    analyser = serializers.CharField(source="run.analyser", default=None, allow_null=True)
    version = serializers.CharField(source="run.version", default=None, allow_null=True)
    model = serializers.CharField(source="run.model", default=None, allow_null=True)
    weights_sha256 = serializers.CharField(source="run.weights_sha256", default=None, allow_null=True)


class AnnotationSerializer(serializers.ModelSerializer):
    """A fact about an asset. `parent` is the annotation of which this one is a part."""

    place = serializers.SerializerMethodField()
    provenance = ProvenanceSerializer(source="*", read_only=True)
    details = serializers.DictField(read_only=True)

    class Meta:
        model = Annotation
        fields = [
            *("id", "asset", "parent", "kind", "text", "number", "language", "place", "confidence"),
            *("details", "provenance", "status", "reviewed_at", "created_at"),
        ]
        read_only_fields = fields

    @extend_schema_field(PlaceSerializer)
    def get_place(self, fact: Annotation) -> dict[str, Any]:
        region = None if fact.x is None else {"x": fact.x, "y": fact.y, "w": fact.w, "h": fact.h}
        return {"start": fact.start, "end": fact.end, "region": region}


class ReviewSerializer(serializers.Serializer):
    """A person's decision on a fact; `proposed` takes an earlier decision back."""

    decision = serializers.ChoiceField(choices=DECISIONS)
