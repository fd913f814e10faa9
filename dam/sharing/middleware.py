"""Nobody works with a password that was printed on a terminal."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve

ALLOWED = {"account_change_password", "account_logout", "one_time_password"}


class OneTimePasswordMiddleware:
    """Sends a signed-in person whose password was made by the system to the page that changes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            user.is_authenticated
            and user.one_time_password
            and resolve(request.path_info).url_name not in ALLOWED
        ):
            return redirect("account_change_password")
        return self.get_response(request)
