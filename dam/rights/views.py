"""Pages where archivists state rights, and administrators decide for a library."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dam.collections.models import Library
from dam.rights import agreeing, marks, resolution, saving
from dam.rights.forms import AssetRightsForm, CollectionRightsForm, LibraryRightsForm, TermsForm
from dam.rights.merging import Clash, MergingForm
from dam.rights.models import CollectionRights, LibraryRights
from dam.rights.proposals import from_the_file
from dam.sharing.access import collections_for, get_asset_for
from dam.sharing.models import Role, User
from dam.sharing.scopes import whole_libraries_for
from indexing.analysers.contract import MediaError

GET_OR_POST = ["GET", "HEAD", "POST"]
CLASHED = "Somebody has changed this record meanwhile. Look at both values below, then save again."


@login_required
@require_http_methods(GET_OR_POST)
@transaction.atomic
def asset_rights(request: HttpRequest, pk: int) -> HttpResponse:
    """The rights in an asset and its embargo."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    record = saving.record_of(asset, lock=request.method == "POST")
    form = AssetRightsForm(request.POST or None, instance=record)
    clashes = _clashes(request, form)
    if form.is_bound and form.is_valid() and not clashes:
        saving.save(form, cast(User, request.user))
        messages.success(request, "The rights are saved.")
        return redirect("asset-rights", pk)
    rights = resolution.of(asset)
    context = {
        "asset": asset,
        "form": form,
        "clashes": clashes,
        "proposals": from_the_file(asset),
        "rights": rights,
        "stating": collections_for(request.user).filter(pk=rights.collection or 0).first(),
        "record": saving.record_of(asset),
        "decided": LibraryRights.of(asset.library_id),
    }
    return render(request, "rights/asset.html", context)


def _clashes(request: HttpRequest, form: MergingForm) -> list[Clash]:
    """What somebody else changed as well; the form then shows it, and sending it again decides."""
    clashes = form.clashes() if form.is_bound and form.is_valid() else []
    if clashes:
        messages.error(request, CLASHED)
        form.show_again(clashes)
    return clashes


@login_required
@require_http_methods(GET_OR_POST)
@transaction.atomic
def collection_rights(request: HttpRequest, pk: int) -> HttpResponse:
    """The rights in what lies in a collection, and the terms before downloads from it."""
    collection = get_object_or_404(
        collections_for(request.user, Role.ARCHIVIST).select_related("library"), pk=pk
    )
    rows = CollectionRights.objects.select_for_update(of=("self",)).filter(collection=pk)
    form = CollectionRightsForm(
        request.POST or None, instance=rows.first() or CollectionRights(collection=collection)
    )
    now = agreeing.current(collection.library_id, collection)
    terms = TermsForm(request.POST or None, initial={"text": now.text if now else ""}, prefix="asked")
    clashes = _clashes(request, form)
    if form.is_bound and form.is_valid() and terms.is_valid() and not clashes:
        _save(form, request)
        agreeing.publish(collection.library, collection, terms.cleaned_data["text"], cast(User, request.user))
        messages.success(request, "The rights of the collection are saved.")
        return redirect("collection-rights", pk)
    context = {"collection": collection, "form": form, "terms": terms, "clashes": clashes, "now": now}
    context["decided"] = LibraryRights.of(collection.library_id)
    return render(request, "rights/collection.html", context)


def _save(form: MergingForm, request: HttpRequest) -> None:
    form.merge()
    form.instance.changed_by = cast(User, request.user)
    form.instance.save()


@login_required
@require_http_methods(GET_OR_POST)
@transaction.atomic
def library_rights(request: HttpRequest, pk: int) -> HttpResponse:
    """Public pages, originals, the watermark, and the terms before every download."""
    library = get_object_or_404(whole_libraries_for(request.user, Role.ADMINISTRATOR), pk=pk)
    rows = LibraryRights.objects.select_for_update().filter(library=pk)
    decided = rows.first() or LibraryRights(library=library)
    form = LibraryRightsForm(request.POST or None, request.FILES or None, instance=decided)
    now = agreeing.current(pk)
    terms = TermsForm(request.POST or None, initial={"text": now.text if now else ""}, prefix="asked")
    clashes = _clashes(request, form)
    if form.is_bound and form.is_valid() and terms.is_valid() and not clashes:
        _save(form, request)
        if "public_pages" in form.changed_data:
            Library.objects.filter(pk=pk).update(public=form.cleaned_data["public_pages"])
        agreeing.publish(library, None, terms.cleaned_data["text"], cast(User, request.user))
        messages.success(request, "Saved.")
        return redirect("library-rights", pk)
    context = {"library": library, "form": form, "terms": terms, "clashes": clashes, "now": now}
    return render(request, "rights/library.html", {**context, "saved": LibraryRights.of(pk)})


@login_required
@require_safe
def mark_sample(request: HttpRequest, pk: int) -> HttpResponse:
    """The library's watermark on a field from black to white."""
    library = get_object_or_404(whole_libraries_for(request.user, Role.ADMINISTRATOR), pk=pk)
    mark = marks.mark_of(LibraryRights.of(library.pk))
    try:
        drawn = marks.sample(mark) if mark else b""
    except MediaError:
        drawn = b""
    return HttpResponse(drawn, content_type="image/png", status=200 if drawn else 404)
