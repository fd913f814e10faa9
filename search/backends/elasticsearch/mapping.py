"""The index: how texts are analysed, what a document holds, and how a word's occurrences count."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from search.words import SEPARATOR_RANGES

STEMMERS = {
    "en": "porter2",
    "de": "light_german",
    "fr": "light_french",
    "es": "light_spanish",
    "it": "light_italian",
    "pt": "light_portuguese",
    "nl": "dutch",
    "sv": "swedish",
    "da": "danish",
    "no": "norwegian",
    "fi": "finnish",
    "ru": "russian",
}
"""Elasticsearch's stemmer for each language with a field of its own; `porter2` is PostgreSQL's English."""

DATES = "strict_date_optional_time"
CJK = ("zh", "ja", "ko")
NORWEGIAN = ("nb", "nn")
PLAIN = "plain"
FIELDS = (*STEMMERS, "cjk", PLAIN)

WEIGHTS = {"a": 1.0, "b": 0.4, "c": 0.2, "d": 0.1}
"""What an occurrence is worth in texts of each weight: PostgreSQL's defaults for ts_rank."""

NESTED_LIMIT = 100_000
"""Moments of one asset in the index; those beyond are found by the asset's texts, but not shown."""

MOST_MOMENTS = 500
"""Moments of one asset that a request may ask for."""

VIEWS_LIMIT = 10_000
"""Vectors of one asset in the index; PostgreSQL holds them all."""

MOST_DIMENSIONS = 4096
QUANTISED = {"type": "int8_hnsw", "m": 16, "ef_construction": 128}
"""A byte for each dimension instead of four. Its neighbours are candidates only: PostgreSQL measures them
with the whole vectors. The scalar kind, and not `bbq_hnsw` (a bit for each dimension), because the cosines of
one text with all pictures lie close together."""

LONGEST_LABEL = 200
OCCURRENCES = "return query.boost * (doc.freq / (doc.freq + 1.2)) / (1.0 + Math.log(1.0 + doc.length));"
"""Occurrences level off as in BM25 and are divided by the length's logarithm, much as ts_rank does here.

There is no document frequency of the index in it: rarity is the query's boost, counted over what the reader
may see, so that the order of answers tells nothing about other assets.
"""


def field_of(language: str) -> str:
    """The field for texts in that language (BCP 47): English where it is not known, as in PostgreSQL."""
    primary = language.split("-")[0].lower()
    if primary in CJK:
        return "cjk"
    if primary in NORWEGIAN:
        return "no"
    return "en" if not primary else primary if primary in STEMMERS else PLAIN


def settings() -> dict[str, Any]:
    """The settings of a new index."""
    return {
        "similarity": {"occurrences": {"type": "scripted", "script": {"source": OCCURRENCES}}},
        "mapping": {"nested_objects": {"limit": NESTED_LIMIT + VIEWS_LIMIT}},
        "max_inner_result_window": MOST_MOMENTS,
        "analysis": {
            "char_filter": {
                "separators": {
                    "type": "pattern_replace",
                    "pattern": f"[{SEPARATOR_RANGES}]+",
                    "replacement": " ",
                }
            },
            "filter": {
                f"stem_{field}": {"type": "stemmer", "language": language}
                for field, language in STEMMERS.items()
            },
            "analyzer": {field: _analyser(field) for field in FIELDS},
        },
    }


def _analyser(field: str) -> dict[str, Any]:
    """Words as search/words.py cuts them, without case and accents, then in the language's basic form."""
    last = {"cjk": ["cjk_bigram"], PLAIN: []}.get(field, [f"stem_{field}"])
    return {
        "type": "custom",
        "char_filter": ["separators"],
        "tokenizer": "standard",
        "filter": ["cjk_width", "lowercase", "asciifolding", *last],
    }


def mappings(dimensions: Mapping[str, int]) -> dict[str, Any]:
    """The fields of an asset's document, with room for vectors of those spaces (name to dimensions).

    Facts of one text field are apart: no phrase reaches across them.
    """
    return {
        "dynamic": "strict",
        "properties": {
            "asset": {"type": "long"},
            "library": {"type": "long"},
            "kind": {"type": "keyword"},
            "duration": {"type": "double"},
            **{name: {"type": "date", "format": DATES} for name in ("taken", "added", "date")},
            "languages": {"type": "keyword"},
            "names": {"type": "wildcard"},
            "fingerprint": {"type": "keyword", "index": False, "doc_values": False},
            **{weight: {"properties": _texts()} for weight in WEIGHTS},
            "moments": {"type": "nested", "dynamic": "strict", "properties": _moment()},
            **views(dimensions),
        },
    }


def views(dimensions: Mapping[str, int]) -> dict[str, Any]:
    """The field for vectors, which another space may be added to while the index is in use."""
    vectors = {vector_field(space): _vector(number) for space, number in sorted(dimensions.items())}
    return {"views": {"type": "nested", "dynamic": "strict", "properties": vectors}}


def vector_field(space: str) -> str:
    """The field below `views` for vectors of that space, whatever its name is made of."""
    return f"v{hashlib.sha256(space.encode()).hexdigest()[:12]}"


def _vector(dimensions: int) -> dict[str, Any]:
    return {"type": "dense_vector", "dims": dimensions, "similarity": "cosine", "index_options": QUANTISED}


def _texts() -> dict[str, Any]:
    return {field: {"type": "text", "analyzer": field, "similarity": "occurrences"} for field in FIELDS}


def _moment() -> dict[str, Any]:
    """`place` is the moment's rank among equally good ones, `label` what the filter for objects asks for."""
    return {
        "moment": {"type": "long"},
        "place": {"type": "integer"},
        "kind": {"type": "keyword"},
        "label": {"type": "keyword", "ignore_above": LONGEST_LABEL},
        "name": {"type": "wildcard"},
        "confidence": {"type": "double"},
        "source": {"type": "keyword"},
        "authority": {"type": "integer"},
        "text": {"properties": _texts()},
    }
