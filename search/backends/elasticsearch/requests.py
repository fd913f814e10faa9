"""The bodies of the searches that are sent: to count words, to find assets, near vectors, and moments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from search import ranking
from search.backends.elasticsearch.mapping import MOST_MOMENTS, vector_field
from search.backends.elasticsearch.translation import ROOT, Body, Clauses, any_of
from search.backends.translation import answers, key, words_of
from search.meaning import Meaning
from search.query import And, Node, Phrase, Word

MOST_CANDIDATES = 10_000
"""Elasticsearch's limit for the neighbours that a search keeps in hand on each shard."""
CANDIDATES_PER_HIT = 4


def counting(words: Sequence[Word], clauses: Clauses, scope: Body) -> Body:
    """On how many documents within the scope each word is; the buckets are named by the words' places."""
    filters = {str(place): clauses.as_written(word, ROOT) for place, word in enumerate(words)}
    return {
        "size": 0,
        "track_total_hits": False,
        "query": {"bool": {"filter": [scope]}},
        "aggs": {"words": {"filters": {"filters": filters}}},
    }


def answering(
    answer: Body, conditions: Sequence[Body], size: int, after: Sequence[Any] | None = None
) -> Body:
    """The best documents that the clause and the conditions hold for, from behind the sort values `after`."""
    body: Body = {
        "size": size,
        "_source": False,
        "track_total_hits": False,
        "query": {"bool": {"must": [answer], "filter": list(conditions)}},
        "sort": [{"_score": {"order": "desc"}}, {"asset": {"order": "desc"}}],
    }
    return body if after is None else {**body, "search_after": list(after)}


def near(meaning: Meaning, limit: int, conditions: Sequence[Body]) -> Body:
    """The `limit` documents with the nearest vectors for which the conditions hold, nearest first."""
    return {
        "size": limit,
        "_source": False,
        "track_total_hits": False,
        "knn": {
            "field": f"views.{vector_field(meaning.space)}",
            "query_vector": [round(float(number), 7) for number in meaning.vector],
            "k": limit,
            "num_candidates": min(MOST_CANDIDATES, limit * CANDIDATES_PER_HIT),
            "filter": {"bool": {"filter": list(conditions)}},
        },
    }


def showing(tree: And, clauses: Clauses, label: str, asset_ids: Collection[int], limit: int) -> Body:
    """The best moments of each of those documents: by the share of the query they hold, then by place."""
    return {
        "size": len(asset_ids),
        "_source": False,
        "track_total_hits": False,
        "query": {
            "bool": {
                "filter": [{"terms": {"asset": sorted(asset_ids)}}],
                "must": [_nested(any_of(_shares(tree, clauses, label)), min(limit, MOST_MOMENTS))],
            }
        },
    }


def _shares(tree: And, clauses: Clauses, label: str) -> list[Body]:
    """The parts of the query that single moments answer; whatever says more than words is worth more than
    all free words together."""
    parts = list({_identity(node): node for node in answers(tree)}.values())
    free = [node for node in parts if isinstance(node, Word | Phrase)]
    shares = [_worth(clauses.on_moments(node), clauses.worth(node)) for node in free]
    if label:
        shares.append(_worth({"term": {"moments.label": label.upper()}}, ranking.rarity(ranking.COMMON)))
    most = sum(share["constant_score"]["boost"] for share in shares)
    rest = [node for node in parts if not isinstance(node, Word | Phrase)]
    return shares + [_worth(clauses.on_moments(node), most + clauses.worth(node)) for node in rest]


def _identity(node: Node) -> object:
    """The same for leaves of the same words, wherever they stand in the reader's string."""
    if isinstance(node, Word | Phrase):
        return tuple(key(word) for word in words_of(node))
    return node


def _nested(query: Body, limit: int) -> Body:
    best = {
        "size": limit,
        "_source": False,
        "docvalue_fields": [{"field": "moments.moment"}],
        "sort": [{"_score": {"order": "desc"}}, {"moments.place": {"order": "asc"}}],
    }
    return {"nested": {"path": "moments", "query": query, "inner_hits": best}}


def _worth(query: Body, worth: float) -> Body:
    return {"constant_score": {"filter": query, "boost": round(worth, 6)}}
