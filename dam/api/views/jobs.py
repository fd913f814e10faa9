"""Ingest jobs and their files."""

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins

from dam.api.base import ApiViewSet
from dam.api.pagination import OldestFirst
from dam.api.serializers.jobs import ItemFilters, ItemSerializer, JobSerializer
from dam.assets.models import IngestItem, IngestJob
from dam.sharing.scopes import items_for, jobs_for


class JobViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """Ingest jobs that you may follow, newest first: your own, and as a contributor all of the library."""

    serializer_class = JobSerializer
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[IngestJob]:
        counts = {state: Count("items", filter=Q(items__state=state)) for state in IngestItem.State.values}
        return jobs_for(self.request.user).annotate(**counts)


@extend_schema_view(list=extend_schema(parameters=[ItemFilters]))
class ItemViewSet(mixins.ListModelMixin, ApiViewSet):
    """Files of an ingest job."""

    queryset = IngestItem.objects.none()
    serializer_class = ItemSerializer
    filter_serializer_class = ItemFilters
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[IngestItem]:
        if self.described:
            return IngestItem.objects.none()
        job = get_object_or_404(jobs_for(self.request.user), pk=self.kwargs["job"])
        return items_for(self.request.user, job).filter(**self.filters())
