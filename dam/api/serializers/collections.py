"""Libraries and collections as JSON."""

from typing import Any

from rest_framework import serializers

from dam.api.serializers.common import RowId
from dam.collections import smart
from dam.collections.models import Collection, Library, Ordering
from dam.sharing.access import collections_for, libraries_for
from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for

MOST_ASSETS = 1000


class LibrarySerializer(serializers.ModelSerializer):
    """A library of which you are a member, as a whole or in some of its collections."""

    class Meta:
        model = Library
        fields = ["id", "name", "slug", "indexing_paused", "created_at"]
        read_only_fields = fields


class CollectionFilters(serializers.Serializer):
    """What a list of collections may be narrowed to."""

    library = RowId(required=False)
    parent = RowId(required=False, help_text="Directly below this one.")  # type: ignore[assignment]


class CollectionSerializer(serializers.ModelSerializer):
    """A collection; `lineage` holds the ids from the outermost collection down to this one.

    One with a `query` is a smart collection: its assets are what answers the query, as far as you may see.
    """

    lineage = serializers.ListField(child=RowId(), read_only=True)
    ordering = serializers.ChoiceField(Ordering.choices, required=False)
    query = serializers.CharField(max_length=10_000, required=False, allow_blank=True)

    class Meta:
        model = Collection
        fields = [
            *("id", "library", "parent", "lineage", "name", "description", "ordering", "query"),
            "created_at",
        ]
        read_only_fields = ["library", "parent"]
        validators: list[Any] = []

    def validate_query(self, query: str) -> str:
        held: Collection | None = self.instance
        if held is not None and held.smart != bool(query):
            raise serializers.ValidationError(
                "A collection is made a smart one when it is made, and stays so."
            )
        try:
            if query:
                smart.resolver().check(query)
        except smart.BadQueryError as error:
            raise serializers.ValidationError(str(error)) from error
        return query

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        query = attrs.get("query", getattr(self.instance, "query", ""))
        if query and attrs.get("ordering") == Ordering.HAND:
            raise serializers.ValidationError({"ordering": "No hand orders a smart collection."})
        return attrs


class NewCollectionSerializer(CollectionSerializer):
    """A collection to be made, below another one or outermost in a library."""

    library = serializers.PrimaryKeyRelatedField(queryset=Library.objects.none(), pk_field=RowId())
    parent = serializers.PrimaryKeyRelatedField(  # type: ignore[assignment]
        queryset=Collection.objects.none(), pk_field=RowId(), allow_null=True, required=False
    )

    class Meta(CollectionSerializer.Meta):
        read_only_fields: list[str] = []

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        request = self.context.get("request")
        if request is not None and request.user.is_authenticated:
            fields["library"].queryset = libraries_for(request.user, Role.ARCHIVIST)
            fields["parent"].queryset = collections_for(request.user, Role.ARCHIVIST).filter(query="")
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        parent, library = attrs.get("parent"), attrs["library"]
        if parent is not None and parent.library_id != library.pk:
            raise serializers.ValidationError({"parent": "This collection belongs to another library."})
        if parent is None and not self._may_found_in(library):
            raise serializers.ValidationError(
                {"parent": "Your role is confined to some collections: name one of them."}
            )
        return attrs

    def _may_found_in(self, library: Library) -> bool:
        user = self.context["request"].user
        return whole_libraries_for(user, Role.ARCHIVIST).filter(pk=library.pk).exists()


class AssetIdsSerializer(serializers.Serializer):
    """Assets by id."""

    assets = serializers.ListField(child=RowId(), min_length=1, max_length=MOST_ASSETS)


class OrderSerializer(serializers.Serializer):
    """One move: the asset goes directly in front of another one, or to the end."""

    asset = RowId()
    before = RowId(allow_null=True)
