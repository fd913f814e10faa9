"""The pages of music: what sounds alike, and the map of moods."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dam.assets.views import second
from search.filters import Filters
from search.forms import SearchFilters
from search.music_map import MOST, SIDE, music_map
from search.similar import NoExample
from search.similar_music import of_asset, search_by
from search.similar_views import named_asset


@login_required
@require_safe
def similar_music(request: HttpRequest) -> HttpResponse:
    """What sounds like the music of ?asset=, at ?t= seconds or in its longest section."""
    asset = named_asset(request)
    context: dict[str, Any] = {"asset": asset}
    context["second"] = second(request.GET["t"]) if asset and "t" in request.GET else None
    try:
        context["results"] = search_by(request.user, of_asset(asset, context["second"])) if asset else None
    except NoExample as problem:
        context["error"] = str(problem)
    return render(request, "search/similar_music.html", context)


@login_required
@require_safe
def mood_map(request: HttpRequest) -> HttpResponse:
    """Every recording of music by its mood and energy, of ?collection= or of all."""
    filters = Filters.from_query({"collection": request.GET.get("collection", "")})
    context = {
        "map": music_map(request.user, filters),
        "form": SearchFilters(request.user, filters),
        "filters": filters,
        "most": MOST,
        "side": SIDE,
    }
    return render(request, "search/music_map.html", context)
