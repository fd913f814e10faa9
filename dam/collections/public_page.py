"""What a visitor of an exhibition sees, and what machines are told of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from dam.assets.models import MediaKind
from dam.collections.exhibitions import RENDITIONS
from dam.collections.models import Exhibition, ExhibitionMoment, ExhibitionSection
from dam.sharing.scopes import exhibited

TOLD = 200
"""Characters of a description for other sites."""

SCHEMA_TYPES = {
    MediaKind.IMAGE: "ImageObject",
    MediaKind.VIDEO: "VideoObject",
    MediaKind.AUDIO: "AudioObject",
}
"""Types of schema.org, by kind of media."""

UNSAFE_IN_SCRIPTS = {ord(character): f"\\u{ord(character):04x}" for character in "<>&"}


@dataclass(frozen=True)
class Exhibit:
    """One moment with the addresses of its picture and its film or sound, empty where it has none."""

    moment: ExhibitionMoment
    picture: str
    playable: str
    width: int | None
    height: int | None

    @property
    def credit(self) -> str:
        """The credit line of the asset, where its rights name one."""
        return str(getattr(getattr(self.moment.asset, "rights", None), "credit_line", ""))

    @property
    def fragment(self) -> str:
        """The part of a film or recording, as a Media Fragment (W3C Media Fragments 1.0, section 4.2.1)."""
        start, end = self.moment.start, self.moment.end
        if start is None and end is None:
            return ""
        return f"#t={start or 0:g}" + (f",{end:g}" if end is not None else "")


class PublicPage:
    """The sections of an exhibition with what everyone may see: five queries, however many moments."""

    def __init__(self, request: HttpRequest, exhibition: Exhibition) -> None:
        self._request = request
        self._exhibition = exhibition
        self.is_preview = not (exhibition.state == Exhibition.State.PUBLISHED and exhibition.library.public)

    @cached_property
    def sections(self) -> list[tuple[ExhibitionSection, list[Exhibit]]]:
        """Every section with its exhibits, in order."""
        moments = exhibited(Exhibition.objects.filter(pk=self._exhibition.pk)).order_by("position", "pk")
        by_section: dict[int, list[Exhibit]] = {}
        for moment in moments.select_related("asset__rights").prefetch_related("asset__renditions"):
            by_section.setdefault(moment.section_id, []).append(self._exhibit(moment))
        kept = self._exhibition.sections.filter(taken_out_at=None)
        return [(section, by_section.get(section.pk, [])) for section in kept]

    @property
    def exhibits(self) -> list[Exhibit]:
        """All exhibits of the page."""
        return [each for _, exhibits in self.sections for each in exhibits]

    @property
    def address(self) -> str:
        """The canonical address."""
        return self._absolute(self._exhibition.get_absolute_url())

    @property
    def picture(self) -> str:
        """The picture that stands for the page elsewhere; empty where there is none."""
        found = next((each.picture for each in self.exhibits if each.picture), "")
        return self._absolute(found) if found else ""

    @property
    def description(self) -> str:
        """The beginning of the introduction on one line."""
        return Truncator(" ".join(self._exhibition.introduction.split())).chars(TOLD)

    @property
    def linked_data(self) -> SafeString:
        """The page as schema.org JSON-LD, in a script element that no browser runs."""
        written = json.dumps(self._described(), ensure_ascii=False).translate(UNSAFE_IN_SCRIPTS)
        safe = mark_safe(written)  # noqa: S308 - nothing in it can end the element
        return format_html('<script type="application/ld+json">{}</script>', safe)

    def _described(self) -> dict[str, Any]:
        published = self._exhibition.published_at
        whole = {
            "@context": "https://schema.org",
            "@type": "Collection",
            "name": self._exhibition.title,
            "url": self.address,
            "description": self.description,
            "datePublished": published and published.isoformat(),
            "dateModified": self._exhibition.updated_at.isoformat(),
            "publisher": {"@type": "ArchiveOrganization", "name": self._exhibition.library.name},
            "hasPart": [self._part(each) for each in self.exhibits],
        }
        return {name: value for name, value in whole.items() if value}

    def _part(self, exhibit: Exhibit) -> dict[str, str]:
        moment = exhibit.moment
        told = {
            "@type": SCHEMA_TYPES[MediaKind(moment.asset.kind)],
            "name": str(moment.asset.title),
            "caption": moment.caption,
            "description": moment.alt,
            "creditText": exhibit.credit,
            "contentUrl": exhibit.playable or exhibit.picture,
            "thumbnailUrl": exhibit.picture,
        }
        links = {"contentUrl", "thumbnailUrl"}
        return {
            name: self._absolute(value) if name in links else value for name, value in told.items() if value
        }

    def _exhibit(self, moment: ExhibitionMoment) -> Exhibit:
        made = {each.name: each for each in moment.asset.renditions.all()}
        names = RENDITIONS[moment.asset.kind]
        shown = next((made[name] for name in names if name != "proxy" and name in made), None)
        playable = "proxy" if "proxy" in names and "proxy" in made else ""
        return Exhibit(
            moment,
            picture=self._media(moment, shown.name) if shown else "",
            playable=self._media(moment, playable) if playable else "",
            width=shown.width if shown else moment.asset.width,
            height=shown.height if shown else moment.asset.height,
        )

    def _media(self, moment: ExhibitionMoment, name: str) -> str:
        return reverse("exhibition-media", args=[self._exhibition.slug, moment.pk, name])

    def _absolute(self, address: str) -> str:
        return self._request.build_absolute_uri(address)
