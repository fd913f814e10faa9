"""near:48.85,2.35~5km and like:123, read."""

from __future__ import annotations

import re

from search.errors import shortened
from search.query import Like, Near
from search.values import Unreadable
from search.words import WORD

DEFAULT_KILOMETRES = 5.0
_KILOMETRES = {"": 1.0, "km": 1.0, "m": 0.001, "mi": 1.609344}
"""A mile is 1,609.344 m (international yard and pound agreement, 1959)."""
_HALF_WAY_ROUND = 20_038.0
"""No two points on Earth lie further apart, in kilometres: half of the equator."""

_DEGREES = r"([+-]?[0-9]{1,3}(?:\.[0-9]{1,12})?)"
_NEAR = re.compile(
    rf"{_DEGREES}\s*[,;]\s*{_DEGREES}\s*(?:~\s*([0-9]{{1,5}}(?:\.[0-9]{{1,9}})?)\s*(km|mi|m|))?"
)
_ASSET = re.compile(r"[0-9]{1,18}")


def near(raw: str, position: int) -> Near:
    """A point in degrees and a distance; 5 km where none is given. Raises Unreadable."""
    match = _NEAR.fullmatch(raw.strip())
    if match is None:
        message = f"“near:” takes a point, as in near:48.85,2.35~5km; “{shortened(raw)}” is none."
        named = WORD.fullmatch(raw) is not None
        raise Unreadable(message, raw if named else "", "place" if named else "")
    latitude, longitude = float(match[1]), float(match[2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise Unreadable("Latitude goes from -90 to 90 and longitude from -180 to 180.")
    distance = float(match[3]) * _KILOMETRES[match[4]] if match[3] else DEFAULT_KILOMETRES
    if not 0 < distance <= _HALF_WAY_ROUND:
        raise Unreadable("The distance is above 0 and no further than half way round the Earth.")
    return Near(latitude, longitude, round(distance, 9), position)


def like(raw: str, position: int, *, by_sound: bool) -> Like:
    """The number of an asset. Raises Unreadable."""
    digits = raw.strip().lstrip("#")
    if not _ASSET.fullmatch(digits):
        raise Unreadable(f"“{shortened(raw)}” is no asset's number, as in like:123.")
    return Like(int(digits), by_sound, position)
