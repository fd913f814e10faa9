"""Keywords to choose from: options for a page, JSON for who asks for it."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from dam.assets.models import Asset
from dam.vocabularies.suggest import suggest


@login_required
@require_safe
def suggest_terms(request: HttpRequest) -> HttpResponse:
    """Keywords for ?q=, with ?library= for that library, with ?vocabulary= its terms alone."""
    library, vocabulary = _number(request, "library"), _number(request, "vocabulary")
    assets = Asset.objects.visible_to(request.user)
    assets = assets if library is None else assets.filter(library=library)
    found = suggest(request.user, request.GET.get("q", ""), assets, library, vocabulary)
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        response: HttpResponse = JsonResponse({"terms": [asdict(each) for each in found]})
    else:
        response = render(request, "vocabularies/suggest.html", {"choices": found})
    patch_vary_headers(response, ["Accept", "Cookie"])
    response["Cache-Control"] = "private, no-store"
    return response


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None
