"""The transcript editor: its page, and what happens when a segment, a speaker or the state is changed."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from dam.assets import turns_answers, turns_state
from dam.assets.corrections import is_correction, undo
from dam.assets.models import Asset
from dam.assets.replacing import HOLDING, OutdatedError, of_the_same_edit, restore
from dam.assets.turns_edits import EditError
from dam.assets.turns_form import Done, TurnForm
from dam.assets.turns_speakers import SpeakerError, call
from dam.assets.turns_window import standing_at
from dam.sharing.access import get_asset_for
from dam.sharing.models import Role, User
from indexing.models import Annotation


@login_required
@require_safe
def editor(request: HttpRequest, pk: int) -> HttpResponse:
    """The segments from ?t=SECONDS on, or beside the cursor in ?at=, each to be corrected in its place."""
    return turns_answers.page(request, _spoken(request, pk))


@login_required
@require_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Save, split, join, give or take away a segment. htmx gets the segments that stand there afterwards."""
    fact, user = _fact(request, pk, "speech"), cast(User, request.user)
    form, typed = TurnForm(request.POST), request.POST.get("text", "")
    try:
        done = form.apply(fact, user)
    except EditError as problem:
        return turns_answers.again(request, fact, typed, str(problem))
    except OutdatedError as problem:
        return turns_answers.conflict(request, fact, typed, str(problem))
    turns_state.begin(fact.asset, user)
    return turns_answers.answer(request, fact, done)


@login_required
@require_POST
def undo_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the edit that wrote a segment, or gave it to a speaker; or bring back what was taken away."""
    fact, user = _fact(request, pk, "speech", "turn"), cast(User, request.user)
    beside = of_the_same_edit(fact)
    try:
        if fact.status not in HOLDING:
            done = Done("It is back.", [restore(fact, user)])
        elif is_correction(fact):
            gone = tuple(each.pk for each in beside if each.pk != fact.pk and each.kind == "speech")
            before = undo(fact, user) or standing_at(fact.asset, fact.start or 0.0, fact.end or 0.0)
            done = Done("The change is taken back.", before, gone)
        else:
            raise Http404("Nothing was changed here.")
    except OutdatedError as problem:
        return turns_answers.conflict(request, fact, "", str(problem))
    return turns_answers.answer(request, fact, done if fact.kind == "speech" else _given(request, fact))


@login_required
@require_POST
def call_speaker(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Call a speaker by a label throughout this recording, without recognising anybody."""
    asset, label = _spoken(request, pk), request.POST.get("label", "")
    try:
        call(asset, number, label, request.POST.get("before", ""), cast(User, request.user))
    except (SpeakerError, OutdatedError) as problem:
        refused = {"number": number, "typed": label, "said": str(problem)}
        return turns_answers.page(request, asset, label=refused)
    messages.success(request, "The speaker is called so throughout this recording.")
    return redirect(turns_answers.address(asset))


@login_required
@require_POST
def set_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how far people have come with the transcript."""
    asset, before = _spoken(request, pk), request.POST.get("before", "")
    seen = int(before) if before.isdecimal() and len(before) < 19 else None
    try:
        turns_state.set_state(asset, request.POST.get("state", ""), cast(User, request.user), seen)
        messages.success(request, "Written down.")
    except (OutdatedError, ValueError) as problem:
        messages.error(request, str(problem))
    return redirect(turns_answers.address(asset))


def _spoken(request: HttpRequest, pk: int) -> Asset:
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    if asset.kind == "image":
        raise Http404("Nobody speaks in a picture.")
    prefetch_related_objects([asset], "renditions")
    return asset


def _fact(request: HttpRequest, pk: int, *kinds: str) -> Annotation:
    assets = Asset.objects.reachable_by(request.user, Role.ARCHIVIST)
    facts = Annotation.objects.filter(asset__in=assets, kind__in=kinds, start__isnull=False)
    found = facts.select_related("asset").filter(pk=pk).first()
    if found is None:
        raise Http404("No such words.")
    return found


def _given(request: HttpRequest, turn: Annotation) -> Done:
    """The segment that was given to a speaker, as the form that takes it back names it."""
    named = request.POST.get("segment", "")
    segments = turn.asset.annotations.filter(kind="speech", status__in=HOLDING).select_related("asset")
    found = segments.filter(pk=named) if named.isdecimal() and len(named) < 19 else segments.none()
    return Done("The change is taken back.", list(found))
