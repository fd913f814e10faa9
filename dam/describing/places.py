"""Places as people write them: a name, and coordinates in brackets where they are known."""

from __future__ import annotations

import re
from dataclasses import dataclass

COORDINATES = re.compile(r"(.*?)\s*\(\s*([-+]?\d+(?:\.\d+)?)\s*[,;]\s*([-+]?\d+(?:\.\d+)?)\s*\)")
OUTSIDE = "{} is no place on Earth: latitude goes from -90 to 90 and longitude from -180 to 180."
NAMELESS = "Give the place a name before its coordinates, like Altona (53.5503, 9.9351)."


@dataclass(frozen=True)
class WrittenPlace:
    """A place by name; `lat` and `lon` are degrees, north and east positive."""

    name: str
    lat: float | None = None
    lon: float | None = None

    @property
    def written(self) -> str:
        """The place as it stands in the form."""
        if self.lat is None or self.lon is None:
            return self.name
        return f"{self.name} ({_degrees(self.lat)}, {_degrees(self.lon)})"

    @property
    def details(self) -> dict[str, float]:
        """The coordinates as the details of a fact hold them, like those of a "position"."""
        return {} if self.lat is None or self.lon is None else {"lat": self.lat, "lon": self.lon}


def read(text: str) -> WrittenPlace:
    """Read one place. Raises ValueError, which says how to mend it."""
    match = COORDINATES.fullmatch(text)
    if match is None:
        return WrittenPlace(text)
    lat, lon = round(float(match[2]), 6), round(float(match[3]), 6)
    if abs(lat) > 90 or abs(lon) > 180:
        raise ValueError(OUTSIDE.format(f"{match[2]}, {match[3]}"))
    if not match[1]:
        raise ValueError(NAMELESS)
    return WrittenPlace(match[1], lat, lon)


def _degrees(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")
