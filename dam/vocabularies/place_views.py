"""The map of where assets were taken, and the same as a list."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dam.assets.models import Asset
from dam.vocabularies import places


@login_required
@require_safe
def place_map(request: HttpRequest) -> HttpResponse:
    """The page: a map that is drawn from ?west= and so on, and places by name, ?page= by page."""
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdecimal() and 0 < len(number) < 6 else 1
    listed, more = places.named(Asset.objects.visible_to(request.user), max(1, page))
    context = {"listed": listed, "page": page, "more": more, "view": places.View.of(request.GET)}
    return render(request, "vocabularies/map.html", context)


@login_required
@require_safe
def map_points(request: HttpRequest) -> JsonResponse:
    """The points of one view, as JSON."""
    found = places.points(Asset.objects.visible_to(request.user), places.View.of(request.GET))
    response = JsonResponse({"points": [asdict(each) for each in found]})
    response["Cache-Control"] = "private, no-store"
    return response
