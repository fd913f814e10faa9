"""Pages of work: what is being brought in, how far the analysis has come, and what can analyse."""

from __future__ import annotations

from collections import Counter, defaultdict

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Case, Count, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from dam.assets import jobs as ingest_jobs
from dam.assets.models import IngestItem, IngestJob
from dam.collections.models import Library
from dam.pages import render_page
from dam.sharing.access import get_asset_for, libraries_for
from dam.sharing.models import Role
from dam.sharing.scopes import items_for, jobs_for, whole_libraries_for
from indexing import progress, tasks, weights
from indexing.analysers import registry

JOBS_SHOWN = 30
ITEMS_A_PAGE = 200


@login_required
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Ingest jobs and the progress of every library; htmx asks for the part that changes."""
    shown = list(jobs_for(request.user).select_related("library", "created_by")[:JOBS_SHOWN])
    counts = _counts(shown)
    pausable = set(whole_libraries_for(request.user, Role.ARCHIVIST).values_list("pk", flat=True))
    libraries = [
        {"library": each, "progress": progress.library_progress(each), "may_steer": each.pk in pausable}
        for each in whole_libraries_for(request.user).order_by("name")
    ]
    context = {
        "jobs": [(job, counts[job.pk]) for job in shown],
        "libraries": libraries,
        "busy": _busy(shown, counts, libraries),
    }
    return render_page(request, "indexing/jobs.html", "work", context)


def _counts(jobs: list[IngestJob]) -> dict[int, Counter[str]]:
    """How many files of each job stand in each state. One query."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    rows = IngestItem.objects.filter(job__in=jobs).values_list("job", "state").annotate(Count("pk"))
    for job, state, count in rows:
        counts[job][state] = count
    return counts


def _busy(jobs: list[IngestJob], counts: dict[int, Counter[str]], libraries: list[dict]) -> bool:
    ingesting = any(job.state == IngestJob.State.RUNNING and counts[job.pk]["waiting"] for job in jobs)
    analysing = any(
        not row.finished
        for each in libraries
        if not each["library"].indexing_paused
        for row in each["progress"]
    )
    return ingesting or analysing


@login_required
@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One ingest job: counts, and its files with what became of each, refused ones first."""
    shown = get_object_or_404(
        jobs_for(request.user).select_related("library", "collection", "created_by"), pk=pk
    )
    state = request.GET.get("state", "")
    items = items_for(request.user, shown).select_related("asset")
    if state in IngestItem.State.values:
        items = items.filter(state=state)
    counts = Counter(shown.counts())
    context = {
        "job": shown,
        "counts": counts,
        "states": [(each, counts[each]) for each in IngestItem.State.values],
        "state": state,
        "items": Paginator(_refused_first(items), ITEMS_A_PAGE).get_page(request.GET.get("page")),
        "may_steer": libraries_for(request.user, Role.CONTRIBUTOR).filter(pk=shown.library_id).exists(),
        "busy": shown.state == IngestJob.State.RUNNING and counts["waiting"] > 0,
    }
    return render_page(request, "indexing/job.html", "files", context)


def _refused_first(items: QuerySet[IngestItem]) -> QuerySet[IngestItem]:
    refused = When(state=IngestItem.State.REFUSED, then=0)
    return items.order_by(Case(refused, default=1), "pk")


@login_required
@require_POST
def steer_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause an ingest job, go on with it, or try its refused files once more."""
    contributed = libraries_for(request.user, Role.CONTRIBUTOR)
    shown = get_object_or_404(jobs_for(request.user).filter(library__in=contributed), pk=pk)
    match request.POST.get("action"):
        case "pause":
            ingest_jobs.pause(shown)
        case "resume":
            ingest_jobs.unpause(shown)
        case "retry":
            messages.success(request, f"{ingest_jobs.retry_refused(shown)} files will be tried again.")
    return redirect("job", pk)


@login_required
@require_POST
def steer(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause the analysis of a library, resume it, or try everything that failed once more."""
    library = get_object_or_404(whole_libraries_for(request.user, Role.ARCHIVIST), pk=pk)
    match request.POST.get("action"):
        case "pause" | "resume" as action:
            Library.objects.filter(pk=pk).update(indexing_paused=action == "pause")
            if action == "resume":
                tasks.plan.delay()
        case "retry":
            messages.success(
                request, f"{progress.retry_failed(library)} failed analyses will be tried again."
            )
    return redirect("jobs")


@login_required
@require_POST
def retry_asset(request: HttpRequest, pk: int) -> HttpResponse:
    """Try the failed analyses of one asset once more."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    messages.success(request, f"{progress.retry_failed(asset)} failed analyses will be tried again.")
    return redirect(asset)


@login_required
@require_safe
def models(request: HttpRequest) -> HttpResponse:
    """What can analyse, what rests and why, and the licence of every model."""
    resting = {analyser.name: reason for analyser, reason in registry.disabled()}
    context = {
        "analysers": [(analyser, resting.get(analyser.name, "")) for analyser in registry.all()],
        "problems": registry.problems(),
        "weights": weights.status(),
    }
    return render(request, "indexing/models.html", context)
