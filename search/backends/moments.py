"""The moments of assets that answer a query, from the index tables and from likeness."""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import groupby

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, F, FloatField, Func, IntegerField, Q, QuerySet, Sum, Value, When, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Left, RowNumber

from indexing.analysers.contract import Region
from search import ranking
from search.backends.base import AssetMoments, Neighbour
from search.backends.conditions import Conditions
from search.backends.structured import Scope
from search.backends.translation import Terms, answers, key, leaves, part_of_name, tsquery, words_of
from search.backends.tsearch import Matches
from search.models import MomentDocument
from search.query import And, Like, Node, Or, Phrase, Word
from search.results import Moment, Piece

LONGEST_TEXT = 20_000
"""Characters of one fact that a snippet is taken from."""


@dataclass(frozen=True)
class Share:
    """A part of the query: when a moment answers it, what that is worth, and at which times of the moment,
    where it is not all of it."""

    here: Q
    worth: float
    spans: Combinable | None = None


def shares_of(tree: And, label: str, conditions: Conditions) -> list[Share]:
    """The parts of the query that single moments answer, and the object `label` of the filters.

    Whatever says more than words is worth more than all free words together.
    """
    parts = list({_identity(node): node for node in answers(tree)}.values())
    free = [node for node in parts if isinstance(node, Word | Phrase)]
    shares = [Share(_here(node, conditions), _worth(node, conditions.terms)) for node in free]
    if label:
        named = Q(kind="object", text__iexact=label)
        shares.append(Share(named, ranking.rarity(ranking.COMMON)))
    most = sum(share.worth for share in shares)
    for node in parts:
        if not isinstance(node, Word | Phrase):
            worth = most + _worth(node, conditions.terms)
            shares.append(Share(conditions.on_moments(node), worth, conditions.shared_spans(node)))
    return shares


def _identity(node: Node) -> object:
    """The same for leaves of the same words, wherever they stand in the reader's string."""
    if isinstance(node, Word | Phrase):
        return tuple(key(word) for word in words_of(node))
    return node


def _here(leaf: Word | Phrase, conditions: Conditions) -> Q:
    here = Q(Matches("vector", tsquery(leaf, conditions.terms)))
    if isinstance(leaf, Word) and part_of_name(conditions.terms[key(leaf)]):
        here |= conditions.on_moments(leaf)
    return here


def _worth(node: Node, terms: Terms) -> float:
    words = [word for leaf in leaves(node) for word in words_of(leaf)]
    return sum(ranking.rarity(terms[key(word)].assets) for word in words) or ranking.rarity(ranking.COMMON)


def of_assets(asset_ids: Collection[int], shares: Sequence[Share], limit: int) -> dict[int, AssetMoments]:
    """The best `limit` moments of each asset: by the share of the query they hold, then by who says so."""
    rows = _best(MomentDocument.objects.filter(asset__in=asset_ids), shares, limit)
    return {pk: _of_asset(list(group), limit) for pk, group in groupby(rows, key=lambda row: row.asset_id)}


def _best(moments: QuerySet[MomentDocument], shares: Sequence[Share], limit: int) -> QuerySet[MomentDocument]:
    whole = sum(share.worth for share in shares)
    held = [Case(When(share.here, then=Value(share.worth / whole)), default=Value(0.0)) for share in shares]
    order = [F("score").desc(), F("authority").desc(), F("weight").asc()]
    order += [F("confidence").desc(nulls_last=True), F("start").asc(nulls_first=True), F("pk").asc()]
    times = Coalesce(Func("spans", Value(1), function="array_length"), 1, output_field=IntegerField())
    return (
        moments.filter(reduce(operator.or_, (share.here for share in shares)))
        .annotate(score=reduce(operator.add, held), shown=Left("text", LONGEST_TEXT), spans=_spans(shares))
        .annotate(
            place=Window(RowNumber(), partition_by="asset", order_by=order),
            count=Window(Sum(times), partition_by="asset"),
        )
        .filter(place__lte=limit)
        .order_by("asset", "place")
        .defer("vector", "text", "span")
    )


def _spans(shares: Sequence[Share]) -> Combinable:
    """The times of a moment at which it answers the first part that has such, NULL for all of it."""
    times = ArrayField(ArrayField(FloatField(null=True)))
    cases = [When(share.here, then=share.spans) for share in shares if share.spans is not None]
    return Case(*cases, default=Value(None, output_field=times), output_field=times)


def _of_asset(rows: list[MomentDocument], limit: int) -> AssetMoments:
    moments = [moment for row in rows for moment in _at_its_times(row)]
    return AssetMoments(moments[:limit], rows[0].count)  # type: ignore[attr-defined]


def _at_its_times(row: MomentDocument) -> list[Moment]:
    moment = moment_of(row, row.score)  # type: ignore[attr-defined]
    spans = row.spans or [(row.start, row.end)]  # type: ignore[attr-defined]
    return [replace(moment, start=start, end=end) for start, end in spans]


def moment_of(row: MomentDocument, score: float) -> Moment:
    """A row that is annotated with `shown`, the text as far as it is shown."""
    region = None if row.x is None else Region(row.x, row.y, row.w, row.h)  # type: ignore[arg-type]
    return Moment(
        asset_id=row.asset_id,
        reason=row.reason,
        kind=row.kind,
        pieces=(Piece(row.shown, False),),  # type: ignore[attr-defined]
        start=row.start,
        end=row.end,
        region=region,
        annotation_id=row.annotation_id,
        score=score,
    )


def likenesses(
    tree: And, scope: Scope, asset_ids: Collection[int], found: Mapping[int, AssetMoments]
) -> Mapping[int, AssetMoments]:
    """What was found, and before it the places at which assets are like the one that the query names."""
    merged = dict(found)
    for like in _likes(tree):
        for near in scope.alike(like):
            if near.asset_id in asset_ids:
                moment = _likeness(like, near)
                others = merged.get(near.asset_id, AssetMoments())
                merged[near.asset_id] = AssetMoments([moment, *others.moments], others.count + 1)
    return merged


def most_alike_first(tree: And, scope: Scope, asset_ids: Sequence[int]) -> list[int]:
    """The assets in order of their likeness to those that the query names, else in the order given."""
    nearness = {near.asset_id: near.similarity for like in _likes(tree) for near in scope.alike(like)}
    return sorted(asset_ids, key=lambda pk: -nearness.get(pk, 0.0))


def _likes(node: Node) -> Iterator[Like]:
    """The likenesses that are asked for, not the excluded ones."""
    match node:
        case Like():
            yield node
        case And(children=children) | Or(children=children):
            for child in children:
                yield from _likes(child)


def _likeness(like: Like, near: Neighbour) -> Moment:
    reason, kind = ("sounds like", "music") if like.by_sound else ("looks like", "likeness")
    piece = Piece("your example", False)
    return Moment(near.asset_id, reason, kind, (piece,), near.start, near.end, score=near.similarity)
