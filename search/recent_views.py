"""The page of recent searches, on which they are forgotten."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from search.recent import KEPT, recent_for


@login_required
@require_safe
def recent_searches(request: HttpRequest) -> HttpResponse:
    """What the reader searched for lately, newest first."""
    return render(request, "search/saved_recent.html", {"searches": recent_for(request.user), "kept": KEPT})


@login_required
@require_POST
def forget_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of the reader's searches."""
    get_object_or_404(recent_for(request.user), pk=pk).delete()
    return redirect("recent-searches")


@login_required
@require_POST
def forget_searches(request: HttpRequest) -> HttpResponse:
    """Forget all of the reader's searches."""
    recent_for(request.user).delete()
    messages.success(request, "Your recent searches are forgotten.")
    return redirect("recent-searches")
