"""The search of the site, for programs."""

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from dam.api.base import JsonView
from dam.api.serializers.search import ResultsSerializer, SearchParameters
from search.results import Results
from search.service import search


class SearchView(JsonView):
    """Assets and moments that answer a question."""

    @extend_schema(parameters=[SearchParameters], responses=ResultsSerializer)
    def get(self, request: Request) -> Response:
        """One page of what you may see of the answers. Without words: the newest assets that fit."""
        parameters = SearchParameters(data=request.query_params.dict())
        parameters.is_valid(raise_exception=True)
        results = search(request.user, **parameters.arguments())
        if results.errors:
            raise ValidationError({"q": list(results.errors)})
        body = {**vars(results), **_neighbours(request, results)}
        return Response(ResultsSerializer(body, context={"request": request}).data)


def _neighbours(request: Request, results: Results) -> dict[str, str | None]:
    """The addresses of the pages beside this one."""
    before = results.page - 1 or None
    return {"next": _address(request, results.next_page), "previous": _address(request, before)}


def _address(request: Request, page: int | None) -> str | None:
    return None if page is None else replace_query_param(request.build_absolute_uri(), "page", page)
