"""Is this the same person? One question at a time, one key each; and two records of one person joined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from dam.pages import render_page
from dam.people import gallery, merging, questions
from dam.people.biometrics import KINDS
from dam.people.face_views import name_all
from dam.people.forms import MergeForm, NameForm
from dam.people.models import Answer, Person
from dam.people.questions import Pair, Question
from dam.people.recognition import ConsentMissingError
from dam.people.scopes import appearances_for, groups_for, keepable_people_for
from dam.sharing.models import User
from indexing.models import Annotation

FACES_SHOWN = 12
PLACES_SHOWN = 200
SKIPPED, SKIPPED_AT_MOST = "skipped-questions", 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def same_person(request: HttpRequest) -> HttpResponse:
    """The next question; a posted answer is written down, or skipped for this session."""
    user = cast(User, request.user)
    if request.method == "POST":
        _answer(request, user)
        return redirect("same-person")
    question = questions.next_question(user, _skipped(request))
    context: dict[str, Any] = {"question": question, "skipped": len(_skipped(request))}
    if question:
        context |= _sides(user, question)
    context["last"] = Answer.objects.filter(user=user).order_by("-pk").first()
    return render_page(request, "people/same.html", "panel", context)


@login_required
@require_POST
def undo_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an answer of the reader's own back."""
    questions.take_back(get_object_or_404(Answer, pk=pk, user=cast(User, request.user)))
    messages.success(request, "The answer is taken back.")
    return redirect("same-person")


@login_required
def merge_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Join another record of the same person into this one, after what has to be answered for is ticked."""
    kept = get_object_or_404(keepable_people_for(request.user).select_related("library"), pk=pk)
    form = MergeForm(cast(User, request.user), kept, request.POST or None)
    if request.method == "POST" and form.is_valid():
        other = form.cleaned_data["other"]
        name = other.name
        merging.merge(kept, other)
        messages.success(request, f"The record of {name} is joined with this one.")
        return redirect(kept)
    return render(request, "people/merge.html", {"person": kept, "form": form})


@login_required
def split_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Give some of a person's places another name; ?scope=voice those where they speak."""
    shown = get_object_or_404(keepable_people_for(request.user), pk=pk)
    scope = request.GET.get("scope", "face")
    if scope not in KINDS:
        raise Http404("A person has faces and voices.")
    facts = _places(request, shown, KINDS[scope])
    form = _split_form(request, shown, facts, scope) if facts else None
    ticked = [fact for fact in facts if str(fact.pk) in request.POST.getlist("places")]
    if form and request.method == "POST" and form.is_valid() and ticked:
        named = form.save()
        name_all(request, ticked, named)
        return redirect(named)
    if request.method == "POST" and not ticked:
        messages.error(request, "Tick the places where it is somebody else.")
    context = {"person": shown, "facts": facts, "form": form, "scope": scope, "scopes": list(KINDS)}
    return render(request, "people/split.html", context)


def _answer(request: HttpRequest, user: User) -> None:
    """Carry out a posted answer. Raises Http404 for groups and persons that the user does not keep."""
    group = get_object_or_404(groups_for(user), pk=_number(request, "group"))
    person = other = None
    if request.POST.get("person"):
        person = get_object_or_404(keepable_people_for(user), pk=_number(request, "person"))
    else:
        others = groups_for(user).filter(space=group.space).exclude(pk=group.pk)
        other = get_object_or_404(others, pk=_number(request, "other"))
    if (person or other).library_id != group.library_id:  # type: ignore[union-attr]
        raise Http404("They are of two libraries.")
    told = request.POST.get("answer")
    if told == "yes":
        try:
            questions.answer_yes(user, group, person, other)
        except ConsentMissingError as problem:
            messages.error(request, str(problem))
    elif told == "no":
        questions.answer_no(user, group, person, other)
    else:
        pair = (group.pk, person.pk if person else None, other.pk if other else None)
        request.session[SKIPPED] = [*_skipped(request), pair][-SKIPPED_AT_MOST:]


def _number(request: HttpRequest, name: str) -> int:
    value = request.POST.get(name, "")
    if not value.isdecimal() or len(value) > 18:
        raise Http404("The answer names no group.")
    return int(value)


def _skipped(request: HttpRequest) -> list[Pair]:
    return [(group, person, other) for group, person, other in request.session.get(SKIPPED, [])]


def _sides(user: User, question: Question) -> dict[str, Any]:
    """The members of the group, and those of whom they are compared with."""
    faces = gallery.nameless(question.group)[:FACES_SHOWN]
    if question.other:
        return {"faces": faces, "others": gallery.nameless(question.other)[:FACES_SHOWN]}
    person = get_object_or_404(Person, pk=question.person_id or 0)
    kind = KINDS[question.group.scope]
    places = appearances_for(user).filter(
        person=person, annotation__kind=kind, annotation__status=Annotation.Status.ACCEPTED
    )
    known = places.select_related("annotation__asset").order_by("pk")[:FACES_SHOWN]
    return {"faces": faces, "person": person, "others": [each.annotation for each in known]}


def _places(request: HttpRequest, shown: Person, kind: str) -> list[Annotation]:
    places = appearances_for(request.user).filter(person=shown, annotation__kind=kind)
    ordered = places.select_related("annotation__asset__library").order_by("annotation__asset", "pk")
    return [each.annotation for each in ordered[:PLACES_SHOWN]]


def _split_form(request: HttpRequest, shown: Person, facts: Sequence[Annotation], scope: str) -> NameForm:
    """Who it is instead; only people who consent to that use, or somebody new with their consent."""
    found = Annotation(asset=facts[0].asset, kind=scope)
    form = NameForm(cast(User, request.user), found, request.POST or None)
    field: Any = form.fields["person"]
    field.queryset = field.queryset.exclude(pk=shown.pk)
    return form
