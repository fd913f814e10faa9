"""Suggestions for the search box: a list of options for the page, JSON for who asks for it."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from search.suggest import suggest


@login_required
@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """How ?q= may go on at the caret, ?at= characters from its beginning."""
    found = suggest(request.user, request.GET.get("q", ""), _position(request.GET.get("at", "")))
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        response: HttpResponse = JsonResponse({"suggestions": [asdict(each) for each in found]})
    else:
        response = render(request, "search/suggest.html", {"suggestions": found})
    patch_vary_headers(response, ["Accept", "Cookie"])
    response["Cache-Control"] = "private, no-store"
    return response


def _position(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None
