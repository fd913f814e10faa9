"""Pages on which many assets are chosen and changed, and the jobs that change them are followed."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from dam.assets.grid import grid_page
from dam.bulk import jobs, report, selecting
from dam.bulk.forms import EditForm, initial
from dam.bulk.models import BulkItem, BulkJob, Selection
from dam.bulk.selecting import SelectionError
from dam.bulk.wishes import stored
from dam.pages import render_page
from dam.sharing.models import User

JOBS_A_PAGE = 50
ITEMS_A_PAGE = 100
SAMPLE = 20
TILES = 120


@login_required
@require_safe
def bulk(request: HttpRequest) -> HttpResponse:
    """The reader's jobs, and those of the libraries that they administer."""
    user = cast(User, request.user)
    shown = jobs.visible_jobs(user).select_related("owner", "library", "undoes")
    page = Paginator(shown, JOBS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "bulk/list.html", {"jobs": page})


@login_required
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The assets of the address ?from=, each with a box to be ticked."""
    address = request.GET.get("from", "")
    chosen = Selection(owner=cast(User, request.user), address=address or "/")
    try:
        page = grid_page(selecting.assets_of(chosen), request.GET.get("after", ""), TILES)
    except SelectionError as error:
        messages.error(request, str(error))
        return redirect("library")
    context = {"page": page, "address": chosen.address, "most": selecting.MOST_IDS}
    return render_page(request, "bulk/choose.html", "tiles", context)


@login_required
@require_POST
def select(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen: the assets that are ticked, or everything that the address shows."""
    ids = request.POST.getlist("asset") if "all" not in request.POST else []
    address = request.POST.get("address", "") if "all" in request.POST else ""
    listed = [each for text in ids for each in text.split(",")]
    try:
        return redirect(selecting.choose(cast(User, request.user), listed, address))
    except SelectionError as error:
        messages.error(request, str(error))
        return redirect("library")


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to become of the chosen assets. It is looked at before anything is changed."""
    selection = get_object_or_404(Selection.objects.filter(owner=request.user.pk), pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = EditForm(selection.owner, posted, initial=_earlier(request))
    try:
        if request.method == "POST" and form.is_valid():
            return redirect(jobs.edit(selection, form.wishes))
        chosen = selecting.assets_of(selection)
    except SelectionError as error:
        messages.error(request, str(error))
        return redirect("library")
    context = {"form": form, "selection": selection, "total": chosen.count()}
    return render(request, "bulk/edit.html", context)


def _earlier(request: HttpRequest) -> dict[str, Any]:
    """What a job of ?job= wishes for, to be wished for with changes."""
    asked = request.GET.get("job", "")
    own = BulkJob.objects.filter(owner=request.user.pk, kind=BulkJob.Kind.EDIT)
    found = own.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
    return initial(stored(found.wishes)) if found else {}


@login_required
@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job: what would change or has changed, and why some of it cannot; htmx asks for its progress."""
    user = cast(User, request.user)
    shown = _job(request, pk)
    state = request.GET.get("state", "")
    items = shown.items.all()
    if state in BulkItem.State.values:
        items = items.filter(state=state)
    elif shown.state == BulkJob.State.READY and shown.changed:
        items = items.filter(state=BulkItem.State.WILL_CHANGE)
    size = SAMPLE if shown.state == BulkJob.State.READY and not state else ITEMS_A_PAGE
    page = Paginator(items, size).get_page(request.GET.get("page"))
    context = {
        "job": shown,
        "page": page,
        "items": [(item, report.told(item)) for item in report.open_items(user, list(page))],
        "state": state,
        "reasons": report.reasons(shown) if not shown.busy else [],
        "own": shown.owner_id == user.pk,
        "undone": jobs.undone(shown).first(),
        "can_undo": jobs.can_undo(shown),
    }
    return render_page(request, "bulk/job.html", "work", context)


@login_required
@require_POST
def steer(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply a job, pause it, go on, take it back, or forget it before it is applied."""
    user, shown = cast(User, request.user), _job(request, pk)
    try:
        match request.POST.get("action"):
            case "apply" if shown.owner_id == user.pk:
                jobs.apply(shown)
            case "pause":
                jobs.pause(shown)
            case "resume":
                jobs.resume(shown)
            case "undo":
                return redirect(jobs.undo(shown, user))
            case "drop":
                jobs.drop(shown)
                messages.success(request, "Forgotten. Nothing was changed.")
                return redirect("bulk")
            case _:
                raise Http404("There is nothing of that name to be done with a job.")
    except jobs.StateError as error:
        messages.error(request, str(error))
    return redirect("bulk-job", pk)


@login_required
@require_safe
def download(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """What would become or became of every item, as CSV."""
    shown = _job(request, pk)
    response = StreamingHttpResponse(report.lines(shown, cast(User, request.user)), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="job-{shown.pk}.csv"'
    return response


def _job(request: HttpRequest, pk: int) -> BulkJob:
    found = jobs.visible_jobs(cast(User, request.user)).select_related(
        "owner", "library", "undoes", "selection"
    )
    return get_object_or_404(found, pk=pk)
