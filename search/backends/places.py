"""Places near a point: the facts that say where an asset was taken, by their distance on the globe."""

from __future__ import annotations

import math
import operator
from functools import reduce

from django.db.models import BooleanField, Exists, F, FloatField, Func, OuterRef, Q, Value
from django.db.models.lookups import LessThanOrEqual

from indexing.models import Annotation
from search.query import Near

STANDING = (Annotation.Status.PROPOSED, Annotation.Status.ACCEPTED)
KINDS = ("position", "place")
"""Positions, and places that people gave coordinates: what the index search_position holds."""
DEGREE = 6371.0088 * math.pi / 180
"""Kilometres of one degree of latitude, on a sphere of the mean radius of GRS 80."""
MARGIN = 1e-9
"""Degrees added to each side of a box, for what rounding takes away."""

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


class _Position(Func):
    function = "mediatheque_position"


class _Kilometres(Func):
    function = "mediatheque_kilometres"
    output_field = FloatField()


class _Within(Func):
    """Whether a point lies in a box; the index on positions serves it."""

    template = "%(expressions)s"
    arg_joiner = " <@ "
    output_field = BooleanField()


def near(place: Near, pk: str) -> Q:
    """The condition that the asset whose number the column `pk` holds was taken there."""
    position = _Position(F("details"))
    inside = [Q(_Within(position, _box(box))) for box in boxes(place)]
    middle = Func(Value(place.longitude), Value(place.latitude), function="point")
    close = Q(LessThanOrEqual(_Kilometres(position, middle), Value(place.kilometres)))
    facts = Annotation.objects.filter(
        kind__in=KINDS, details__has_key="lat", status__in=STANDING, asset=OuterRef(pk)
    )
    return Q(Exists(facts.filter(reduce(operator.or_, inside), close)))


def boxes(place: Near) -> list[Box]:
    """One or two boxes of degrees that hold the circle: two where it crosses the 180th meridian.

    J. P. Snyder, "Map projections: a working manual", 1987: the circle's meridians touch it at
    asin(sin(r) / cos(latitude)) from its middle; a circle over a pole reaches all of them.
    """
    angle = place.kilometres / DEGREE + MARGIN
    south, north = place.latitude - angle, place.latitude + angle
    if south <= -90 or north >= 90:
        return [(-180.0, max(south, -90.0), 180.0, min(north, 90.0))]
    reach = math.sin(math.radians(angle)) / math.cos(math.radians(place.latitude))
    width = math.degrees(math.asin(min(1.0, reach))) + MARGIN
    west, east = place.longitude - width, place.longitude + width
    if west < -180:
        return [(west + 360, south, 180.0, north), (-180.0, south, east, north)]
    if east > 180:
        return [(west, south, 180.0, north), (-180.0, south, east - 360, north)]
    return [(west, south, east, north)]


def _box(box: Box) -> Func:
    west, south, east, north = box
    corners = [Func(Value(x), Value(y), function="point") for x, y in ((west, south), (east, north))]
    return Func(*corners, function="box")
