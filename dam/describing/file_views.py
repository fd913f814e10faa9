"""The files of an asset: the present one, the earlier ones, and putting another in their place."""

from __future__ import annotations

from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dam.assets.models import Asset
from dam.assets.refusals import Refused
from dam.assets.serving import Served, serve
from dam.describing import replacing
from dam.describing.replacing import DuplicateError
from dam.sharing.access import get_asset_for
from dam.sharing.models import Role, User

REPLACED = "The file is replaced. Its pictures are made anew, and it is looked at and listened to again."


class ReplaceForm(forms.Form):
    """The file that takes the place of the present one."""

    file = forms.FileField(label="The new file", max_length=1000)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            most = filesizeformat(settings.UPLOAD_MAX_BYTES)
            raise ValidationError(f"This file is larger than {most}, the most that is taken in.")
        return file


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """The files of an asset, and the form that replaces the present one."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    form = ReplaceForm(request.POST or None, request.FILES or None)
    known = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            replacing.replace(asset, file, file.name, cast(User, request.user))
            messages.success(request, REPLACED)
            return redirect("replace-file", pk)
        except Refused as refusal:
            form.add_error("file", str(refusal))
            known = _visible(request, refusal)
    versions = asset.versions.select_related("replaced_by")
    context = {"asset": asset, "form": form, "known": known, "versions": versions}
    return render(request, "describing/replace.html", context)


def _visible(request: HttpRequest, refusal: Refused) -> Asset | None:
    """The asset that holds the file already, where the reader may see it."""
    if not isinstance(refusal, DuplicateError):
        return None
    return Asset.objects.visible_to(request.user).filter(pk=refusal.known.pk).first()


@login_required
@require_safe
def version(request: HttpRequest, pk: int, version_pk: int) -> HttpResponseBase:
    """An earlier file, to be downloaded."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    kept = get_object_or_404(asset.versions, pk=version_pk)
    return serve(
        request,
        Served(kept.original, kept.original_name, kept.media_type, kept.size, kept.sha256, download=True),
    )


@login_required
@require_POST
def restore(request: HttpRequest, pk: int, version_pk: int) -> HttpResponse:
    """Put an earlier file back in its place."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    kept = get_object_or_404(asset.versions, pk=version_pk)
    try:
        replacing.restore(asset, kept, cast(User, request.user))
        messages.success(request, f"{kept.original_name} is the file again. The one before it is kept.")
    except (Refused, FileNotFoundError) as problem:
        reason = str(problem) if isinstance(problem, Refused) else "The stored file is missing."
        messages.error(request, reason)
    return redirect("replace-file", pk)
