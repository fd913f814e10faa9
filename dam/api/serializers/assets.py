"""Assets and their renditions as JSON."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from dam.api.serializers.common import RowId
from dam.api.serializers.described import LISTS, TEXTS
from dam.assets.models import Asset, MediaKind, Rendition
from dam.collections.models import Collection
from dam.describing.record import record_of


class AssetFilters(serializers.Serializer):
    """What a list of assets may be narrowed to."""

    library = RowId(required=False)
    collection = RowId(required=False, help_text="Assets of this collection and of those below it.")
    kind = serializers.ChoiceField(MediaKind.choices, required=False)
    taken_after = serializers.DateTimeField(required=False)
    taken_before = serializers.DateTimeField(required=False)
    added_after = serializers.DateTimeField(required=False)
    added_before = serializers.DateTimeField(required=False)


class RenditionSerializer(serializers.ModelSerializer):
    """A file derived from the original; `url` serves its bytes."""

    url = serializers.SerializerMethodField()
    details = serializers.DictField(read_only=True)

    class Meta:
        model = Rendition
        fields = ["name", "url", "media_type", "width", "height", "size", "details"]
        read_only_fields = fields

    @extend_schema_field(serializers.URLField())
    def get_url(self, rendition: Rendition) -> str:
        path = reverse("api:rendition-content", args=[rendition.asset_id, rendition.name])
        return str(self.context["request"].build_absolute_uri(path))


class AssetSerializer(serializers.ModelSerializer):
    """An asset as a list shows it. `original_url` serves the bytes of the original."""

    original_url = serializers.SerializerMethodField()
    renditions = RenditionSerializer(many=True, read_only=True)

    class Meta:
        model = Asset
        fields: Any = [
            *("id", "library", "kind", "title", "original_name", "media_type", "size", "sha256"),
            *("width", "height", "duration", "taken_at", "added_at", "original_url", "renditions"),
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.URLField())
    def get_original_url(self, asset: Asset) -> str:
        path = reverse("api:asset-original", args=[asset.pk])
        return str(self.context["request"].build_absolute_uri(path))


class CollectionNameSerializer(serializers.ModelSerializer):
    """A collection by id and name."""

    class Meta:
        model = Collection
        fields = ["id", "name"]
        read_only_fields = fields


class AssetDetailSerializer(AssetSerializer):
    """An asset with what people wrote about it, its technical metadata, and the collections that the reader
    may see. `revision` counts how often it was described."""

    description = serializers.CharField(source="said.description", read_only=True)
    alt = serializers.CharField(source="said.alt", read_only=True)
    date = serializers.CharField(source="said.date", read_only=True)
    note = serializers.CharField(source="said.note", read_only=True)
    keywords = serializers.ListField(child=serializers.CharField(), source="said.keywords", read_only=True)
    creators = serializers.ListField(child=serializers.CharField(), source="said.creators", read_only=True)
    technical = serializers.DictField(read_only=True)
    collections = CollectionNameSerializer(many=True, read_only=True)

    class Meta(AssetSerializer.Meta):
        fields = [
            *AssetSerializer.Meta.fields,
            *("description", "alt", "date", "note", "keywords", "creators", "revision"),
            *("technical", "collections"),
        ]
        read_only_fields = fields

    def to_representation(self, asset: Any) -> Any:
        asset.said = record_of(asset, (*TEXTS, *LISTS)).values
        return super().to_representation(asset)


class TrashedAssetSerializer(serializers.ModelSerializer):
    """An asset in the trash, as much of it as choosing what to restore takes."""

    class Meta:
        model = Asset
        fields = ["id", "library", "kind", "title", "original_name", "size", "trashed_at"]
        read_only_fields = fields
