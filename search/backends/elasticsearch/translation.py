"""From the query's tree to request bodies."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from search import ranking
from search.backends.elasticsearch.mapping import WEIGHTS
from search.backends.translation import Terms, leaves, part_of_name, words_of
from search.query import And, Node, Not, Or, Phrase, Word

Body = dict[str, Any]
ROOT = [f"{weight}.*^{worth}" for weight, worth in WEIGHTS.items()]
MOMENT = ["moments.text.*"]
MATCH_NOTHING: Body = {"match_none": {}}


def counting(words: Sequence[str], scope: Body) -> Body:
    """On how many documents within the scope each word is; the buckets are named by the words' places."""
    filters = {str(place): _match(word, ROOT) for place, word in enumerate(words)}
    return {
        "size": 0,
        "track_total_hits": False,
        "query": {"bool": {"filter": [scope]}},
        "aggs": {"words": {"filters": {"filters": filters}}},
    }


def answering(tree: And, terms: Terms, scope: Body, size: int, after: Sequence[Any] | None) -> Body:
    """The best documents within the scope that answer the tree, from behind the sort values `after`."""
    body: Body = {
        "size": size,
        "_source": False,
        "track_total_hits": False,
        "query": {"bool": {"must": [clause(tree, terms)], "filter": [scope]}},
        "sort": [{"_score": {"order": "desc"}}, {"asset": {"order": "desc"}}],
    }
    return body if after is None else {**body, "search_after": list(after)}


def clause(node: Node, terms: Terms) -> Body:
    """The condition on an asset's document for a tree that `searchable` returned, and its score."""
    match node:
        case Word(text=text) if part := part_of_name(terms[text]):
            return _holds("names", part)
        case Word() | Phrase():
            return _match(_text(node), ROOT, boost=_rarity(node, terms))
        case Not(child=child):
            return {"bool": {"must_not": [clause(child, terms)]}}
        case And(children=children):
            return {"bool": {"must": [clause(child, terms) for child in children]}}
        case Or(children=children):
            return _any([clause(child, terms) for child in children])


def showing(tree: And, terms: Terms, label: str, asset_ids: Collection[int], limit: int) -> Body:
    """The best moments of each of those documents: by the share of the query they hold, then by place."""
    shares = [_share(leaf, terms) for leaf in leaves(tree)]
    if label:
        shares.append(_worth({"term": {"moments.label": label.upper()}}, ranking.rarity(ranking.COMMON)))
    return {
        "size": len(asset_ids),
        "_source": False,
        "track_total_hits": False,
        "query": {
            "bool": {
                "filter": [{"terms": {"asset": sorted(asset_ids)}}],
                "must": [_nested(_any(shares) if shares else MATCH_NOTHING, limit)],
            }
        },
    }


def _nested(query: Body, limit: int) -> Body:
    best = {
        "size": limit,
        "_source": False,
        "docvalue_fields": [{"field": "moments.moment"}],
        "sort": [{"_score": {"order": "desc"}}, {"moments.place": {"order": "asc"}}],
    }
    return {"nested": {"path": "moments", "query": query, "inner_hits": best}}


def _share(leaf: Word | Phrase, terms: Terms) -> Body:
    here = _match(_text(leaf), MOMENT)
    if isinstance(leaf, Word) and (part := part_of_name(terms[leaf.text])):
        here = _any([here, _holds("moments.name", part)])
    return _worth(here, sum(ranking.rarity(terms[word.text].assets) for word in words_of(leaf)))


def _worth(query: Body, worth: float) -> Body:
    return {"constant_score": {"filter": query, "boost": round(worth, 6)}}


def _any(clauses: Sequence[Mapping[str, Any]]) -> Body:
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}}


def _match(text: str, fields: Sequence[str], boost: float = 1.0) -> Body:
    """The words one after the other in a text of any language: each field analyses them its own way."""
    return {"multi_match": {"query": text, "type": "phrase", "fields": list(fields), "boost": boost}}


def _holds(field: str, part: str) -> Body:
    escaped = part.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?")
    return {"wildcard": {field: {"value": f"*{escaped}*", "case_insensitive": True}}}


def _text(leaf: Word | Phrase) -> str:
    return " ".join(word.text for word in words_of(leaf))


def _rarity(leaf: Word | Phrase, terms: Terms) -> float:
    """The mean over the words: the cluster adds a phrase's words up itself."""
    each = [ranking.rarity(terms[word.text].assets) for word in words_of(leaf)]
    return round(sum(each) / len(each), 6)
