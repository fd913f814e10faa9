"""Facts about an asset, and people's decisions on them."""

from typing import cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from dam.api.base import ApiViewSet
from dam.api.pagination import OldestFirst
from dam.api.serializers.annotations import AnnotationFilters, AnnotationSerializer, ReviewSerializer
from dam.sharing.models import User
from indexing import store
from indexing.models import Annotation


@extend_schema_view(list=extend_schema(parameters=[AnnotationFilters]))
class AnnotationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """Facts about an asset with their provenance, in the order in which they were found."""

    queryset = Annotation.objects.none()
    serializer_class = AnnotationSerializer
    filter_serializer_class = AnnotationFilters
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Annotation]:
        if self.described:
            return Annotation.objects.none()
        facts = Annotation.objects.filter(asset=self.asset()).select_related("run")
        return facts.filter(**self.filters()) if self.action == "list" else facts

    @extend_schema(request=ReviewSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, asset: int, pk: int) -> Response:
        """Accept or reject the fact, or take a decision back. Needs the role of archivist."""
        fact = self.get_object()
        self.need_archivist_of(fact.asset)
        decision = ReviewSerializer(data=request.data)
        decision.is_valid(raise_exception=True)
        reviewer = cast(User, request.user)
        reviewed = store.review(fact, reviewer, decision.validated_data["decision"])
        return Response(self.get_serializer(reviewed).data)
