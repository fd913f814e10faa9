"""Pages of terms."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dam.sharing.models import Role, User
from dam.vocabularies import changes, hierarchy, tree, usage
from dam.vocabularies.changes import ChangeError
from dam.vocabularies.models import Change, Term, Vocabulary
from dam.vocabularies.scopes import terms_for, vocabularies_for
from dam.vocabularies.term_forms import MergeForm, TermForm, shown_names

EITHER = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def term(request: HttpRequest, pk: int) -> HttpResponse:
    """What a term is called, where it stands, and how much is tagged with it."""
    shown = get_object_or_404(terms_for(request.user), pk=pk)
    narrower = list(tree.below(shown)[: tree.MOST_BELOW])
    itself, *rest = tree.rows(request.user, shown.vocabulary, [_annotated(shown, narrower), *narrower])
    context = {
        "term": shown,
        "vocabulary": shown.vocabulary,
        "row": itself,
        "own": usage.own_count(request.user, shown),
        "path": hierarchy.paths([pk])[pk][:-1],
        "labels": shown.labels.order_by("-kind", "language", "text"),
        "broader": shown.broader.order_by("name"),
        "rows": rest,
        "related": shown.related.order_by("name"),
        "can_edit": terms_for(request.user, Role.ARCHIVIST).filter(pk=pk).exists(),
    }
    return render(request, "vocabularies/term.html", context)


def _annotated(shown: Term, narrower: list[Term]) -> Term:
    shown.has_narrower = bool(narrower)  # type: ignore[attr-defined]
    return shown


@login_required
@require_safe
def branch(request: HttpRequest, pk: int) -> HttpResponse:
    """The terms just below one, as a part of the tree."""
    shown = get_object_or_404(terms_for(request.user), pk=pk)
    found = list(tree.below(shown)[: tree.MOST_BELOW + 1])
    rows = tree.rows(request.user, shown.vocabulary, found[: tree.MOST_BELOW])
    context = {"rows": rows, "more": len(found) > tree.MOST_BELOW, "term": shown}
    return render(request, "vocabularies/branch.html", context)


@login_required
@require_http_methods(EITHER)
def new_term(request: HttpRequest, pk: int) -> HttpResponse:
    """A form for a new term, with ?broader= below another."""
    holder = get_object_or_404(vocabularies_for(request.user, Role.ARCHIVIST), pk=pk)
    named = request.GET.get("broader", "")
    above = holder.terms.filter(pk=int(named)).first() if named.isdecimal() and len(named) < 18 else None
    shown = shown_names(holder, [above.uri])[above.uri] if above else ""
    form = TermForm(holder, None, request.POST or None, initial={"broader": shown})
    if request.method == "POST" and form.is_valid() and _saved(request, holder, form, "Added"):
        return redirect(holder.terms.get(uri=form.before.uri))
    return render(
        request, "vocabularies/edit_term.html", {"vocabulary": holder, "form": form, "above": above}
    )


@login_required
@require_http_methods(EITHER)
@transaction.atomic
def edit_term(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a term: its labels, what is said about it, and where it stands."""
    shown = get_object_or_404(terms_for(request.user, Role.ARCHIVIST), pk=pk)
    if request.method == "POST":
        changes.lock(shown.vocabulary)
        shown.refresh_from_db()
    form = TermForm(shown.vocabulary, shown, request.POST or None)
    if request.method == "POST" and form.is_valid() and _saved(request, shown.vocabulary, form, "Changed"):
        return redirect(shown)
    context = {"vocabulary": shown.vocabulary, "term": shown, "form": form}
    return render(request, "vocabularies/edit_term.html", context)


def _saved(request: HttpRequest, holder: Vocabulary, form: TermForm, verb: str) -> bool:
    """Whether what the form says was written; if not, the form says why."""
    try:
        changes.make(holder, cast(User, request.user), f"{verb} {form.name()}", [form.concept()])
    except ChangeError as problem:
        form.add_error(None, str(problem))
        return False
    messages.success(request, f"{verb} {form.name()}.")
    return True


@login_required
@require_http_methods(EITHER)
def merge_term(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one term of this and another."""
    shown = get_object_or_404(terms_for(request.user, Role.ARCHIVIST), pk=pk)
    form = MergeForm(shown, request.POST or None)
    if request.method == "POST" and form.is_valid():
        into: Term = form.cleaned_data["into"]
        try:
            changes.merge(shown, into, cast(User, request.user))
        except ChangeError as problem:
            form.add_error("into", str(problem))
        else:
            messages.success(
                request, f"Merged {shown} into {into}. It can be undone on the vocabulary's page."
            )
            return redirect(into)
    used = usage.own_count(request.user, shown)
    return render(request, "vocabularies/merge.html", {"term": shown, "form": form, "used": used})


@login_required
@require_http_methods(EITHER)
def delete_term(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether a term is to be deleted, telling what uses it; and delete it."""
    shown = get_object_or_404(terms_for(request.user, Role.ARCHIVIST), pk=pk)
    if request.method == "POST":
        try:
            changes.delete(shown, cast(User, request.user))
        except ChangeError as problem:
            messages.error(request, str(problem))
            return redirect(shown)
        messages.success(request, f"Deleted {shown}. It can be undone below.")
        return redirect(shown.vocabulary)
    used, narrower = usage.own_count(request.user, shown), shown.narrower.count()
    return render(request, "vocabularies/delete.html", {"term": shown, "used": used, "narrower": narrower})


@login_required
@require_POST
def undo_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring back what was before a change."""
    editable = vocabularies_for(request.user, Role.ARCHIVIST)
    found = get_object_or_404(
        Change.objects.select_related("vocabulary").filter(vocabulary__in=editable), pk=pk
    )
    try:
        changes.undo(found, cast(User, request.user))
    except ChangeError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"Undone: {found}.")
    return redirect(found.vocabulary)
