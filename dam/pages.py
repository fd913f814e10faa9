"""One template serves the page and the part of it that htmx asks for."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails


def render_page(request: HttpRequest, template: str, part: str, context: Mapping[str, Any]) -> HttpResponse:
    """The whole template for a browser, or its partial of that name where htmx will swap it in."""
    name = f"{template}#{part}" if _wants_part(request) else template
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _wants_part(request: HttpRequest) -> bool:
    htmx = HtmxDetails(request)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request
