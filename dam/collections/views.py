"""Pages of collections."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from dam.assets.grid import grid_page, items_below
from dam.assets.models import Asset
from dam.collections.forms import CollectionForm, LibraryForm, NewCollectionForm
from dam.collections.models import CollectionItem
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
    found = collections_for(request.user).select_related("library")
    administered = set(whole_libraries_for(request.user, Role.ADMINISTRATOR).values_list("pk", flat=True))
    shelves = [
        (library, tree(each for each in found if each.library_id == library.pk), library.pk in administered)
        for library in libraries_for(request.user).order_by("name")
    ]
    return render(request, "collections/list.html", {"shelves": shelves, "form": form})


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
    """The collections inside one, and the assets in it or below it, newest first."""
    shown = get_object_or_404(collections_for(request.user).select_related("library", "parent"), pk=pk)
    assets = Asset.objects.visible_to(request.user).filter(pk__in=items_below(shown).values("asset"))
    nearby = collections_for(request.user)
    return render_page(
        request,
        "collections/detail.html",
        "tiles",
        {
            "collection": shown,
            "page": grid_page(assets, request.GET.get("after", "")),
            "above": nearby.filter(pk__in=shown.lineage).exclude(pk=pk).order_by("lineage"),
            "children": nearby.filter(parent=shown).order_by("name"),
            "can_edit": collections_for(request.user, Role.ARCHIVIST).filter(pk=pk).exists(),
        },
    )


@login_required
def edit_collection(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or describe a collection."""
    shown = get_object_or_404(collections_for(request.user, Role.ARCHIVIST), pk=pk)
    form = CollectionForm(request.POST or None, instance=shown)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("collection", pk)
    return render(request, "collections/edit.html", {"collection": shown, "form": form})


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
    CollectionItem.objects.get_or_create(collection=target, asset=asset)
    messages.success(request, f"Added to {target.name}.")
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
