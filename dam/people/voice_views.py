"""Pages of voices: who speaks in a recording, and the names that archivists give."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from dam.people import recognition
from dam.people.face_views import name_all
from dam.people.forms import NameForm
from dam.people.scopes import voices_for
from dam.people.speakers import name_at
from dam.people.voice_gallery import speakers
from dam.sharing.access import get_asset_for
from dam.sharing.models import Role, User


@login_required
@require_safe
def asset_voices(request: HttpRequest, pk: int) -> HttpResponse:
    """Every speaker of a recording and who it is, for those who may say so."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    prefetch_related_objects([asset], "renditions")
    return render(request, "people/voices.html", {"asset": asset, "speakers": speakers(asset)})


@login_required
def name_voice(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who a speaker is; with consent that is recorded, or recorded here."""
    voice = get_object_or_404(voices_for(request.user, Role.ARCHIVIST), pk=pk)
    form = NameForm(cast(User, request.user), voice, request.POST or None)
    if request.method == "POST" and form.is_valid():
        name_all(request, [voice], form.save())
        return redirect("asset-voices", voice.asset_id)
    return render(request, "people/name_voice.html", {"voice": voice, "form": form})


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Unsay who a speaker is."""
    voice = get_object_or_404(voices_for(request.user, Role.ARCHIVIST), pk=pk)
    name = name_at(voice)
    if name:
        recognition.take_back(name.fact, cast(User, request.user))
        messages.success(request, f"Taken back: {name.text} is no longer said to speak there.")
    return redirect("asset-voices", voice.asset_id)
