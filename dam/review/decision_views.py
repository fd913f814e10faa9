"""Where the keys of the queue lead: a decision, and its undoing. The next group comes by itself."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from dam.people.scopes import people_for
from dam.review import addresses, deciding
from dam.review.deciding import Outcome, ReviewError
from dam.review.forms import DecisionForm, ReviewFilter
from dam.review.grouping import groups
from dam.review.models import Batch
from dam.review.said import said, said_undone
from dam.review.waiting import waiting
from dam.sharing.models import User


@login_required
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Write down what one key says about the facts that were shown, and go on to what waits next."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("This is no decision on facts of the queue.")
    try:
        outcome = _outcome(cast(User, request.user), form)
    except ReviewError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, said(outcome))
    return _led(request, _onwards(request))


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what the reader decided, and show it again."""
    batch = get_object_or_404(Batch, pk=pk, user=cast(User, request.user))
    messages.success(request, said_undone(deciding.undo(batch)))
    back = QueryDict(request.POST.get("back", ""))
    group = addresses.group_in(request, back)
    here = addresses.kept(back)
    if group.title:
        at = {"at": back["at"]} if back.get("at") else {}
        return _led(request, addresses.group_address(group, {**here, **at}))
    return _led(request, addresses.queue_address(here))


def _led(request: HttpRequest, address: str) -> HttpResponse:
    """On to that address: htmx swaps in another group, and leaves the page for the queue."""
    if HtmxDetails(request) and not address.startswith(reverse("review-group")):
        return cast(HttpResponse, HttpResponseClientRedirect(address))
    return HttpResponseRedirect(address)


def _outcome(user: User, form: DecisionForm) -> Outcome:
    """Carry out a valid form. Raises ReviewError where it lacks something."""
    values = form.cleaned_data
    act, shown = values["act"], values["shown"]
    if act == "rename":
        return deciding.rename_all(user, values["of"], values["label"], values["text"])
    if act in ("correct", "name") and len(shown) != 1:
        raise ReviewError("One fact at a time is corrected.")
    if act == "correct":
        return deciding.correct(user, shown[0], values["text"])
    if act == "name":
        person = people_for(user).filter(pk=values["person"]).first()
        if person is None:
            raise ReviewError("Choose who it is.")
        return deciding.name(user, shown[0], person)
    return deciding.decide(user, *form.sorted_ids())


def _onwards(request: HttpRequest) -> str:
    """The same group where something is left in it, else the one with the most to gain, else the queue."""
    back = QueryDict(request.POST.get("back", ""))
    user, group, here = request.user, addresses.group_in(request, back), addresses.kept(back)
    facts = waiting(user, ReviewFilter(user, back).chosen(), withheld="withheld" in back)
    if group.of(facts).exists():
        at = {"at": back["at"]} if back.get("at") else {}
        return addresses.group_address(group, {**here, **at})
    found, _ = groups(facts, addresses.by_in(back))
    here.pop("view", None)
    return addresses.group_address(found[0], here) if found else addresses.queue_address(here)
