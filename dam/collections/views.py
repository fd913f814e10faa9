"""Pages of collections."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from dam.assets.models import Asset
from dam.collections import covers, curation
from dam.collections.forms import (
    CollectionForm,
    LibraryForm,
    MoveForm,
    NewCollectionForm,
    NewSmartCollectionForm,
)
from dam.collections.models import CollectionItem
from dam.collections.showing import counted, page_of, shown_in
from dam.collections.tree import tree
from dam.pages import render_page
from dam.sharing.access import collections_for, get_asset_for, libraries_for
from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for


@login_required
def collections(request: HttpRequest) -> HttpResponse:
    """All collections that the reader may see, nested; and the form for a new one."""
    form = NewCollectionForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("collection", form.save().pk)
    found = list(collections_for(request.user).select_related("library"))
    administered = set(whole_libraries_for(request.user, Role.ADMINISTRATOR).values_list("pk", flat=True))
    shelves = [
        (library, tree(each for each in found if each.library_id == library.pk), library.pk in administered)
        for library in libraries_for(request.user).order_by("name")
    ]
    covers.mark(request.user, found)
    return render(request, "collections/list.html", {"shelves": shelves, "form": form})


@login_required
def new_smart_collection(request: HttpRequest) -> HttpResponse:
    """A collection of all that answers a search; ?q= fills it in."""
    text = request.GET.get("q", "")
    initial = {"query": text, "name": text.strip()[:60]}
    form = NewSmartCollectionForm(request.user, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        return redirect("collection", form.save().pk)
    return render(request, "collections/new_smart.html", {"form": form})


@login_required
def new_library(request: HttpRequest) -> HttpResponse:
    """A form for administrators of the installation."""
    if not request.user.is_superuser:
        raise PermissionDenied("Only an administrator of the installation makes libraries.")
    form = LibraryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, f"The library {form.save()} is ready.")
        return redirect("collections")
    return render(request, "collections/new_library.html", {"form": form})


@login_required
@require_safe
def collection(request: HttpRequest, pk: int) -> HttpResponse:
    """The collections inside one, and its assets in its order."""
    shown = get_object_or_404(collections_for(request.user).select_related("library", "parent"), pk=pk)
    held = shown_in(request.user, shown)
    nearby = collections_for(request.user)
    children = list(nearby.filter(parent=shown).order_by("name"))
    covers.mark(request.user, children)
    context = {
        "collection": shown,
        "page": page_of(held, shown, request.GET.get("after", "")),
        "answers": counted(held) if shown.smart else None,
        "complete": held.complete,
        "above": nearby.filter(pk__in=shown.lineage).exclude(pk=pk).order_by("lineage"),
        "children": children,
        "can_edit": collections_for(request.user, Role.ARCHIVIST).filter(pk=pk).exists(),
    }
    return render_page(request, "collections/detail.html", "tiles", context)


@login_required
def edit_collection(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, describe or order a collection, or say what a smart one searches for."""
    shown = get_object_or_404(collections_for(request.user, Role.ARCHIVIST), pk=pk)
    form = CollectionForm(request.POST or None, instance=shown)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("collection", pk)
    shown = get_object_or_404(collections_for(request.user, Role.ARCHIVIST), pk=pk)
    context = {"collection": shown, "form": form, "move": MoveForm(request.user, shown)}
    return render(request, "collections/edit.html", context)


@login_required
@require_POST
def delete_collection(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a collection and those inside it. No asset is deleted."""
    shown = get_object_or_404(collections_for(request.user, Role.ARCHIVIST), pk=pk)
    shown.delete()
    messages.success(request, f"The collection {shown.name} was deleted. Its assets stay in the library.")
    return redirect("collections")


@login_required
@require_POST
def add_asset(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an asset into a collection of its own library."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    chosen = request.POST.get("collection", "")
    allowed = collections_for(request.user, Role.ARCHIVIST).filter(library=asset.library_id)
    target = get_object_or_404(allowed, pk=int(chosen) if chosen.isdecimal() else 0)
    try:
        curation.add_assets(target, [pk], Asset.objects.reachable_by(request.user, Role.ARCHIVIST))
        messages.success(request, f"Added to {target.name}.")
    except curation.SmartCollectionError as problem:
        messages.error(request, str(problem))
    return redirect(asset)


@login_required
@require_POST
def remove_asset(request: HttpRequest, pk: int, collection_pk: int) -> HttpResponse:
    """Take an asset out of a collection."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    target = get_object_or_404(collections_for(request.user, Role.ARCHIVIST), pk=collection_pk)
    CollectionItem.objects.filter(collection=target, asset=asset).delete()
    messages.success(request, f"Taken out of {target.name}.")
    return (
        redirect("asset", pk)
        if Asset.objects.visible_to(request.user).filter(pk=pk).exists()
        else redirect("library")
    )
