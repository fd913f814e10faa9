"""Pages of lightboxes, and picking into them."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from dam.collections import lightboxes, moments
from dam.collections.lightbox_forms import IntoCollectionForm, LightboxForm, NoteForm, ShareForm
from dam.collections.lightbox_models import Lightbox
from dam.collections.sequence import step
from dam.sharing.access import get_asset_for
from dam.sharing.models import User
from indexing import flags

COMPARED = 4
"""So many pictures stand side by side."""


@login_required
def lightbox_list(request: HttpRequest) -> HttpResponse:
    """The reader's own lightboxes, those that teammates show them, and the form for a new one."""
    user = cast(User, request.user)
    form = LightboxForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(form.save())
    picks = Count("items", filter=Q(items__taken_out_at=None))
    found = lightboxes.lightboxes_for(user).select_related("owner").annotate(picks=picks)
    context = {
        "own": [each for each in found if each.owner_id == user.pk],
        "shared": [each for each in found if each.owner_id != user.pk],
        "deleted": lightboxes.deleted_lightboxes(user),
        "form": form,
    }
    return render(request, "collections/lightboxes.html", context)


@login_required
@require_safe
def lightbox(request: HttpRequest, pk: int) -> HttpResponse:
    """The picks of one, and for its owner everything that can be changed."""
    user = cast(User, request.user)
    found = lightboxes.lightboxes_for(user).select_related("owner").prefetch_related("readers")
    return _page(request, get_object_or_404(found, pk=pk))


def _page(request: HttpRequest, shown: Lightbox, **forms: object) -> HttpResponse:
    user = cast(User, request.user)
    held = lightboxes.contents(user, shown)
    flags.mark(item.asset for item in held.items)
    context: dict[str, object] = {"lightbox": shown, "held": held, "is_own": shown.owner_id == user.pk}
    if context["is_own"]:
        context |= {
            "form": LightboxForm(user, instance=shown),
            "share": ShareForm(user),
            "into": IntoCollectionForm(user, initial={"name": shown.name}),
            "taken_out": shown.items.exclude(taken_out_at=None).count(),
        }
    return render(request, "collections/lightbox.html", context | forms)


@login_required
@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Two to four picks side by side: ?item= of each, or the first two."""
    shown = get_object_or_404(lightboxes.lightboxes_for(request.user), pk=pk)
    held = lightboxes.contents(request.user, shown).items
    wanted = request.GET.getlist("item")
    chosen = [item for item in held if str(item.pk) in wanted] if wanted else held[:2]
    flags.mark(item.asset for item in chosen)
    context = {"lightbox": shown, "items": chosen[:COMPARED], "more": len(chosen) > COMPARED}
    return render(request, "collections/compare.html", context)


@login_required
@require_POST
def pick(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an asset, at its second `t` and with the region of its `fact`, into the lightbox used last, or into
    that of `lightbox`."""
    asset, user = get_asset_for(request.user, pk), cast(User, request.user)
    own, chosen = lightboxes.own_lightboxes(user), request.POST.get("lightbox", "")
    into = get_object_or_404(own, pk=_number(chosen)) if chosen else lightboxes.current_lightbox(user)
    try:
        place = moments.of_fact(asset, request.POST.get("fact", ""))
        start = moments.second(request.POST.get("t", ""), asset) if asset.duration else None
        added = lightboxes.pick(into, asset, **{**place, **({"start": start} if start else {})})
        messages.success(request, f"{'Put into' if added else 'Already in'} {into}.")
    except ValueError as problem:
        messages.error(request, str(problem))
    if request.headers.get("X-Requested-With") == "fetch":
        return render(request, "partials/messages.html")
    return redirect(asset)


@login_required
@require_POST
def change_item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """`action`: write a note on a pick, move it up or down, or take it out."""
    own = get_object_or_404(lightboxes.own_lightboxes(request.user), pk=pk)
    item = get_object_or_404(own.items.filter(taken_out_at=None), pk=item_pk)
    action = request.POST.get("action", "")
    if action == "take-out":
        lightboxes.take_out(own, own.items.filter(pk=item_pk))
        messages.success(request, "Taken out. It can be put back below.")
    elif action in ("up", "down"):
        step(lightboxes.contents(request.user, own).items, item, action)
    elif (form := NoteForm(request.POST, instance=item)).is_valid():
        form.save()
    else:
        messages.error(request, "The note was not saved: it is longer than 5,000 characters.")
    return redirect(f"{own.get_absolute_url()}#pick-{item_pk}")


@login_required
@require_POST
def change_lightbox(request: HttpRequest, pk: int) -> HttpResponse:
    """`action`: rename, empty, put back what was taken out, delete, or take back a deleted one."""
    user, action = cast(User, request.user), request.POST.get("action", "")
    own = get_object_or_404(Lightbox.objects.filter(owner=user), pk=pk)
    if action == "empty":
        count = lightboxes.take_out(own, own.items.all())
        messages.success(request, f"Emptied: {count} taken out. They can be put back.")
    elif action == "put-back":
        messages.success(request, f"Put back: {lightboxes.put_back(own)}.")
    elif action == "delete":
        lightboxes.delete(own)
        messages.success(request, f"{own} was deleted. It can be taken back below.")
        return redirect("lightboxes")
    elif action == "restore":
        return _restored(request, own)
    elif not (form := LightboxForm(user, request.POST, instance=own)).is_valid():
        return _page(request, Lightbox.objects.get(pk=pk), form=form)
    else:
        form.save()
    return redirect(own)


def _restored(request: HttpRequest, own: Lightbox) -> HttpResponse:
    try:
        lightboxes.restore(own)
    except lightboxes.LightboxError as problem:
        messages.error(request, str(problem))
        return redirect("lightboxes")
    return redirect(own)


@login_required
@require_POST
def share_lightbox(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the lightbox to a teammate, or with `end` no longer."""
    user = cast(User, request.user)
    own = get_object_or_404(lightboxes.own_lightboxes(user), pk=pk)
    if ending := _number(request.POST.get("end", "")):
        own.readers.remove(ending)
        return redirect(own)
    form = ShareForm(user, request.POST)
    if not form.is_valid():
        return _page(request, own, share=form)
    own.readers.add(form.cleaned_data["email"])
    messages.success(
        request, f"{form.cleaned_data['email']} may look at it now, as far as they may see the assets."
    )
    return redirect(own)


@login_required
@require_POST
def into_collection(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a collection of the picks, in their order."""
    user = cast(User, request.user)
    own = get_object_or_404(lightboxes.own_lightboxes(user), pk=pk)
    form = IntoCollectionForm(user, request.POST)
    if not form.is_valid():
        return _page(request, own, into=form)
    collection, left_out = form.save_with(lightboxes.contents(user, own).items, user)
    if left_out:
        messages.info(request, f"Left out: {left_out} of another library, or not yours to put anywhere.")
    return redirect("collection", collection.pk)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
