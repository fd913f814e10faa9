"""People's decisions on facts, from any page that shows one."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django_htmx.middleware import HtmxDetails

from dam.assets.models import Asset
from dam.sharing.models import Role, User
from indexing import store
from indexing.models import Annotation

SAID = {"accepted": "Accepted", "rejected": "Rejected", "proposed": "Undecided again"}


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or reject a fact, or take the decision back. htmx gets the buttons as they stand afterwards."""
    decision = request.POST.get("decision", "")
    if decision not in SAID:
        return HttpResponseBadRequest("A decision is accepted, rejected or proposed.")
    fact = store.review(_decidable(request, pk), cast(User, request.user), decision)
    if HtmxDetails(request):
        return render(request, "indexing/decide.html", {"fact": fact, "next": request.POST.get("next", "")})
    messages.success(request, f"{SAID[decision]}: {fact.text or fact.kind}.")
    return redirect(_way_back(request, fact))


def _decidable(request: HttpRequest, pk: int) -> Annotation:
    assets = Asset.objects.reachable_by(request.user, Role.ARCHIVIST)
    fact = Annotation.objects.filter(pk=pk, asset__in=assets).select_related("asset", "run").first()
    if fact is None:
        raise Http404("No such fact.")
    return fact


def _way_back(request: HttpRequest, fact: Annotation) -> str:
    """The page that asked, where it is one of ours; else the page of the asset."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if ours else fact.asset.get_absolute_url()
