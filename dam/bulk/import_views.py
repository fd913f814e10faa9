"""Pages of an import: the upload, and the matching of columns."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from dam.bulk import importing, reading
from dam.bulk.files import Layout
from dam.bulk.import_forms import LayoutForm, MatchForm, UploadForm
from dam.bulk.jobs import StateError, visible_jobs
from dam.bulk.models import BulkJob
from dam.sharing.models import User


@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file of descriptions, and the library in which it describes assets."""
    user = cast(User, request.user)
    form = UploadForm(user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        job = importing.start(user, form.cleaned_data["library"], form.cleaned_data["file"])
        return redirect("bulk-match", job.pk)
    return render(request, "bulk/upload.html", {"form": form})


@login_required
def match(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what each column means. ?encoding= and ?delimiter= have the file read in another way."""
    own = visible_jobs(cast(User, request.user)).filter(owner=request.user.pk, kind=BulkJob.Kind.IMPORT)
    job = get_object_or_404(own.select_related("owner", "library"), pk=pk)
    if job.state not in importing.OPEN:
        return redirect("bulk-job", pk)
    read_as = _layout(request, job)
    seen = importing.preview(job, read_as)
    form = MatchForm(seen.headers, request.POST or None, initial=importing.chosen(job, seen.headers))
    if request.method == "POST" and not seen.problem and form.is_valid():
        try:
            importing.match(job, read_as, seen.headers, form.options())
        except StateError as error:
            messages.error(request, str(error))
        return redirect(job)
    layout = LayoutForm(initial={"encoding": read_as.encoding, "delimiter": read_as.delimiter})
    context = {"job": job, "form": form, "layout": layout, "seen": seen, "read_as": read_as}
    context["columns"] = zip(form.columns(), seen.samples, strict=False) if seen.samples else ()
    return render(request, "bulk/match.html", context)


def _layout(request: HttpRequest, job: BulkJob) -> Layout:
    """How the page asks for the file to be read, as far as it is known."""
    asked = LayoutForm(request.POST if request.method == "POST" else request.GET)
    if asked.is_valid():
        return Layout(asked.cleaned_data["encoding"], asked.cleaned_data["delimiter"])
    return reading.layout_of(job)
