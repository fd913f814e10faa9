"""What people write about an asset, as JSON."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers

from dam.describing.fields import Value, clean

TEXTS = ("title", "description", "alt", "date", "note")
LISTS = ("keywords", "creators")


class ChangeSerializer(serializers.Serializer):
    """What is to be said of an asset; a field that is left out stays as it is.

    With `revision`, the change is refused (409) where the asset has been described since it had that one.
    """

    title = serializers.CharField(required=False, allow_blank=True, max_length=500)
    description = serializers.CharField(required=False, allow_blank=True)
    alt = serializers.CharField(required=False, allow_blank=True, help_text="For whoever cannot see it.")
    date = serializers.CharField(
        required=False, allow_blank=True, help_text="In plain English or in EDTF, like circa 1931 or 193X."
    )
    note = serializers.CharField(required=False, allow_blank=True)
    keywords = serializers.ListField(child=serializers.CharField(), required=False)
    creators = serializers.ListField(child=serializers.CharField(), required=False)
    revision = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        errors = {}
        for name in (name for name in (*TEXTS, *LISTS) if name in attrs):
            try:
                attrs[name] = clean(name, tuple(attrs[name]) if name in LISTS else attrs[name])
            except ValidationError as error:
                errors[name] = error.messages
        if errors:
            raise serializers.ValidationError(errors)
        return attrs

    @property
    def values(self) -> dict[str, Value]:
        """The fields that are to change. Call it on a valid serializer."""
        return {name: value for name, value in self.validated_data.items() if name != "revision"}
