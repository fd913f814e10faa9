"""The page on which an asset is described."""

from __future__ import annotations

import json
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dam.assets.models import Asset
from dam.describing import dates, drafts, neighbours
from dam.describing.desk import Outcome, choices, submit
from dam.describing.fields import FIELDS, joined
from dam.describing.forms import DescribeForm, with_proposal
from dam.describing.record import record_of
from dam.sharing.access import get_asset_for
from dam.sharing.models import Role, User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of an asset; where somebody else changed the same field meanwhile, the choice between both."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    record = record_of(asset)
    use = request.POST.get("use", "")
    data = with_proposal(request.POST, record, use) if use else request.POST or None
    form = DescribeForm(asset, record, data)
    if data and not use and form.is_valid():
        outcome = submit(asset, cast(User, request.user), form.values, form.base)
        if outcome.merged.conflicts:
            return _choose(request, asset, form, outcome)
        messages.success(request, outcome.message)
        return drafts.kept(_onwards(request, asset), f"describe-{pk}")
    context = {"asset": asset, "form": form, "list": _list(request)}
    return render(request, "describing/describe.html", context)


def _choose(request: HttpRequest, asset: Asset, form: DescribeForm, outcome: Outcome) -> HttpResponse:
    """Three columns for each field that both changed; what the others became travels along."""
    settled = [name for name in FIELDS if name not in outcome.merged.conflicts]
    context = {
        "asset": asset,
        "choices": choices(asset, outcome, form.base),
        "settled": [(name, joined(name, outcome.merged.values[name])) for name in settled],
        "before": json.dumps(outcome.theirs),
        "list": _list(request),
    }
    return render(request, "describing/merge.html", context)


def _list(request: HttpRequest) -> str:
    """The collection along which the person works, as the address names it."""
    return request.POST.get("list", "") or request.GET.get("list", "")


def _onwards(request: HttpRequest, asset: Asset) -> HttpResponse:
    """To the asset, or to describing the next one."""
    if "next" not in request.POST:
        return redirect(asset)
    user, along = cast(User, request.user), _list(request)
    found = neighbours.next_asset(user, asset, neighbours.chosen_collection(user, along))
    if found is None:
        messages.info(request, "That was the last one.")
        return redirect(asset)
    address = reverse("describe", args=[found.pk])
    return redirect(f"{address}?list={along}" if along.isdecimal() else address)


@login_required
@require_safe
def read_date(request: HttpRequest) -> HttpResponse:
    """How a date that is being typed is understood."""
    text = request.GET.get("date", "")[: FIELDS["date"].longest].strip()
    reading, problem = None, ""
    try:
        reading = dates.read(text) if text else None
    except dates.UnreadableDateError as error:
        problem = str(error)
    return render(request, "describing/reading.html", {"reading": reading, "problem": problem})
