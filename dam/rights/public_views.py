"""The public face: pages of published assets, their files, and what robots are told."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TypeVar
from urllib.parse import unquote, urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from dam.assets.serving import Served, serve
from dam.assets.views import second
from dam.export.formats import webvtt
from dam.export.paragraphs import parts_of
from dam.rights import mining, public, sitemaps, structured
from dam.rights.resolution import Rights
from dam.sharing.scopes import published

Response = TypeVar("Response", bound=HttpResponseBase)
ORIGINAL_LANGUAGE = "spoken"
"""Names the captions of what is said, as against those of a translation."""


@require_safe
def asset(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """The page of a published asset, at ?t=SECONDS, its speech translated where ?language= says so."""
    language = request.GET.get("language", "")
    shown = public.show(pk, language)
    if request.path != unquote(shown.address):
        return redirect(f"{shown.address}{_query(language)}", permanent=True)
    absolute = request.build_absolute_uri
    context = {
        "shown": shown,
        "asset": shown.asset,
        "parts": parts_of(shown.speech, shown.chapters),
        "canonical": absolute(f"{shown.address}{_query(language)}"),
        "alternates": _alternates(request, shown),
        "json_ld": structured.in_script(structured.json_ld(shown, absolute)),
        "robots": _robots(shown.rights),
        "second": second(request.GET.get("t", "")),
        "captions": language or ORIGINAL_LANGUAGE,
        "site": absolute("/").rstrip("/"),
    }
    return _told(render(request, "rights/public.html", context), shown.rights)


def _query(language: str) -> str:
    return f"?{urlencode({'language': language})}" if language else ""


def _alternates(request: HttpRequest, shown: public.PublicAsset) -> list[tuple[str, str]]:
    """Each language of the transcript with the address of the page in it; none where there is only one."""
    if not shown.languages:
        return []
    page = request.build_absolute_uri(shown.address)
    own = [(shown.spoken, page)] if shown.spoken else []
    return [*own, *((each, page + _query(each)) for each in shown.languages), ("x-default", page)]


def _robots(rights: Rights) -> str:
    """The directives for robots, the last day of use among them."""
    ends = f"unavailable_after: {rights.usage_ends.isoformat()}" if rights.usage_ends else ""
    return ", ".join(part for part in (mining.robots(rights.mining_uri), ends) if part)


def _told(response: Response, rights: Rights) -> Response:
    """The response with what machines may do with it in its headers."""
    headers = mining.headers(rights.mining_uri)
    if robots := _robots(rights):
        headers["X-Robots-Tag"] = robots
    for name, value in headers.items():
        response[name] = value
    return response


@require_safe
def rendition(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """A thumbnail or the playable copy of a published asset. Caches ask again each time, since a page may be
    taken back."""
    found, rights = public.find(pk)
    made = found.rendition(name) if name in public.RENDITIONS else None
    if made is None:
        raise Http404("Nothing is published here.")
    file_name = PurePosixPath(str(made.file.name)).name
    tag = f"{made.pk}-{made.size}-{made.file.name}"
    response = serve(request, Served(made.file, file_name, made.media_type, made.size, tag))
    response["Cache-Control"] = "public, no-cache"
    return _told(response, rights)


@require_safe
def captions(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """What is said in a published film or recording as WebVTT, or a translation of it."""
    asked = "" if language == ORIGINAL_LANGUAGE else language
    shown = public.show(pk, asked)
    if not webvtt.applies_to(shown.record):
        raise Http404("Nothing is published here.")
    return _told(HttpResponse(webvtt.render(shown.record), content_type=webvtt.MEDIA_TYPE), shown.rights)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The sitemap of all published assets, with their pictures and films; ?p= names a further page."""
    if not published().exists():
        raise Http404("Nothing is published here.")
    return sitemaps.respond(request)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Robots may read public pages, and nothing else."""
    lines = ["User-agent: *", *(f"Allow: {path}" for path in sitemaps.OPEN), "Disallow: /"]
    pages = sitemaps.PublicPages().paginator.num_pages if published().exists() else 0
    for number in range(1, pages + 1):
        query = f"?p={number}" if number > 1 else ""
        lines.append(f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}{query}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
