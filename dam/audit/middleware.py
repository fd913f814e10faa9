"""Tells the audit trail who acts, and of files that leave the house."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from dam.audit import acting, leaving


class AuditMiddleware:
    """Stands behind the middleware that signs people in, and before every view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with acting.answering(request):
            response = self.get_response(request)
            leaving.record_download(request, response)
        return response
