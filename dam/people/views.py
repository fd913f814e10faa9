"""Pages of people: who is known, what they consented to, and where they are."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from dam.people import gallery, recognition
from dam.people.biometrics import KINDS
from dam.people.forms import ConsentForm, NewPersonForm, PersonForm, WithdrawalForm, may_keep
from dam.people.models import LibraryRecognition
from dam.people.scopes import appearances_for, groups_for, keepable_people_for, people_for
from dam.people.withdrawal import withdraw
from dam.sharing.models import Role, User
from dam.sharing.scopes import whole_libraries_for

PEOPLE_A_PAGE = 60
GROUPS_SHOWN = 24
PLACES_A_PAGE = 200


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody whom the reader may see, and the groups of faces and voices that wait for a name."""
    page = Paginator(people_for(request.user), PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    libraries = whole_libraries_for(request.user, Role.ARCHIVIST)
    declared = LibraryRecognition.objects.holding().filter(library__in=libraries)
    context = {
        "page": page,
        "cards": gallery.cards(request.user, page),
        "groups": gallery.with_faces(list(groups_for(request.user)[:GROUPS_SHOWN])),
        "libraries": libraries.order_by("name"),
        "declared": set(declared.values_list("library", flat=True)),
    }
    return render(request, "people/list.html", context)


@login_required
def new_person(request: HttpRequest) -> HttpResponse:
    """A record for somebody; consent is recorded next."""
    form = NewPersonForm(cast(User, request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("record-consent", form.save().pk)
    return render(request, "people/new.html", {"form": form})


@login_required
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a person is, and, for archivists, their consent."""
    shown = get_object_or_404(people_for(request.user).select_related("library"), pk=pk)
    places = appearances_for(request.user).filter(person=shown)
    places = places.order_by("-annotation__asset__added_at", "annotation__asset", "annotation__start")
    page = Paginator(
        places.select_related("annotation__asset").prefetch_related(gallery.renditions()), PLACES_A_PAGE
    ).get_page(request.GET.get("page"))
    keeps = may_keep(cast(User, request.user), shown)
    context = {
        "person": shown,
        "page": page,
        "sightings": gallery.sightings(page),
        "keeps": keeps,
        "consents": shown.consents.select_related("recorded_by", "withdrawn_by") if keeps else [],
        "receipts": shown.erasures.all() if keeps else [],
        "recognised": [scope for scope in KINDS if shown.consents_to(scope)],
    }
    return render(request, "people/person.html", context)


@login_required
def edit_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a person everywhere, take notes, or hide them."""
    shown = get_object_or_404(keepable_people_for(request.user), pk=pk)
    form = PersonForm(request.POST or None, instance=shown)
    if request.method == "POST" and form.is_valid():
        form.save()
        recognition.rename(shown, form.cleaned_data["name"])
        return redirect(shown)
    return render(request, "people/edit.html", {"person": shown, "form": form})


@login_required
def record_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for a consent that was given."""
    shown = get_object_or_404(keepable_people_for(request.user), pk=pk)
    form = ConsentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        form.instance.person, form.instance.recorded_by = shown, request.user
        form.save()
        uses = " or ".join(sorted(form.instance.scopes))
        messages.success(request, f"Recorded. {shown} may be named by {uses} now, and is then looked for.")
        return redirect(shown)
    return render(request, "people/consent.html", {"person": shown, "form": form})


@login_required
def withdraw_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once what will be erased; then erase it and show the receipt."""
    shown = get_object_or_404(keepable_people_for(request.user), pk=pk)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return redirect("receipt", withdraw(shown, cast(User, request.user), form.scopes()).pk)
    return render(request, "people/withdraw.html", {"person": shown, "form": form})
