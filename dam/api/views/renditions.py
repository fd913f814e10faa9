"""Renditions of an asset: what there is, and its bytes."""

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.request import Request

from dam.api.base import ApiViewSet
from dam.api.pagination import OldestFirst
from dam.api.serializers.assets import RenditionSerializer
from dam.assets.models import Rendition
from dam.assets.serving import Served, serve


class RenditionViewSet(mixins.ListModelMixin, ApiViewSet):
    """Thumbnails, poster, proxy, sprite and waveform of an asset."""

    queryset = Rendition.objects.none()
    serializer_class = RenditionSerializer
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Rendition]:
        return Rendition.objects.none() if self.described else self.asset().renditions.all()

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    def content(self, request: Request, asset: int, name: str) -> HttpResponseBase:
        """The bytes of the rendition. Byte ranges are answered."""
        row = get_object_or_404(self.asset().renditions, name=name)
        tag = f"{row.pk}-{row.size}"
        return serve(request, Served(row.file, f"{asset}-{name}", row.media_type, row.size, tag))
