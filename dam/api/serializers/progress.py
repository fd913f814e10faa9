"""How far ingest and analysis have come, as JSON."""

from rest_framework import serializers


class StepSerializer(serializers.Serializer):
    """One analyser's work on one asset."""

    analyser = serializers.CharField()
    state = serializers.CharField()
    error = serializers.CharField(allow_blank=True)


class AssetProgressSerializer(serializers.Serializer):
    """Every analyser that applies to an asset."""

    analysers = StepSerializer(many=True)


class AnalyserSerializer(serializers.Serializer):
    """Assets of a library by how far one analyser has come with them; `percent` is of all of them."""

    analyser = serializers.CharField()
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    failed = serializers.IntegerField()
    running = serializers.IntegerField()
    waiting = serializers.IntegerField()
    percent = serializers.IntegerField(min_value=0, max_value=100)


class LibraryProgressSerializer(serializers.Serializer):
    """Every enabled analyser, in the order in which they work."""

    paused = serializers.BooleanField()
    analysers = AnalyserSerializer(many=True)
