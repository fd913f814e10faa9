"""Pages of faces: their pictures, who they are, and the basis on which nameless ones are kept."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from dam.assets.serving import Served, serve
from dam.people import gallery, recognition
from dam.people.biometrics import VOICE
from dam.people.crops import NoCropError, crop
from dam.people.forms import NameForm, RecognitionForm
from dam.people.models import Consent, Person
from dam.people.scopes import boxes_for, groups_for, keepable_people_for, receipts_for
from dam.people.withdrawal import end_basis
from dam.sharing.access import get_asset_for
from dam.sharing.models import Role, User
from dam.sharing.scopes import whole_libraries_for
from indexing.models import Annotation


@login_required
@require_safe
def face_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The face, cut from a rendition. Browsers ask again each time whether they may still show it."""
    fact = get_object_or_404(boxes_for(request.user).select_related("asset"), pk=pk)
    etag = quote_etag(f"{fact.pk}-{fact.x}-{fact.y}-{fact.w}-{fact.h}-{fact.asset.rendered_at}")
    response = get_conditional_response(request, etag=etag)
    try:
        response = response or HttpResponse(crop(fact), content_type="image/webp")
    except NoCropError as error:
        raise Http404(str(error)) from error
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    return response


@login_required
@require_safe
def asset_faces(request: HttpRequest, pk: int) -> HttpResponse:
    """Every face of an asset and who it is, for those who may say so."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    return render(request, "people/faces.html", {"asset": asset, "boxes": gallery.boxes(asset)})


@login_required
def name_face(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who a face is; with consent that is recorded, or recorded here."""
    faces = boxes_for(request.user, Role.ARCHIVIST).filter(kind="face").select_related("asset__library")
    face = get_object_or_404(faces, pk=pk)
    form = NameForm(cast(User, request.user), face, request.POST or None)
    if request.method == "POST" and form.is_valid():
        name_all(request, [face], form.save())
        return redirect("asset-faces", face.asset_id)
    return render(request, "people/name.html", {"face": face, "form": form})


@login_required
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """The nameless faces, or voices, of a group; those that are ticked are given one name."""
    shown = get_object_or_404(groups_for(request.user), pk=pk)
    faces = gallery.nameless(shown)
    form = NameForm(cast(User, request.user), faces[0], request.POST or None)
    ticked = [face for face in faces if str(face.pk) in request.POST.getlist("faces")]
    if request.method == "POST" and form.is_valid() and ticked:
        named = form.save()
        name_all(request, ticked, named)
        return redirect(named)
    return render(request, "people/group.html", {"group": shown, "faces": faces, "form": form})


def name_all(request: HttpRequest, found: list[Annotation], person: Person) -> None:
    """Give faces, or voices, one name, and tell the reader what came of it."""
    try:
        for each in found:
            name = recognition.name_voice if each.kind == VOICE else recognition.name_face
            name(each, person, cast(User, request.user))
        messages.success(request, f"{person} was named. Other files are looked at again.")
    except recognition.ConsentMissingError as problem:
        messages.error(request, str(problem))


@login_required
@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """What was erased, how much of it, when and why."""
    shown = get_object_or_404(
        receipts_for(request.user).select_related("person", "library", "made_by"), pk=pk
    )
    return render(request, "people/receipt.html", {"receipt": shown})


@login_required
@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The signed form of a consent, to be downloaded by those who keep it."""
    kept = Consent.objects.filter(person__in=keepable_people_for(request.user)).exclude(evidence_file="")
    consent = get_object_or_404(kept, pk=pk)
    file = consent.evidence_file
    name = PurePosixPath(str(file.name)).name
    served = Served(file, name, "application/octet-stream", file.size, f"evidence-{pk}", download=True)
    return serve(request, served)


@login_required
def library_recognition(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare, or end, the basis on which a library keeps faces or voices of people without a name."""
    library = get_object_or_404(whole_libraries_for(request.user, Role.ADMINISTRATOR), pk=pk)
    if request.method == "POST" and request.POST.get("action") == "end":
        return redirect("receipt", end_basis(library, cast(User, request.user)).pk)
    form = RecognitionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.instance.library, form.instance.recorded_by = library, request.user
        recognition.declare(form.save())
        messages.success(request, "Declared. Files are looked at again, to keep and group who is in them.")
        return redirect("people")
    context = {"library": library, "form": form, "bases": library.recognition.all()}
    return render(request, "people/recognition.html", context)
