"""The search page: one box, filters in step with the address, and moments."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dam.pages import render_page
from search import service
from search.filters import Filters
from search.forms import SearchFilters

LAST_PAGE = 1000


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Answers to ?q= within the filters; htmx asks for the hits of a further page."""
    query = request.GET.get("q", "")
    filters = Filters.from_query(request.GET)
    asked = bool(query.strip() or filters or filters.errors)
    context = {
        "query": query,
        "asked": asked,
        "filters": filters.to_query(),
        "results": service.search(request.user, query, filters, _page(request)) if asked else None,
        "form": SearchFilters(request.user, filters),
    }
    return render_page(request, "search/search.html", "hits", context)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return min(LAST_PAGE, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else 1
