"""Pages of history: what changed, two versions side by side, and taking one of them back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from dam.describing.fields import FIELDS, differ, joined
from dam.describing.history import history_of, values_at
from dam.describing.saving import save
from dam.describing.tracked import TRACKED
from dam.sharing.access import get_asset_for
from dam.sharing.models import Role, User

TAKEN_BACK = "{} is again what it was. That is a change of its own: it can be taken back too."
INSTANT = timedelta(microseconds=1)


@login_required
@require_safe
def asset_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every change of an asset, newest first."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    changes, more = history_of(asset, _moment(request.GET.get("before")))
    context = {"row": asset, "changes": changes, "more": more, "restore": "restore-field", "compared": True}
    return render(request, "describing/history.html", context)


@login_required
@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """The fields of an asset at two moments, side by side."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    moments = sorted((_moment(request.GET.get("a")), _moment(request.GET.get("b"))))
    older, newer = (values_at(asset, moment) for moment in moments)
    rows = [
        (field, joined(name, older[name]), joined(name, newer[name]), differ(older[name], newer[name]))
        for name, field in FIELDS.items()
    ]
    context = {"asset": asset, "rows": rows, "older": moments[0], "newer": moments[1]}
    return render(request, "describing/compare.html", context)


@login_required
@require_POST
def restore_field(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a field the value that it had just before a moment, or at it where `at` says so."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    name = request.POST.get("name", "")
    if name not in FIELDS:
        raise Http404("No such field.")
    at = _moment(request.POST.get("at")) if "at" in request.POST else _before(request)
    try:
        save(asset, cast(User, request.user), {name: values_at(asset, at)[name]})
        messages.success(request, TAKEN_BACK.format(FIELDS[name].label))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("asset-history", pk)


@login_required
@require_safe
def row_history(request: HttpRequest, pk: int, sort: str) -> HttpResponse:
    """Every change of a collection or a person, newest first."""
    row = get_object_or_404(TRACKED[sort].reach(request.user), pk=pk)
    changes, more = TRACKED[sort].history(row, _moment(request.GET.get("before")))
    context = {"row": row, "changes": changes, "more": more, "restore": f"restore-{sort}", "sort": sort}
    return render(request, "describing/history.html", context)


@login_required
@require_POST
def restore_row(request: HttpRequest, pk: int, sort: str) -> HttpResponse:
    """Give a column of a collection or a person the value that it had before a change."""
    row = get_object_or_404(TRACKED[sort].reach(request.user), pk=pk)
    version = request.POST.get("version", "")
    try:
        number = int(version) if version.isdecimal() and len(version) < 10 else 0
        label = TRACKED[sort].restore(row, request.POST.get("name", ""), number)
        messages.success(request, TAKEN_BACK.format(label))
    except KeyError as error:
        raise Http404("No such version.") from error
    except ValueError as error:
        messages.error(request, str(error))
    return redirect(f"{sort}-history", pk)


def _before(request: HttpRequest) -> datetime:
    return _moment(request.POST.get("before")) - INSTANT


def _moment(text: str | None) -> datetime:
    """The moment that an address names, now where it names none. Raises Http404 for what is no moment."""
    if not text:
        return timezone.now()
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        raise Http404("This is no moment.")
    return moment
