"""The door of every page for guests: the token is looked up, a password asked for, and nothing indexed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from dam.sharing import guest_passes, links
from dam.sharing.link_models import ShareLink

View = Callable[..., HttpResponseBase]
HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}
TOO_MANY = "Too many wrong passwords. Try again in a quarter of an hour."
WRONG = "That is not the password. Ask whoever sent you the link."


class PasswordForm(forms.Form):
    """The password of a share link."""

    password = forms.CharField(
        max_length=200, strip=False, widget=forms.PasswordInput({"autocomplete": "off", "autofocus": True})
    )


def page_for_guests(view: View) -> View:
    """Calls the view with the open link of the token; with the first page a visit begins.

    Whatever is not there (a guessed token, an expired or revoked link, a file that is not in it) gets one and
    the same page, with status 404.
    """
    return _guarded(view, is_file=False)


def file_for_guests(view: View) -> View:
    """The same for what pages are made of: it begins no visit and asks for no password."""
    return _guarded(view, is_file=True)


def _guarded(view: View, is_file: bool) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, token: str, **rest: object) -> HttpResponseBase:
        link = links.find(token)
        try:
            if link is None:
                raise Http404("No such link.")
            response = _through(request, link, token, partial(view, request, link, token, **rest), is_file)
        except Http404:
            response = render(request, "sharing/guest_gone.html", status=404)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return guarded


def _through(
    request: HttpRequest, link: ShareLink, token: str, show: Callable[[], HttpResponseBase], is_file: bool
) -> HttpResponseBase:
    """What the view shows, or the page that asks for the password. With the first page a visit begins.

    Raises Http404 where the link has had all its visits, and for files of a guarded link outside of one.
    """
    if guest_passes.holds_pass(request, link):
        return show()
    if is_file:
        if link.password or link.max_visits is not None:
            raise Http404("A visit begins with a page.")
        return show()
    if link.is_used_up:
        raise Http404("The link has had its visits.")
    if link.password:
        form = PasswordForm(request.POST if request.method == "POST" else None)
        if not (form.is_valid() and _is_right(request, link, form)):
            return _ask(request, form, token)
    return _begin(request, link, token, show)


def _begin(
    request: HttpRequest, link: ShareLink, token: str, show: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """The page with which a visit begins; merely asking for its headers begins none."""
    response = redirect("guest", token) if link.password else show()
    if request.method != "HEAD":
        if not guest_passes.begin_visit(request, link):
            raise Http404("The link has had its visits.")
        guest_passes.give_pass(response, link, token)
    return response


def _ask(request: HttpRequest, form: PasswordForm, token: str) -> HttpResponse:
    """The page that asks. Its answer is a form, which Django takes only with an origin or a referrer."""
    context = {"form": form, "token": token}
    response = render(request, "sharing/guest_password.html", context, status=403 if form.errors else 200)
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _is_right(request: HttpRequest, link: ShareLink, form: PasswordForm) -> bool:
    try:
        right = guest_passes.is_password(request, link, form.cleaned_data["password"])
    except guest_passes.TooManyAttemptsError:
        form.add_error("password", TOO_MANY)
        return False
    if not right:
        form.add_error("password", WRONG)
    return right
