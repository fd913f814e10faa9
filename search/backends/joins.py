"""Time joins: how the spans of two facts of one asset lie to each other, decided by PostgreSQL's ranges."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Aggregate,
    BooleanField,
    Exists,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable

from search.models import MomentDocument, SpanField
from search.query import Relation


class Overlaps(Func):
    """Whether two spans share an instant."""

    template = "%(expressions)s"
    arg_joiner = " && "
    output_field = BooleanField()


class Before(Func):
    """Whether all of one span lies before all of another; [0, 3) is before [3, 5)."""

    template = "%(expressions)s"
    arg_joiner = " << "
    output_field = BooleanField()


class _Span(Func):
    function = "mediatheque_span"
    output_field = SpanField()


class _Union(Aggregate):
    function = "range_agg"
    output_field = SpanField()


def in_relation(left: Q, relation: Relation, right: Q, within: float | None) -> Q:
    """The condition on a MomentDocument that it answers `left` and lies so to a moment of the same asset that
    answers `right`; `within` is in seconds."""
    others = _others(right, relation, within or 0.0, bounded=within is not None)
    return left & (~Q(Exists(others)) if relation is Relation.NOT_WHILE else Q(Exists(others)))


def shared_spans(right: Q) -> Combinable:
    """When moments that answer `right` last within a MomentDocument: an array of (start, end) in seconds,
    in order, those without a gap as one; NULL for an open side."""
    pieces = Func(
        _Union("span"),
        OuterRef("span"),
        function="mediatheque_shared_spans",
        output_field=ArrayField(ArrayField(FloatField(null=True))),
    )
    others = _others(right, Relation.WHILE, 0.0, bounded=False).order_by().values("asset")
    return Subquery(others.annotate(pieces=pieces).values("pieces"))


def _others(right: Q, relation: Relation, within: float, *, bounded: bool) -> QuerySet[MomentDocument]:
    moments = MomentDocument.objects.filter(right, asset=OuterRef("asset"))
    match relation:
        case Relation.THEN:
            following = moments.filter(Before(OuterRef("span"), F("span")))
            return following.filter(Overlaps(F("span"), _soon_after(within))) if bounded else following
        case Relation.WITH if within:
            return moments.filter(Overlaps(F("span"), _widened(within)))
        case _:
            return moments.filter(Overlaps(F("span"), OuterRef("span")))


def _soon_after(within: float) -> _Span:
    """From the end of the left span to so many seconds later, both included."""
    end = Func(OuterRef("span"), function="upper", output_field=FloatField())
    return _Span(end, end + Value(within), Value("[]"))


def _widened(within: float) -> Combinable:
    """The left span and so many seconds before and after it."""
    return Func(OuterRef("span"), Value(within), function="mediatheque_widened", output_field=SpanField())
