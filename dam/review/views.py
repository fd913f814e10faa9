"""Pages of the queue: what waits, one group at a time, and what was decided lately."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dam.pages import render_page
from dam.review import addresses, deciding
from dam.review.forms import ReviewFilter
from dam.review.grouping import Group, groups
from dam.review.known import known_labels, nameable
from dam.review.measures import measures_of
from dam.review.subjects import GROUPINGS, LABELS
from dam.review.waiting import page_at, waiting, waiting_count
from dam.sharing.models import User
from indexing import flags

A_GRID = 48
"""Facts in a grid; one at a time otherwise."""
LATELY = 12


@login_required
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """What waits, grouped, with the most to gain first; and what the reader decided lately."""
    user, by = cast(User, request.user), addresses.by_in(request.GET)
    form = ReviewFilter(user, request.GET)
    facts = waiting(user, form.chosen(), withheld="withheld" in request.GET)
    found, following = groups(facts, by, request.GET.get("after", "").replace("\x00", ""))
    parameters = addresses.kept(request.GET)
    context = {
        "form": form,
        "by": by,
        "groupings": {name: addresses.kept(request.GET, by=name) for name in GROUPINGS},
        "groups": [(group, addresses.group_address(group, parameters)) for group in found],
        "following": following,
        "count": facts.count(),
        "today": deciding.decided_today(user),
        "lately": deciding.lately(user, LATELY),
    }
    return render_page(request, "review/queue.html", "groups", context)


@login_required
@require_safe
def review_group(request: HttpRequest) -> HttpResponse:
    """The facts of one group, in a grid or one by one, with the keys that decide on them."""
    user, group = cast(User, request.user), addresses.group_in(request, request.GET)
    chosen = ReviewFilter(user, request.GET).chosen()
    facts = group.of(waiting(user, chosen, withheld="withheld" in request.GET))
    view = addresses.view_in(request.GET, group)
    page = page_at(facts, request.GET.get("at", ""), A_GRID if view == "grid" else 1)
    flags.mark(fact.asset for fact in page.facts)
    context = {
        "group": group,
        "view": view,
        "page": page,
        "veiled": any(flags.is_flagged(fact.asset) for fact in page.facts),
        "fact": page.facts[0] if page.facts else None,
        "count": facts.count(),
        "in_all": waiting_count(user),
        "today": deciding.decided_today(user),
        "last": deciding.last(user),
        "measures": measures_of(user, group.kind, group.label),
        "people": nameable(user, page.facts[0]) if page.facts and view == "one" else [],
        **_links(request, group, page.previous, page.next),
    }
    response = render_page(request, "review/group.html", "panel", context)
    response["HX-Replace-Url"] = request.get_full_path()
    return response


def _links(request: HttpRequest, group: Group, previous: str, following: str) -> dict[str, Any]:
    """Where the keys lead that decide on nothing."""
    here = addresses.kept(request.GET)
    at = {"at": request.GET["at"]} if request.GET.get("at") else {}
    return {
        "back": addresses.group_address(group, {**here, **at}).partition("?")[2],
        "queue": addresses.queue_address(here),
        "first": addresses.group_address(group, here),
        "previous": addresses.group_address(group, {**here, "at": previous}) if previous else "",
        "next": addresses.group_address(group, {**here, "at": following}) if following else "",
        "views": {
            name: addresses.group_address(group, {**here, "view": name, **at}) for name in addresses.VIEWS
        },
    }


@login_required
@require_safe
def labels(request: HttpRequest) -> HttpResponse:
    """Labels of a kind that begin as typed, as the options of a list."""
    kind = request.GET.get("of", "")
    typed = request.GET.get("text", "").strip().replace("\x00", "")
    found = known_labels(cast(User, request.user), kind, typed) if kind in LABELS and typed else []
    return render(request, "review/labels.html", {"labels": found})
