"""Where in an asset: read from what a person sends, and from the fact that they chose."""

from __future__ import annotations

import math
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from dam.assets.models import Asset
from indexing.models import Annotation

ASSET_ADDRESS = re.compile(r"/assets/([0-9]{1,18})/?\Z")
TOLERANCE = 0.5
"""Seconds by which a player may take a copy to be longer than its original."""
TIMECODE = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,4}):([0-5]?[0-9](?:\.[0-9]{1,3})?)")


class PlaceError(ValueError):
    """Why a text names no place in an asset, in words for a person."""


def second(text: str, asset: Asset | None = None) -> float | None:
    """Seconds from 12.5, 1:02 or 1:02:03; None where nothing is written. Raises PlaceError for other texts
    and for seconds beyond the end of the asset, but for what players add to it."""
    text = text.strip()
    if not text:
        return None
    value = _read(text)
    if asset is None:
        return value
    if value > (asset.duration or 0) + TOLERANCE:
        raise PlaceError(f"{asset} is over before {text}." if asset.duration else f"{asset} has no time.")
    return min(value, asset.duration or 0)


def from_address(text: str) -> tuple[int, str, str]:
    """The id of the asset of an address, its ?t= and ?fact=; a bare number is an id. Raises PlaceError."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text), "", ""
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise PlaceError("This is no address.") from error
    match = ASSET_ADDRESS.search(parts.path)
    if match is None:
        raise PlaceError("Give the address of an asset's page, or its number.")
    query = parse_qs(parts.query)
    return int(match[1]), query.get("t", [""])[0], query.get("fact", [""])[0]


def of_fact(asset: Asset, fact_id: str) -> dict[str, Any]:
    """Start and region of one of the asset's facts; nothing where it has no such fact."""
    if not (fact_id.isascii() and fact_id.isdigit() and len(fact_id) < 19):
        return {}
    fact = Annotation.objects.filter(asset=asset, pk=int(fact_id)).first()
    return {name: getattr(fact, name) for name in ("start", *"xywh")} if fact else {}


def _read(text: str) -> float:
    match = TIMECODE.fullmatch(text)
    if match:
        return int(match[1] or 0) * 3600 + int(match[2]) * 60 + float(match[3])
    try:
        value = float(text)
    except ValueError as error:
        raise PlaceError(f"“{text[:20]}” is no time; write it as 12.5 or 1:02.") from error
    if not math.isfinite(value) or value < 0:
        raise PlaceError("A time is a number of seconds from 0.")
    return value
