"""The transcript of a recording: to read, to print, to link to, and to correct."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dam.assets import corrections
from dam.assets.correction_form import CorrectionForm
from dam.assets.models import Asset
from dam.assets.replacing import OutdatedError
from dam.assets.views import second
from dam.export.paragraphs import parts_of
from dam.export.record import record_of
from dam.sharing.access import get_asset_for, may_edit
from dam.sharing.models import Role, User
from indexing.models import Annotation

FORMATS = (("webvtt", "WebVTT"), ("srt", "SRT"), ("text", "Text"))
"""The formats in which a transcript is taken along, and what people call them."""


@login_required
@require_safe
def transcript(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is said, at ?t=SECONDS; ?edit=FACT asks an archivist for what was really said there, and
    ?language= shows a translation."""
    shown = get_asset_for(request.user, pk)
    if shown.kind == "image":
        raise Http404("Nobody speaks in a picture.")
    prefetch_related_objects([shown], "renditions")
    language = request.GET.get("language", "")
    record = record_of(shown, language)
    can_edit = may_edit(request.user, pk)
    editing = corrections.correctable(shown, request.GET.get("edit", "")) if can_edit else None
    context = {
        "asset": shown,
        "record": record,
        "formats": FORMATS,
        "parts": parts_of(record.speech, record.chapters),
        "checked": sum(segment.accepted for segment in record.speech),
        "language": language,
        "second": second(request.GET.get("t", "")),
        "can_edit": can_edit,
        "editing": editing,
        "form": CorrectionForm(initial={"text": editing.text}) if editing else None,
        "can_undo": editing is not None and corrections.is_correction(editing),
    }
    return render(request, "assets/transcript_page.html", context)


@login_required
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was really said."""
    fact = _correctable(request, pk)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["text"])))
        return redirect(_page(fact, f"&edit={fact.pk}"))
    try:
        made = corrections.correct(fact, form.cleaned_data["text"], cast(User, request.user))
    except OutdatedError as problem:
        messages.error(request, str(problem))
        return redirect(_page(fact))
    messages.success(request, "Corrected." if made.pk != fact.pk else "Accepted as it stands.")
    return redirect(_page(made))


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a correction back."""
    fact = _correctable(request, pk)
    if not corrections.is_correction(fact):
        raise Http404("This is not a correction.")
    try:
        before = corrections.undo(fact, cast(User, request.user))
    except OutdatedError as problem:
        messages.error(request, str(problem))
        return redirect(_page(fact))
    messages.success(request, "The correction is taken back.")
    return redirect(_page(before[0] if before else fact))


def _correctable(request: HttpRequest, pk: int) -> Annotation:
    assets = Asset.objects.reachable_by(request.user, Role.ARCHIVIST)
    facts = Annotation.objects.filter(asset__in=assets, kind__in=corrections.CORRECTABLE, start__isnull=False)
    fact = facts.filter(pk=pk).first()
    if fact is None:
        raise Http404("No such words.")
    return fact


def _page(fact: Annotation, rest: str = "") -> str:
    """The transcript's address at those words."""
    language = f"&language={fact.language}" if fact.kind == "translation" else ""
    query = f"{language}{rest}".replace("&", "?", 1)
    return f"{reverse('transcript', args=[fact.asset_id])}{query}#s{fact.pk}"
