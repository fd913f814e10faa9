"""The desk of exhibitions: the list, and the editor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dam.collections import exhibitions
from dam.collections.editor import Editor
from dam.collections.exhibition_forms import (
    AddMomentForm,
    ExhibitionForm,
    MomentForm,
    NewExhibitionForm,
    SectionForm,
)
from dam.collections.models import Exhibition, ExhibitionMoment, ExhibitionSection, Library
from dam.collections.sequence import step
from dam.sharing.models import Role, User
from dam.sharing.scopes import exhibitions_for, whole_libraries_for


@login_required
def exhibition_list(request: HttpRequest) -> HttpResponse:
    """The exhibitions that the reader may edit, and the form for a new one."""
    user = cast(User, request.user)
    form = NewExhibitionForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("edit-exhibition", form.save().pk)
    archived = whole_libraries_for(user, Role.ARCHIVIST)
    context = {
        "exhibitions": exhibitions_for(user).select_related("library"),
        "deleted": Exhibition.objects.filter(library__in=archived).exclude(deleted_at=None),
        "administered": whole_libraries_for(user, Role.ADMINISTRATOR).order_by("name"),
        "may_make": archived.exists(),
        "form": form,
    }
    return render(request, "collections/exhibitions.html", context)


@login_required
def edit_exhibition(request: HttpRequest, pk: int) -> HttpResponse:
    """Title, introduction, sections and moments of an exhibition."""
    shown = _editable(request, pk)
    form = ExhibitionForm(request.POST or None, instance=shown)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("edit-exhibition", pk)
    return _page(request, pk, form=form)


@login_required
@require_POST
def exhibition_state(request: HttpRequest, pk: int) -> HttpResponse:
    """`action`: publish, withdraw, delete, or restore a deleted one."""
    action = request.POST.get("action", "")
    if action == "restore":
        archived = whole_libraries_for(request.user, Role.ARCHIVIST)
        deleted = Exhibition.objects.filter(library__in=archived).exclude(deleted_at=None)
        get_object_or_404(deleted, pk=pk)
        Exhibition.objects.filter(pk=pk).update(deleted_at=None)
        return redirect("edit-exhibition", pk)
    shown = _editable(request, pk)
    if action == "delete":
        exhibitions.delete(shown)
        messages.success(request, f"{shown} was deleted. It can be taken back below.")
        return redirect("exhibitions")
    try:
        if action == "publish":
            exhibitions.publish(shown)
            messages.success(request, "It is open to everyone now.")
        elif action == "withdraw":
            exhibitions.withdraw(shown)
            messages.success(request, "It is closed now. Archivists still see it.")
    except exhibitions.ExhibitionError as problem:
        messages.error(request, f"Not published. {problem}")
    return redirect("edit-exhibition", pk)


@login_required
@require_POST
def add_section(request: HttpRequest, pk: int) -> HttpResponse:
    """An empty section at the end."""
    shown = _editable(request, pk)
    made = ExhibitionSection.objects.create(exhibition=shown, position=shown.sections.count() + 1)
    return _back(pk, f"section-{made.pk}")


@login_required
@require_POST
def change_section(request: HttpRequest, pk: int, section_pk: int) -> HttpResponse:
    """`action`: save its text, move it up or down, take it out, or put it back."""
    section = get_object_or_404(_editable(request, pk).sections, pk=section_pk)
    standing = ExhibitionSection.objects.filter(exhibition=pk, taken_out_at=None)
    form = SectionForm(
        _sent(request, f"section-{section_pk}"), instance=section, prefix=f"section-{section_pk}"
    )
    return _changed(request, pk, form, list(standing))


@login_required
@require_POST
def add_moments(request: HttpRequest, pk: int, section_pk: int) -> HttpResponse:
    """Put a moment, or all picks of a lightbox, at the end of a section."""
    shown = _editable(request, pk)
    section = get_object_or_404(shown.sections.select_related("exhibition"), pk=section_pk)
    form = AddMomentForm(cast(User, request.user), shown.library, request.POST, prefix=f"add-{section_pk}")
    if form.is_valid():
        try:
            messages.success(request, f"Added: {exhibitions.add_moments(section, form.places())}.")
            return _back(pk, f"section-{section_pk}")
        except exhibitions.ExhibitionError as problem:
            form.add_error(None, str(problem))
    return _page(request, pk, adding=form)


@login_required
@require_POST
def change_moment(request: HttpRequest, pk: int, moment_pk: int) -> HttpResponse:
    """`action`: save what is said of it, move it up or down, take it out, or put it back."""
    found = ExhibitionMoment.objects.filter(section__exhibition=_editable(request, pk))
    moment = get_object_or_404(found.select_related("asset"), pk=moment_pk)
    standing = ExhibitionMoment.objects.filter(section=moment.section_id, taken_out_at=None)
    form = MomentForm(_sent(request, f"moment-{moment_pk}"), instance=moment, prefix=f"moment-{moment_pk}")
    return _changed(request, pk, form, list(standing))


@login_required
@require_POST
def public_pages(request: HttpRequest, pk: int) -> HttpResponse:
    """Allow a library to have public pages, or no longer. Without them all of its exhibitions are closed."""
    library = get_object_or_404(whole_libraries_for(request.user, Role.ADMINISTRATOR), pk=pk)
    allowed = request.POST.get("public") == "on"
    Library.objects.filter(pk=pk).update(public=allowed)
    messages.success(request, f"{library} {'may have' if allowed else 'has no'} public pages now.")
    return redirect("exhibitions")


def _editable(request: HttpRequest, pk: int) -> Exhibition:
    return get_object_or_404(exhibitions_for(request.user).select_related("library"), pk=pk)


def _sent(request: HttpRequest, prefix: str) -> QueryDict | None:
    """What was sent, where the fields of that form are in it."""
    return request.POST if f"{prefix}-revision" in request.POST else None


def _changed(
    request: HttpRequest, pk: int, form: SectionForm | MomentForm, rows: Sequence[Model]
) -> HttpResponse:
    """Save the text that was sent, and do with the row of the form what the action says."""
    if form.is_bound:
        if not form.is_valid():
            return _page(request, pk, row=form)
        form.save()
    row, action = form.instance, request.POST.get("action", "")
    if action in ("up", "down"):
        step(rows, row, action)
    elif action in ("take-out", "put-back"):
        row.taken_out_at = timezone.now() if action == "take-out" else None
        row.save(update_fields=["taken_out_at"])
        messages.success(request, "Taken out. It can be put back below." if row.taken_out_at else "Put back.")
    else:
        messages.success(request, "Saved.")
    return _back(pk, str(form.prefix))


def _page(request: HttpRequest, pk: int, **forms: ModelForm | AddMomentForm) -> HttpResponse:
    """The editor, with those forms as they were sent where they could not be saved."""
    shown = _editable(request, pk)
    context = {"exhibition": shown, "editor": Editor(cast(User, request.user), shown, forms)}
    return render(request, "collections/exhibition_edit.html", context)


def _back(pk: int, anchor: str) -> HttpResponse:
    return redirect(f"{reverse('edit-exhibition', args=[pk])}#{anchor}")
