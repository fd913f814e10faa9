"""Facts at a place: drawn in the picture or written as numbers, changed, taken away, and brought back."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.middleware import HtmxDetails

from dam.assets import regions, replacing
from dam.assets.models import Asset
from dam.assets.regions_form import RegionForm, values_of
from dam.assets.replacing import HOLDING, OutdatedError
from dam.assets.views import second
from dam.pages import render_page
from dam.people.recognition import ConsentMissingError
from dam.sharing.access import get_asset_for
from dam.sharing.models import Role, User
from indexing.models import Annotation


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def place_facts(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a fact at a place; the list shows those from ?t=SECONDS on. htmx puts it beside the picture."""
    asset, user = get_asset_for(request.user, pk, Role.ARCHIVIST), cast(User, request.user)
    form = RegionForm(user, asset, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, asset, form)
    try:
        made = regions.add(asset, form.finding(), user)
    except ConsentMissingError as problem:
        form.add_error(None, str(problem))
        return _page(request, asset, form)
    return _done(request, asset, f"Added: {made.text}.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a fact is something else, or stands elsewhere."""
    fact, user = _fact(request, pk), cast(User, request.user)
    form = RegionForm(user, fact.asset, request.POST or None, initial=values_of(fact))
    if request.method != "POST" or not form.is_valid():
        return _page(request, fact.asset, form, fact)
    try:
        made = regions.change(fact, form.finding(), user)
    except (ConsentMissingError, OutdatedError) as problem:
        form.add_error(None, str(problem))
        return _page(request, fact.asset, form, fact)
    return _done(request, fact.asset, f"Changed: {made.text}.")


@login_required
@require_POST
def remove_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a fact away that stands at a place; the list offers to bring it back."""
    fact = _fact(request, pk)
    try:
        replacing.remove(fact, cast(User, request.user))
    except OutdatedError as problem:
        return _done(request, fact.asset, str(problem), failed=True)
    return _done(request, fact.asset, f"Taken away: {fact.text}.")


@login_required
@require_POST
def restore_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a fact back that was taken away, or was changed: then the change is taken back."""
    fact, user = _fact(request, pk), cast(User, request.user)
    try:
        heir = regions.heir_of(fact)
        if heir:
            replacing.take_back(heir, user)
        else:
            replacing.restore(fact, user)
    except OutdatedError as problem:
        return _done(request, fact.asset, str(problem), failed=True)
    return _done(request, fact.asset, f"It is back: {fact.text}.")


def _fact(request: HttpRequest, pk: int) -> Annotation:
    assets = Asset.objects.reachable_by(request.user, Role.ARCHIVIST)
    fact = Annotation.objects.filter(pk=pk, asset__in=assets, parent=None).select_related("asset").first()
    if fact is None or fact.kind not in regions.kinds_for(fact.asset):
        raise Http404("No such fact at a place.")
    return fact


def _page(
    request: HttpRequest, asset: Asset, form: RegionForm, fact: Annotation | None = None, **more: Any
) -> HttpResponse:
    """The form and the facts that can be changed: a page, or the part that htmx puts beside a player."""
    user, values = cast(User, request.user), request.POST or request.GET
    prefetch_related_objects([asset], "renditions")
    moment = second(values.get("t", ""))
    found = list(regions.placed(asset, moment)[: regions.SHOWN + 1])
    context = {
        "asset": asset,
        "form": form,
        "fact": fact if fact and fact.status in HOLDING else None,
        "placed": found[: regions.SHOWN],
        "more": found[-1].start if len(found) > regions.SHOWN else None,
        "changed": regions.lately_changed(asset, user),
        "labels": regions.labels_for(asset, user),
        "moment": moment,
        **more,
    }
    return render_page(request, "assets/regions.html", "tools", context)


def _done(request: HttpRequest, asset: Asset, said: str, *, failed: bool = False) -> HttpResponse:
    """The empty form and the list as they are now."""
    if HtmxDetails(request):
        form = RegionForm(cast(User, request.user), asset)
        return _page(request, asset, form, said=said, failed=failed)
    (messages.error if failed else messages.success)(request, said)
    moment = second(request.POST.get("t", ""))
    return redirect(f"{reverse('place-facts', args=[asset.pk])}?t={moment:.3f}")
