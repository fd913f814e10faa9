"""What is answered below /api/ where nothing has the address."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from dam.api.base import JsonView


@extend_schema(exclude=True)
class NoSuchAddress(JsonView):
    """Says in JSON what the pages of the site would say in HTML."""

    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound("Nothing has this address. All addresses of the API end with a slash.")
