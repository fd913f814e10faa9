"""The search page: one box, a panel in step with it, and moments; and the page that explains the language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dam.pages import render_page
from search import panel, service, sorting
from search.examples import examples
from search.fields import ATTRIBUTES, FACTS, HELP, PLACES_AND_LIKENESSES, canonical
from search.page import SearchPage
from search.results import Results

LAST_PAGE = 1000
APART = "apart"
"""The value of ?alike= that shows copies and bursts one by one."""


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Answers to ?q=, or with ?asset= all moments of one of them; htmx asks for hits alone. An address that
    holds fields of the panel is led to the text that says the same."""
    text, view = request.GET.get("q", ""), _view(request)
    if (meant := _rewritten(request, text)) is not None:
        return redirect(_address(meant, view))
    around = SearchPage(request.user, text, view.get("sort", ""))
    context: dict[str, Any] = {"query": text, "filters": view, "around": around}
    if text.strip():
        context |= _answers(request, around, view)
    else:
        context["examples"] = examples(request.user)
    return render_page(request, "search/search.html", "hits", context)


@login_required
@require_safe
def search_help(request: HttpRequest) -> HttpResponse:
    """The language, field by field."""
    of_assets = [name for name, shape in ATTRIBUTES.items() if not shape.of_fact]
    parts = {
        "What is known": FACTS,
        "What it is": [*of_assets, *PLACES_AND_LIKENESSES],
        "How sure it is": [name for name, shape in ATTRIBUTES.items() if shape.of_fact],
    }
    fields = {title: {name: HELP[name] for name in HELP if name in of} for title, of in parts.items()}
    return render(request, "search/help.html", {"fields": fields, "attributes": ATTRIBUTES})


def _rewritten(request: HttpRequest, text: str) -> str | None:
    """The text with what else the address asks for: fields of the panel, or one more part in ?also=."""
    name, _, value = request.GET.get("also", "").partition(":")
    if value and (known := canonical(name)):
        return panel.narrowed(text, known, value.strip('"'))
    fields = panel.given(request.GET)
    return panel.rewritten(text, fields) if fields else None


def _answers(request: HttpRequest, around: SearchPage, view: Mapping[str, str]) -> dict[str, Any]:
    opened = _number(request, "asset")
    if opened is None:
        results = _results(request, around.text, view)
    else:
        results = service.moments_of(request.user, around.text, opened)
    return {
        "results": results,
        "opened": opened,
        "searched": results.corrected or around.text,
        "facets": around.narrowing(results.candidates) if results.page == 1 else [],
        "place": results.problem and around.place(results.problem.position),
    }


def _results(request: HttpRequest, text: str, view: Mapping[str, str]) -> Results:
    page = min(LAST_PAGE, _number(request, "page") or 1)
    sort, fold = view.get("sort", sorting.RELEVANCE), "alike" not in view
    return service.search(request.user, text, page=page, sort=sort, fold=fold)


def _view(request: HttpRequest) -> dict[str, str]:
    """How the answers are shown, as far as it is not as usual."""
    order = sorting.known(request.GET.get("sort", ""))
    view = {} if order == sorting.RELEVANCE else {"sort": order}
    return {**view, "alike": APART} if request.GET.get("alike") == APART else view


def _address(text: str, view: Mapping[str, str]) -> str:
    query = urlencode({"q": text, **view} if text else view)
    return f"{reverse('search')}?{query}" if query else reverse("search")


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
