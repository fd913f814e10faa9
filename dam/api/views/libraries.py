"""Libraries, and how far their analysis has come."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from dam.api.base import ApiViewSet
from dam.api.pagination import OldestFirst
from dam.api.serializers.collections import LibrarySerializer
from dam.api.serializers.progress import LibraryProgressSerializer
from dam.collections.models import Library
from dam.sharing.access import libraries_for
from dam.sharing.scopes import whole_libraries_for
from indexing.progress import library_progress


class LibraryViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """Libraries of which you are a member."""

    serializer_class = LibrarySerializer
    pagination_class = OldestFirst
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Library]:
        return libraries_for(self.request.user)

    @extend_schema(responses=LibraryProgressSerializer)
    @action(detail=True)
    def progress(self, request: Request, pk: int) -> Response:
        """How far each analyser has come. For members of the whole library."""
        library = get_object_or_404(whole_libraries_for(request.user), pk=pk)
        rows = {"paused": library.indexing_paused, "analysers": library_progress(library)}
        return Response(LibraryProgressSerializer(rows).data)
