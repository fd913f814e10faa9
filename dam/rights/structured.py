"""A public page in the vocabulary of schema.org (version 29), as JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from dam.rights.public import PublicAsset, media_address

TYPES = {"image": "ImageObject", "video": "VideoObject", "audio": "AudioObject"}
IN_SCRIPT = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}

Absolute = Callable[[str], str]


def json_ld(shown: PublicAsset, absolute: Absolute) -> dict[str, Any]:
    """The page as a schema.org object, with what is known only; `absolute` makes addresses of paths."""
    asset, page = shown.asset, absolute(shown.address)
    told = {
        "@context": "https://schema.org",
        "@type": TYPES[asset.kind],
        "@id": page,
        "url": page,
        "name": shown.title,
        "description": shown.summary,
        "keywords": ", ".join(shown.keywords),
        "uploadDate": asset.rights.published_at.isoformat() if asset.rights.published_at else "",
        "dateCreated": asset.taken_at.isoformat() if asset.taken_at else "",
        "isAccessibleForFree": True,
        **_files(shown, absolute),
        **_rights(shown),
        **_content(shown, page),
    }
    return {name: value for name, value in told.items() if value not in ("", None, [])}


def _files(shown: PublicAsset, absolute: Absolute) -> dict[str, Any]:
    picture, player = shown.picture, shown.player
    content = player or picture
    return {
        "contentUrl": absolute(media_address(shown.asset, content.name)) if content else "",
        "encodingFormat": content.media_type if content else "",
        "contentSize": str(content.size) if content else "",
        "width": _pixels(content.width if content else None),
        "height": _pixels(content.height if content else None),
        "thumbnailUrl": absolute(media_address(shown.asset, picture.name)) if picture else "",
    }


def _pixels(count: int | None) -> dict[str, Any] | None:
    """A length in pixels; E37 is their code in UN/CEFACT Recommendation 20."""
    return {"@type": "QuantitativeValue", "value": count, "unitCode": "E37"} if count else None


def _rights(shown: PublicAsset) -> dict[str, Any]:
    rights = shown.rights
    return {
        "license": rights.statement.uri if rights.statement else "",
        "usageInfo": rights.mining_uri,
        "acquireLicensePage": rights.contact if "://" in rights.contact else "",
        "creditText": rights.credit,
        "copyrightNotice": rights.notice,
        "copyrightYear": rights.year,
        "expires": rights.usage_ends.isoformat() if rights.usage_ends else "",
    }


def _content(shown: PublicAsset, page: str) -> dict[str, Any]:
    asset = shown.asset
    return {
        "duration": iso_duration(asset.duration) if asset.duration else "",
        "inLanguage": shown.spoken,
        "transcript": " ".join(segment.text for segment in shown.speech),
        "about": [{"@type": "Person", "name": name} for name in shown.people],
        "hasPart": _clips(shown, page) if asset.kind == "video" else [],
    }


def _clips(shown: PublicAsset, page: str) -> list[dict[str, Any]]:
    """The chapters, each with the address that opens it."""
    return [
        {
            "@type": "Clip",
            "name": each.text,
            "startOffset": round(each.start, 3),
            "endOffset": round(each.end, 3),
            "url": f"{page}?t={each.start:.0f}",
        }
        for each in shown.chapters
        if each.text
    ]


def iso_duration(seconds: float) -> str:
    """Seconds as an ISO 8601 duration: PT1H2M3S."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    parts = [f"{value}{unit}" for value, unit in ((hours, "H"), (minute, "M"), (second, "S")) if value]
    return f"PT{''.join(parts) or '0S'}"


def in_script(data: dict[str, Any]) -> SafeString:
    """The data as it may stand in a script element, whatever the texts in it are."""
    return mark_safe(json.dumps(data, ensure_ascii=False, indent=1).translate(IN_SCRIPT))  # noqa: S308
