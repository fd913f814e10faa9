"""What every endpoint has in common: JSON in, JSON out, and the roads by which it reaches its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from dam.api.authentication import AccountTokenAuthentication
from dam.api.pagination import NewestFirst
from dam.api.schema import ApiSchema
from dam.assets.models import Asset
from dam.sharing.access import get_asset_for
from dam.sharing.models import Role

ROLE_NEEDED = "This needs the role of archivist here."
Row = TypeVar("Row", bound=Model)


class JsonView(APIView):
    """Speaks JSON whatever the client says it accepts; described by ApiSchema."""

    authentication_classes: Sequence[type[BaseAuthentication]] = [
        AccountTokenAuthentication,
        SessionAuthentication,
    ]
    renderer_classes: Sequence[type[BaseRenderer]] = [JSONRenderer]
    parser_classes: Sequence[type[BaseParser]] = [JSONParser]
    schema: Any = ApiSchema()

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        return super().perform_content_negotiation(request, force=True)


class ApiViewSet(JsonView, GenericViewSet):
    """A viewset whose query parameters are checked by `filter_serializer_class`."""

    pagination_class: Any = NewestFirst
    filter_serializer_class: type[Serializer] | None = None
    request: Request

    @property
    def described(self) -> bool:
        """Whether this view stands only for the OpenAPI generator, with no person asking."""
        return bool(getattr(self, "swagger_fake_view", False))

    def filters(self) -> dict[str, Any]:
        """The checked query parameters. Raises ValidationError for bad ones."""
        if self.filter_serializer_class is None:
            return {}
        serializer = self.filter_serializer_class(data=self.request.query_params.dict())
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def asset(self) -> Asset:
        """The asset of the address, if the person asking may see it. Raises Http404 otherwise."""
        return get_asset_for(self.request.user, self.kwargs["asset"])

    def need_archivist_of(self, asset: Asset) -> None:
        """Refuse whoever sees the asset but is no archivist of it. Raises PermissionDenied."""
        archived = Asset.objects.reachable_by(self.request.user, Role.ARCHIVIST)
        self.need(archived.filter(pk=asset.pk))

    def need(self, rows: QuerySet[Row]) -> None:
        """Refuse whoever reaches none of these rows. Raises PermissionDenied."""
        if not rows.exists():
            raise PermissionDenied(ROLE_NEEDED)
