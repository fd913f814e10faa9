"""Pages on which administrators connect other systems, and see what was sent to them."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dam.sharing.models import User
from dam.sharing.paging import page_before
from dam.webhooks import events, outbox, tasks
from dam.webhooks.forms import EndpointForm
from dam.webhooks.models import Delivery, Endpoint
from dam.webhooks.scopes import administered, deliveries_for, endpoints_for, removed_endpoints_for

DELIVERIES_A_PAGE = 50
REFUSED = "Only administrators of a library connect it to other systems."


@login_required
def webhooks(request: HttpRequest) -> HttpResponse:
    """The webhooks of the reader's libraries, and the form of a new one."""
    if not administered(request.user).exists():
        raise PermissionDenied(REFUSED)
    form = EndpointForm(cast(User, request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.set(request.build_absolute_uri("/"))
        messages.success(request, "The webhook is set up. Send a test to see whether it arrives.")
        return redirect(made)
    context = {
        "form": form,
        "endpoints": endpoints_for(request.user).select_related("library"),
        "removed": removed_endpoints_for(request.user).select_related("library"),
    }
    return render(request, "webhooks/webhooks.html", context)


@login_required
@require_safe
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook: its settings, its secret, and the log of its messages."""
    return _page(request, _one(request, pk))


@login_required
@require_POST
def edit_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a webhook; one that was stopped begins again."""
    form = EndpointForm(cast(User, request.user), request.POST, instance=_one(request, pk))
    if form.is_valid():
        messages.success(request, "Saved.")
        return redirect(form.set(request.build_absolute_uri("/")))
    return _page(request, _one(request, pk), form)


def _one(request: HttpRequest, pk: int) -> Endpoint:
    return get_object_or_404(endpoints_for(request.user).select_related("library", "made_by"), pk=pk)


def _page(request: HttpRequest, endpoint: Endpoint, form: EndpointForm | None = None) -> HttpResponse:
    labels = {events.TEST: "A test", **dict(events.choices())}
    page = page_before(endpoint.deliveries.all(), request.GET.get("before", ""), DELIVERIES_A_PAGE)
    context = {
        "endpoint": endpoint,
        "form": form or EndpointForm(cast(User, request.user), instance=endpoint),
        "page": page,
        "deliveries": [(each, labels.get(each.event, each.event)) for each in page.rows],
    }
    return render(request, "webhooks/webhook.html", context)


@login_required
@require_POST
def test_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a message that says nothing."""
    endpoint = _one(request, pk)
    if endpoint.listens:
        outbox.send_test(endpoint)
        tasks.send_messages.delay(pk)
        messages.success(request, "A test is on its way. Load this page again to see what became of it.")
    else:
        messages.error(request, "This webhook is not sending. Save it with “Messages are sent” first.")
    return redirect(endpoint)


@login_required
@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one message once more."""
    delivery = get_object_or_404(
        deliveries_for(request.user).select_related("endpoint").exclude(state=Delivery.State.WAITING), pk=pk
    )
    outbox.send_again(delivery)
    tasks.send_messages.delay(delivery.endpoint_id)
    messages.success(request, "It is sent again, under the same id.")
    return redirect(delivery.endpoint)


@login_required
@require_POST
def remove_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a webhook away; the list then offers to take it back."""
    endpoint = _one(request, pk)
    endpoint.removed_at = timezone.now()
    endpoint.save(update_fields=["removed_at"])
    return redirect("webhooks")


@login_required
@require_POST
def restore_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a removed webhook back, as it was."""
    endpoint = get_object_or_404(removed_endpoints_for(request.user), pk=pk)
    endpoint.removed_at = None
    endpoint.save(update_fields=["removed_at"])
    return redirect(endpoint)
