"""Ingest jobs and their files as JSON."""

from rest_framework import serializers

from dam.assets.models import IngestItem, IngestJob


class CountsSerializer(serializers.Serializer):
    """How many files of a job stand in each state."""

    waiting = serializers.IntegerField()
    imported = serializers.IntegerField()
    duplicate = serializers.IntegerField()
    refused = serializers.IntegerField()


class JobSerializer(serializers.ModelSerializer):
    """One act of bringing files in."""

    counts = CountsSerializer(source="*", read_only=True)

    class Meta:
        model = IngestJob
        fields = ["id", "library", "collection", "label", "state", "counts", "created_at", "finished_at"]
        read_only_fields = fields


class ItemFilters(serializers.Serializer):
    """What a list of files may be narrowed to."""

    state = serializers.ChoiceField(IngestItem.State.choices, required=False)


class ItemSerializer(serializers.ModelSerializer):
    """One file of a job and what became of it; `reason` says why it was refused."""

    class Meta:
        model = IngestItem
        fields = ["id", "name", "state", "reason", "asset", "attempts", "updated_at"]
        read_only_fields = fields
