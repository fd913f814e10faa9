"""The bar in which assets are chosen, and the jobs that are at work, on pages of other rooms."""

from __future__ import annotations

from typing import Any

from django import template

from dam.bulk.jobs import visible_jobs
from dam.bulk.models import BUSY, BulkJob
from dam.sharing.access import libraries_for
from dam.sharing.models import Role

register = template.Library()

SHOWN = 5


@register.inclusion_tag("bulk/bar.html", takes_context=True)
def bulk_bar(context: dict[str, Any], total: int | None = None) -> dict[str, Any]:
    """The bar for the page that is shown, empty for whoever may change nothing. `total` counts its assets."""
    request = context["request"]
    may = libraries_for(request.user, Role.ARCHIVIST).exists()
    return {"may": may, "address": request.get_full_path(), "total": total, "request": request}


@register.inclusion_tag("bulk/jobs_panel.html", takes_context=True)
def bulk_jobs(context: dict[str, Any]) -> dict[str, Any]:
    """The reader's jobs that are at work or stand still; two queries."""
    open_states = (*BUSY, BulkJob.State.PAUSED, BulkJob.State.READY)
    shown = visible_jobs(context["request"].user).filter(state__in=open_states)
    return {"jobs": list(shown.select_related("owner")[:SHOWN])}
