"""Pages on which people make share links, look after them, and see who came."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dam.assets.models import Asset
from dam.sharing import links
from dam.sharing.access import shared_by
from dam.sharing.link_forms import LinkForm
from dam.sharing.link_models import ShareLink
from dam.sharing.link_targets import (
    Target,
    TargetError,
    asset_target,
    collection_target,
    list_target,
    make,
)
from dam.sharing.models import User
from dam.sharing.paging import page_before

LINKS_A_PAGE = 50
VISITS_A_PAGE = 100


@login_required
@require_safe
def share_links(request: HttpRequest) -> HttpResponse:
    """The reader's links, and for administrators those of others in their libraries; the newest first."""
    found = links.links_for(request.user).select_related("maker", "library", "collection")
    page = page_before(found, request.GET.get("before", ""), LINKS_A_PAGE)
    return render(request, "sharing/links.html", {"page": page, "user": request.user})


@login_required
def share_asset(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a link to one file, or with ?t=SECONDS to a moment in it."""
    return _new(request, asset_target(cast(User, request.user), pk, request.GET.get("t", "")))


@login_required
def share_collection(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a link to a collection."""
    try:
        return _new(request, collection_target(cast(User, request.user), pk))
    except TargetError as problem:
        messages.error(request, str(problem))
        return redirect("collection", pk)


@login_required
def new_link(request: HttpRequest) -> HttpResponse:
    """The form of a link to the files that ?assets=ID,ID names; without them, how one comes to share."""
    if "assets" not in request.GET:
        return render(request, "sharing/link_new.html")
    try:
        return _new(request, list_target(cast(User, request.user), request.GET["assets"]))
    except TargetError as problem:
        messages.error(request, str(problem))
        return redirect("links")


def _new(request: HttpRequest, target: Target) -> HttpResponse:
    """The form; what was made is shown once, with its whole address."""
    user = cast(User, request.user)
    endless = links.may_be_endless(user, target.library.pk)
    form = LinkForm(endless, request.POST or None, initial={"title": target.title[:200]})
    if request.method == "POST" and form.is_valid():
        link = form.save(commit=False)
        return _shown_once(request, link, make(user, target, link))
    return render(request, "sharing/link_new.html", {"form": form, "target": target})


def _shown_once(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    """The page with the address for guests. The token is kept nowhere, so it cannot be shown again."""
    address = request.build_absolute_uri(reverse("guest", args=[token]))
    response = render(request, "sharing/link_made.html", {"link": link, "address": address})
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_safe
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """One link: its settings, which its maker may change, and the log of its visits."""
    return _page(request, _one_of(links.links_for(request.user), pk))


@login_required
@require_POST
def edit_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the settings of a link of one's own."""
    shown = _one_of(links.own_links(request.user), pk)
    form = LinkForm(links.may_be_endless(request.user, shown.library_id), request.POST, instance=shown)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("link", pk)
    return _page(request, _one_of(links.own_links(request.user), pk), form)


def _one_of(found: QuerySet[ShareLink], pk: int) -> ShareLink:
    return get_object_or_404(found.select_related("maker", "library", "collection"), pk=pk)


def _page(request: HttpRequest, shown: ShareLink, form: LinkForm | None = None) -> HttpResponse:
    is_own = shown.maker_id == request.user.pk
    if is_own and form is None:
        form = LinkForm(links.may_be_endless(request.user, shown.library_id), instance=shown)
    page = page_before(shown.visits.all(), request.GET.get("before", ""), VISITS_A_PAGE)
    visible = Asset.objects.visible_to(request.user).in_bulk({visit.asset_id for visit in page.rows})
    context = {
        "link": shown,
        "form": form,
        "is_own": is_own,
        "page": page,
        "visits": [(visit, visible.get(visit.asset_id)) for visit in page.rows],
        "shown": shared_by(shown).count(),
        "can_restore": links.restorable_for(request.user).filter(pk=shown.pk).exists(),
    }
    return render(request, "sharing/link.html", context)


@login_required
@require_POST
def revoke_link(request: HttpRequest, pk: int) -> HttpResponse:
    """End a link at once."""
    shown = get_object_or_404(links.links_for(request.user).filter(revoked_at=None), pk=pk)
    links.revoke(shown, cast(User, request.user))
    messages.success(request, f"The link “{shown}” leads nowhere from now on.")
    return redirect("link", pk)


@login_required
@require_POST
def restore_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the end of a link back."""
    shown = get_object_or_404(links.restorable_for(request.user), pk=pk)
    links.restore(shown)
    messages.success(request, f"The address of the link “{shown}” works again.")
    return redirect("link", pk)


@login_required
@require_POST
def renew_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a link of one's own another address, shown once; the one before leads nowhere."""
    shown = get_object_or_404(links.own_links(request.user), pk=pk)
    return _shown_once(request, shown, links.renew(shown))
