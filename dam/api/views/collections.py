"""Collections and what they hold."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from dam.api.base import ApiViewSet
from dam.api.pagination import OldestFirst
from dam.api.serializers.collections import (
    AssetIdsSerializer,
    CollectionFilters,
    CollectionSerializer,
    NewCollectionSerializer,
    OrderSerializer,
)
from dam.assets.models import Asset
from dam.collections import arranging, curation
from dam.collections.models import Collection
from dam.sharing.access import collections_for
from dam.sharing.models import Role


@extend_schema_view(list=extend_schema(parameters=[CollectionFilters]))
class CollectionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """Collections that you may see. Changing them needs the role of archivist."""

    pagination_class = OldestFirst
    filter_serializer_class = CollectionFilters
    lookup_value_converter = "int"

    def get_serializer_class(self) -> Any:
        return NewCollectionSerializer if self.action == "create" else CollectionSerializer

    def get_queryset(self) -> QuerySet[Collection]:
        collections = collections_for(self.request.user)
        return collections.filter(**self.filters()) if self.action == "list" else collections

    def archived(self) -> Collection:
        """The collection of the address, for an archivist of it. Raises Http404 or PermissionDenied."""
        collection: Collection = self.get_object()
        self.need(collections_for(self.request.user, Role.ARCHIVIST).filter(pk=collection.pk))
        return collection

    def create(self, request: Request) -> Response:
        """Make a collection."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        collection = _saved(Collection(**serializer.validated_data))
        return Response(self.get_serializer(collection).data, status=201)

    def partial_update(self, request: Request, pk: int) -> Response:
        """Change the name, the description, the order, or the query of a smart collection."""
        collection = self.archived()
        serializer = self.get_serializer(collection, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        for name, value in serializer.validated_data.items():
            setattr(collection, name, value)
        return Response(self.get_serializer(_saved(collection)).data)

    def destroy(self, request: Request, pk: int) -> Response:
        """Delete the collection and those below it. Their assets stay in the library."""
        self.archived().delete()
        return Response(status=204)

    @extend_schema(request=AssetIdsSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def assets(self, request: Request, pk: int) -> Response:
        """Put assets into the collection: all of them, or none where one cannot be."""
        collection = self.archived()
        serializer = AssetIdsSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        reachable = Asset.objects.reachable_by(request.user, Role.ARCHIVIST)
        try:
            curation.add_assets(collection, serializer.validated_data["assets"], reachable)
        except (curation.UnknownAssetsError, curation.SmartCollectionError) as error:
            raise ValidationError({"assets": [str(error)]}) from error
        return Response(status=204)

    @extend_schema(request=OrderSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def order(self, request: Request, pk: int) -> Response:
        """Move an asset; the collection is ordered by hand from then on."""
        collection = self.archived()
        serializer = OrderSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        asked = serializer.validated_data
        try:
            arranging.move(collection, asked["asset"], asked["before"])
        except arranging.ArrangingError as error:
            raise ValidationError({"asset": [str(error)]}) from error
        return Response(status=204)

    @extend_schema(responses={204: None})
    def remove_asset(self, request: Request, pk: int, asset: int) -> Response:
        """Take an asset out of the collection."""
        if not curation.remove_asset(self.archived(), asset):
            raise Http404("This asset is not in the collection.")
        return Response(status=204)


def _saved(collection: Collection) -> Collection:
    try:
        return curation.save_collection(collection)
    except curation.NameTakenError as error:
        raise ValidationError({"name": [str(error)]}) from error
