"""Assets: list, look, describe, and put in the trash."""

from typing import Any, cast

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from dam.api.base import ApiViewSet
from dam.api.schema import ErrorSerializer
from dam.api.serializers.assets import (
    AssetDetailSerializer,
    AssetFilters,
    AssetSerializer,
    TrashedAssetSerializer,
)
from dam.api.serializers.described import ChangeSerializer
from dam.api.serializers.progress import AssetProgressSerializer
from dam.assets.curation import restore, trash
from dam.assets.models import Asset
from dam.assets.serving import Served, serve
from dam.collections.models import CollectionItem
from dam.describing.saving import OutdatedError, save
from dam.rights import gate
from dam.sharing.access import collections_for
from dam.sharing.models import User
from dam.sharing.scopes import trashed_for
from indexing.progress import asset_progress

LOOKUPS = {
    "library": "library",
    "kind": "kind",
    "taken_after": "taken_at__gte",
    "taken_before": "taken_at__lt",
    "added_after": "added_at__gte",
    "added_before": "added_at__lt",
}


class Conflict(APIException):
    """Somebody else was faster; nothing is changed."""

    status_code = 409


@extend_schema_view(list=extend_schema(parameters=[AssetFilters]))
class AssetViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """Assets that you may see, newest first."""

    filter_serializer_class = AssetFilters
    lookup_url_kwarg = "asset"
    lookup_value_converter = "int"

    def get_serializer_class(self) -> Any:
        return AssetSerializer if self.action == "list" else AssetDetailSerializer

    def get_queryset(self) -> QuerySet[Asset]:
        assets = Asset.objects.visible_to(self.request.user).prefetch_related("renditions")
        if self.action == "list":
            return self._filtered(assets)
        collections = collections_for(self.request.user).order_by("name")
        return assets.prefetch_related(Prefetch("collections", collections))

    def _filtered(self, assets: QuerySet[Asset]) -> QuerySet[Asset]:
        chosen = self.filters()
        if "collection" in chosen:
            below = collections_for(self.request.user).filter(lineage__contains=[chosen.pop("collection")])
            items = CollectionItem.objects.filter(collection__in=below)
            assets = assets.filter(pk__in=items.values("asset"))
        return assets.filter(**{LOOKUPS[name]: value for name, value in chosen.items()})

    @extend_schema(request=ChangeSerializer, responses={200: AssetDetailSerializer, 409: ErrorSerializer})
    def partial_update(self, request: Request, asset: int) -> Response:
        """Change what people say of the asset. Needs the role of archivist."""
        row = self.get_object()
        self.need_archivist_of(row)
        change = ChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        try:
            save(row, cast(User, request.user), change.values, change.validated_data.get("revision"))
        except OutdatedError as error:
            raise Conflict(str(error)) from error
        return Response(self.get_serializer(row).data)

    def destroy(self, request: Request, asset: int) -> Response:
        """Put the asset in the trash, from which it can be restored. Needs the role of archivist."""
        row = self.get_object()
        self.need_archivist_of(row)
        trash(row, cast(User, request.user))
        return Response(status=204)

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    @action(detail=True)
    def original(self, request: Request, asset: int) -> HttpResponseBase:
        """The bytes of the original, as they came in. Byte ranges are answered. Refused where the library
        keeps originals from your role, or you have not accepted its terms."""
        row = self.get_object()
        gate.require(request, row)
        name = row.original_name
        return serve(request, Served(row.original, name, row.media_type, row.size, row.sha256, download=True))

    @extend_schema(responses=AssetProgressSerializer)
    @action(detail=True)
    def progress(self, request: Request, asset: int) -> Response:
        """How far each analyser has come with the asset."""
        steps = asset_progress(self.get_object())
        return Response(AssetProgressSerializer({"analysers": steps}).data)


class TrashViewSet(mixins.ListModelMixin, ApiViewSet):
    """Trashed assets that you may restore: those on which you are an archivist."""

    serializer_class = TrashedAssetSerializer
    lookup_url_kwarg = "asset"
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Asset]:
        return trashed_for(self.request.user)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, asset: int) -> Response:
        """Take the asset out of the trash."""
        restore(self.get_object())
        return Response(status=204)
