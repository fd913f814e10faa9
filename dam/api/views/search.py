"""The search of the site, for programs."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from dam.api.base import JsonView
from dam.api.serializers.search import (
    RefusedSearchSerializer,
    ResultsSerializer,
    SearchParameters,
    confidences,
)
from search.results import Results
from search.service import search


class SearchView(JsonView):
    """Assets and moments that answer a question."""

    @extend_schema(
        parameters=[SearchParameters], responses={200: ResultsSerializer, 400: RefusedSearchSerializer}
    )
    def get(self, request: Request) -> Response:
        """One page of what you may see of the answers. Without words: the newest assets that fit."""
        parameters = SearchParameters(data=request.query_params.dict())
        parameters.is_valid(raise_exception=True)
        results = search(request.user, **parameters.arguments())
        if results.errors:
            return Response(_refusal(results), status=400)
        body = {**vars(results), **_neighbours(request, parameters, results)}
        context = {"request": request, "confidences": confidences([*results.hits, *results.nearest_apart])}
        return Response(ResultsSerializer(body, context=context).data)


def _refusal(results: Results) -> dict[str, Any]:
    """Why there is no answer; of a question that breaks the language also where and how to mend it."""
    problem = results.problem
    if problem is None:
        return {"q": list(results.errors)}
    return {"q": [problem.message], "position": problem.position, "mend": problem.mend}


def _neighbours(request: Request, parameters: SearchParameters, results: Results) -> dict[str, str | None]:
    """The addresses of the pages beside this one."""
    here = remove_query_param(request.build_absolute_uri(), "page")

    def address(page: int | None) -> str | None:
        return replace_query_param(here, "cursor", parameters.cursor_of(page)) if page else None

    return {"next": address(results.next_page), "previous": address(results.page - 1 or None)}
