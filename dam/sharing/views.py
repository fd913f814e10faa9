"""Members of a library; only its administrators see these pages."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from dam.sharing.forms import LAST_ADMINISTRATOR, MemberForm, is_last_administrator
from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for


@login_required
def members(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is a member with which role, and the form that adds or changes one."""
    library = get_object_or_404(whole_libraries_for(request.user, Role.ADMINISTRATOR), pk=pk)
    form = MemberForm(library, request.POST or None)
    if request.method == "POST" and form.is_valid():
        membership, password = form.save()
        messages.success(request, f"{membership.user.email} is now {membership.get_role_display()}.")
        if password:
            messages.info(
                request, f"A new account was made. Its one-time password, shown only now: {password}"
            )
        return redirect("members", pk)
    found = library.memberships.select_related("user", "collection").order_by("-role", "user__email")
    return render(request, "sharing/members.html", {"library": library, "members": found, "form": form})


@login_required
@require_POST
def remove_member(request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
    """End a membership, unless nobody would be left to administer the library."""
    library = get_object_or_404(whole_libraries_for(request.user, Role.ADMINISTRATOR), pk=pk)
    membership = get_object_or_404(library.memberships.select_related("user"), pk=membership_pk)
    if is_last_administrator(membership):
        messages.error(request, LAST_ADMINISTRATOR)
    else:
        membership.delete()
        messages.success(request, f"{membership.user.email} is no longer a member there.")
    return redirect("members", pk) if not _left(request, pk) else redirect("library")


def _left(request: HttpRequest, pk: int) -> bool:
    return not whole_libraries_for(request.user, Role.ADMINISTRATOR).filter(pk=pk).exists()
