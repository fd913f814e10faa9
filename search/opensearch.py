"""What lets a browser search here from its address bar: OpenSearch 1.1, draft 6."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from search.suggest import suggest

DESCRIPTION = "application/opensearchdescription+xml"
SUGGESTIONS = "application/x-suggestions+json"


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """Where to search and where to ask for suggestions. It tells nothing else, so that it is open to all:
    some browsers fetch it without their cookies."""
    addresses = {
        "site": request.build_absolute_uri("/"),
        "icon": request.build_absolute_uri(static("img/mark.svg")),
        "itself": request.build_absolute_uri(reverse("opensearch")),
        "suggestions": request.build_absolute_uri(reverse("opensearch-suggestions")),
        "search": request.build_absolute_uri(reverse("search")),
    }
    return render(request, "search/opensearch.xml", addresses, content_type=DESCRIPTION)


@login_required
@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """How ?q= may go on, as browsers read it: the words, whole searches, what they are, their addresses.

    The format is that of the OpenSearch Suggestions extension 1.1.
    """
    text = request.GET.get("q", "")
    found = suggest(request.user, text)
    page = request.build_absolute_uri(reverse("search"))
    answers = [f"{page}?{urlencode({'q': each.text})}" for each in found]
    body = [text, [each.text for each in found], [each.note for each in found], answers]
    response = JsonResponse(body, safe=False, content_type=SUGGESTIONS)
    patch_vary_headers(response, ["Cookie"])
    response["Cache-Control"] = "private, no-store"
    return response
