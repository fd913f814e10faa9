"""Pages of SKOS files on their way into a vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dam.pages import render_page
from dam.sharing.models import Role, User
from dam.vocabularies import importing
from dam.vocabularies.forms import ImportForm
from dam.vocabularies.models import Import
from dam.vocabularies.planning import State
from dam.vocabularies.scopes import vocabularies_for

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

A_PAGE = 100
MOVING = {Import.State.READING, Import.State.APPLYING}


def imports_for(user: AnyUser) -> QuerySet[Import]:
    """Imports into vocabularies that the user may change."""
    return Import.objects.filter(vocabulary__in=vocabularies_for(user, Role.ARCHIVIST)).select_related(
        "vocabulary"
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a file; nothing is taken over before its plan was shown."""
    holder = get_object_or_404(vocabularies_for(request.user, Role.ARCHIVIST), pk=pk)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        return redirect(importing.begin(holder, cast(User, request.user), file.name, file.read()))
    return render(request, "vocabularies/new_import.html", {"vocabulary": holder, "form": form})


@login_required
@require_safe
def vocabulary_import(request: HttpRequest, pk: int) -> HttpResponse:
    """What an import would do, or did, concept by concept; with ?state= those of one state."""
    shown = get_object_or_404(imports_for(request.user).defer("file", "concepts"), pk=pk)
    chosen = request.GET.get("state", "")
    rows = [row for row in shown.report.get("rows", ()) if not chosen or row["state"] == chosen]
    counts = shown.report.get("counts", {})
    context = {
        "import": shown,
        "vocabulary": shown.vocabulary,
        "moving": shown.state in MOVING,
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "chosen": chosen,
        "counts": [(state, counts.get(state, 0)) for state in State],
        "fresh": counts.get(State.ADDED, 0) + counts.get(State.CHANGED, 0),
    }
    return render_page(request, "vocabularies/import.html", "progress", context)


@login_required
@require_POST
def confirm_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Take over what the plan shows."""
    shown = get_object_or_404(imports_for(request.user).defer("file", "concepts"), pk=pk)
    if not importing.confirm(shown):
        messages.error(request, "This import is not waiting to be taken over.")
    return redirect(shown)
