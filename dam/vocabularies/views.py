"""Pages of vocabularies."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dam.sharing.models import Role
from dam.vocabularies import concepts, tree, writing
from dam.vocabularies.forms import NewVocabularyForm, VocabularyForm
from dam.vocabularies.scopes import deleted_vocabularies_for, vocabularies_for

CHANGES_SHOWN = 5


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def vocabularies(request: HttpRequest) -> HttpResponse:
    """The vocabularies that the reader may see; and the form for a new one."""
    form = NewVocabularyForm(request.user, request.POST or None, initial={"language": "en", "uri": ""})
    if request.method == "POST" and form.is_valid():
        return redirect(form.save())
    found = vocabularies_for(request.user).select_related("library").annotate(size=Count("terms"))
    context = {
        "vocabularies": found.order_by("library__name", "name"),
        "deleted": deleted_vocabularies_for(request.user).select_related("library").order_by("name"),
        "form": form,
    }
    return render(request, "vocabularies/list.html", context)


@login_required
@require_safe
def vocabulary(request: HttpRequest, pk: int) -> HttpResponse:
    """The terms as a tree, or with ?q= those of which a label holds it."""
    shown = get_object_or_404(vocabularies_for(request.user).select_related("library"), pk=pk)
    typed = request.GET.get("q", "").strip()
    terms = tree.matching(shown, typed) if typed else tree.tops(shown)
    page = Paginator(terms, tree.A_PAGE).get_page(request.GET.get("page"))
    can_edit = vocabularies_for(request.user, Role.ARCHIVIST).filter(pk=pk).exists()
    context = {
        "vocabulary": shown,
        "page": page,
        "rows": tree.rows(request.user, shown, list(page), paths=bool(typed)),
        "typed": typed,
        "size": shown.terms.count(),
        "can_edit": can_edit,
        "changes": shown.changes.select_related("made_by")[:CHANGES_SHOWN] if can_edit else (),
        "forms": writing.FORMS,
    }
    return render(request, "vocabularies/detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_vocabulary(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a vocabulary, or change what is said about it."""
    shown = get_object_or_404(vocabularies_for(request.user, Role.ARCHIVIST), pk=pk)
    form = VocabularyForm(request.POST or None, instance=shown)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        if "language" in form.changed_data:
            concepts.rename(saved)
        return redirect(saved)
    return render(request, "vocabularies/edit.html", {"vocabulary": shown, "form": form})


@login_required
@require_POST
def delete_vocabulary(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a vocabulary away; it can be taken back from the list."""
    shown = get_object_or_404(vocabularies_for(request.user, Role.ARCHIVIST), pk=pk)
    shown.deleted_at = timezone.now()
    shown.save(update_fields=["deleted_at"])
    messages.success(request, f"The vocabulary {shown} is deleted. Keywords stay as they are.")
    return redirect("vocabularies")


@login_required
@require_POST
def restore_vocabulary(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a deleted vocabulary back, unless another one has its name now."""
    shown = get_object_or_404(deleted_vocabularies_for(request.user), pk=pk)
    others = vocabularies_for(request.user).filter(library=shown.library_id, name=shown.name)
    if others.exists():
        messages.error(request, f"There is another vocabulary named {shown}. Rename that one first.")
        return redirect("vocabularies")
    shown.deleted_at = None
    shown.save(update_fields=["deleted_at"])
    return redirect(shown)


@login_required
@require_safe
def export_vocabulary(request: HttpRequest, pk: int, ending: str) -> StreamingHttpResponse:
    """The vocabulary as SKOS, in the syntax that the ending names."""
    shown = get_object_or_404(vocabularies_for(request.user), pk=pk)
    if ending not in writing.FORMS:
        raise Http404("There is no such format.")
    name = f"{slugify(shown.name) or 'vocabulary'}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    media_type = writing.FORMS[ending].media_type
    return StreamingHttpResponse(writing.write(shown, ending), content_type=media_type, headers=headers)
