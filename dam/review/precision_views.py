"""The page of measured precision, and the override of a withheld label."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from dam.review import precision
from dam.review.measures import keep, measures_for
from dam.sharing.models import User

ROWS_A_PAGE = 100


@login_required
@require_safe
def measured(request: HttpRequest) -> HttpResponse:
    """Every label of the reader's libraries with its precision; ?withheld shows those held back alone."""
    rows = measures_for(request.user).select_related("library", "kept_by")
    restrained = "withheld" in request.GET
    if restrained:
        rows = rows.restraining() | rows.exclude(kept_at=None)
    ordered = rows.order_by(-(F("accepted") + F("rejected")), "kind", "label", "pk")
    context = {
        "page": Paginator(ordered, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "restrained": restrained,
        "target": precision.TARGET,
        "floor": precision.FLOOR,
        "fewest": precision.FEWEST,
    }
    return render(request, "review/precision.html", context)


@login_required
@require_POST
def keep_label(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a label whatever its precision, or leave it to its precision again."""
    measure = get_object_or_404(measures_for(request.user), pk=pk)
    kept = "keep" in request.POST
    keep(measure, cast(User, request.user), kept)
    name = measure.label or measure.kind
    messages.success(
        request, f"{name} is shown from now on." if kept else f"{name} follows its precision again."
    )
    return redirect("review-precision")
