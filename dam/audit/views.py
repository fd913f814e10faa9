"""Pages of the audit trail."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dam.audit.actions import ACTIONS
from dam.audit.exporting import FORMATS
from dam.audit.forms import TrailFilter
from dam.audit.recording import record
from dam.audit.scopes import entries_for, may_read
from dam.sharing.paging import page_before

ENTRIES_A_PAGE = 100
REFUSED = "Only administrators of a library read its audit trail."


@login_required
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """What was done, the latest first."""
    if not may_read(request.user):
        raise PermissionDenied(REFUSED)
    form = TrailFilter(request.user, request.GET)
    page = page_before(
        form.narrowed(entries_for(request.user)), request.GET.get("before", ""), ENTRIES_A_PAGE
    )
    entries = [(entry, ACTIONS.get(entry.action, entry.action)) for entry in page.rows]
    context = {"form": form, "entries": entries, "page": page, "chosen": form.chosen(), "formats": FORMATS}
    return render(request, "audit/audit.html", context)


@login_required
@require_safe
def export_audit(request: HttpRequest) -> StreamingHttpResponse:
    """The entries that the filters let through, as a file: ?format=csv or jsonl. Taking it is an act."""
    if not may_read(request.user):
        raise PermissionDenied(REFUSED)
    chosen = request.GET.get("format", "csv")
    if chosen not in FORMATS:
        raise Http404("The audit trail has no such format.")
    media_type, lines = FORMATS[chosen]
    form = TrailFilter(request.user, request.GET)
    entries = form.narrowed(entries_for(request.user))
    if request.method == "GET":
        filters = {name: str(value) for name, value in form.chosen().items()}
        record("audit.exported", library=form.chosen().get("library"), format=chosen, filters=filters)
    name = f"audit-{timezone.localdate():%Y-%m-%d}.{chosen}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(lines(entries), content_type=media_type, headers=headers)
