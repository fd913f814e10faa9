"""The sitemap of public pages, with the image and video extensions that search engines read.

Order and limits of the elements as sitemap-image.xsd 1.1 and sitemap-video.xsd 1.1 have them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as django_views
from django.core.paginator import EmptyPage
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from dam.assets.models import Asset
from dam.rights import mining, resolution
from dam.rights.public import PublicAsset, address_of, media_address, texts_of
from dam.sharing.scopes import published

PAGE = 1000
LONGEST_TITLE, LONGEST_DESCRIPTION, MOST_TAGS = 100, 2048, 32
LONGEST_FILM = 28_800
"""Seconds of a film that the video extension can say."""
OPEN = ("/p/", "/exhibitions/", "/static/", "/sitemap.xml")
"""Paths that robots may read."""


class PublicPages(Sitemap):
    """All published assets by number, PAGE to a page. Pages that no search engine may index are left out."""

    limit = PAGE

    def items(self) -> QuerySet[Asset]:
        found = published().select_related("rights")
        return found.prefetch_related("renditions").order_by("pk")

    def location(self, item: Asset) -> str:
        return address_of(item)

    def lastmod(self, item: Asset) -> datetime:
        return max(filter(None, (item.rights.published_at, item.rights.changed_at)))

    def get_urls(
        self, page: int | str = 1, site: Any = None, protocol: str | None = None
    ) -> list[dict[str, Any]]:
        """Each page's address and date, with its picture or film. Three queries more than the pages' own."""
        urls = super().get_urls(page, site, protocol)
        assets = [url["item"] for url in urls]
        rights, texts = resolution.of_many(assets), texts_of(assets)
        host = f"{self.get_protocol(protocol)}://{self.get_domain(site)}"
        told = [PublicAsset(each, rights[each.pk], texts=texts[each.pk]) for each in assets]
        listed = [pair for pair in zip(urls, told, strict=True) if _may_be_listed(pair[1])]
        if not listed:
            raise EmptyPage("No search engine may index any of these pages.")
        return [{**url, **_media(each, lambda path: host + path)} for url, each in listed]


def _may_be_listed(shown: PublicAsset) -> bool:
    return not shown.rights.expired and mining.may_be_indexed(shown.rights.mining_uri)


def _media(shown: PublicAsset, absolute: Callable[[str], str]) -> dict[str, Any]:
    """The picture or the film of a page, cleaned of what XML cannot hold."""
    if shown.asset.kind == "video":
        return {"video": _video(shown, absolute)}
    return {"image": _image(shown, absolute)}


def _image(shown: PublicAsset, absolute: Callable[[str], str]) -> dict[str, str] | None:
    if shown.picture is None:
        return None
    licence = shown.rights.statement
    return {
        "loc": absolute(media_address(shown.asset, shown.picture.name)),
        "caption": printable(shown.description),
        "title": printable(shown.title),
        "license": licence.uri if licence else "",
    }


def _video(shown: PublicAsset, absolute: Callable[[str], str]) -> dict[str, Any] | None:
    """None while the film cannot be played: the extension asks for a picture and a film."""
    asset, rights = shown.asset, shown.rights
    if shown.picture is None or shown.player is None:
        return None
    seconds = round(asset.duration or 0)
    return {
        "thumbnail": absolute(media_address(asset, shown.picture.name)),
        "title": printable(shown.title)[:LONGEST_TITLE],
        "description": printable(shown.summary)[:LONGEST_DESCRIPTION],
        "content": absolute(media_address(asset, "proxy")),
        "duration": seconds if 0 < seconds <= LONGEST_FILM else None,
        "expires": rights.usage_ends.isoformat() if rights.usage_ends else "",
        "published": asset.rights.published_at,
        "tags": [printable(each) for each in shown.keywords[:MOST_TAGS]],
    }


def printable(text: str) -> str:
    """The text on one line, without the characters that XML 1.0 refuses (its section 2.2)."""
    kept = "".join(" " if each.isspace() else each for each in text if _is_allowed(each) or each.isspace())
    return " ".join(kept.split())


def _is_allowed(letter: str) -> bool:
    return unicodedata.category(letter) not in ("Cc", "Cs") and letter not in "\ufffe\uffff"


def respond(request: HttpRequest) -> HttpResponse:
    """A page of the sitemap as XML."""
    return django_views.sitemap(
        request, {"public": PublicPages()}, template_name="rights/sitemap.xml", content_type="application/xml"
    )
