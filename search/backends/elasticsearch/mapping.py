"""The index: how texts are analysed, what a document holds, and how a word's occurrences count."""

from __future__ import annotations

from typing import Any

from search.words import SEPARATOR_RANGES

STEMMERS = {
    "en": "english",
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
"""Elasticsearch's stemmer for each language that has a field of its own."""

CJK = ("zh", "ja", "ko")
NORWEGIAN = ("nb", "nn")
PLAIN = "plain"
FIELDS = (*STEMMERS, "cjk", PLAIN)

WEIGHTS = {"a": 1.0, "b": 0.4, "c": 0.2, "d": 0.1}
"""What an occurrence is worth in texts of each weight: PostgreSQL's defaults for ts_rank."""

NESTED_LIMIT = 100_000
"""Moments of one asset in the index; those beyond are found by the asset's texts, but not shown."""

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
        "mapping": {"nested_objects": {"limit": NESTED_LIMIT}},
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


def mappings() -> dict[str, Any]:
    """The fields of an asset's document. Facts of one text field are apart: no phrase reaches across them."""
    return {
        "dynamic": "strict",
        "properties": {
            "asset": {"type": "long"},
            "library": {"type": "long"},
            "names": {"type": "wildcard"},
            "fingerprint": {"type": "keyword", "index": False, "doc_values": False},
            **{weight: {"properties": _texts()} for weight in WEIGHTS},
            "moments": {"type": "nested", "dynamic": "strict", "properties": _moment()},
        },
    }


def _texts() -> dict[str, Any]:
    return {field: {"type": "text", "analyzer": field, "similarity": "occurrences"} for field in FIELDS}


def _moment() -> dict[str, Any]:
    """`place` is the moment's rank among equally good ones, `label` what the filter for objects asks for."""
    return {
        "moment": {"type": "long"},
        "place": {"type": "integer"},
        "label": {"type": "keyword", "ignore_above": LONGEST_LABEL},
        "name": {"type": "wildcard"},
        "text": {"properties": _texts()},
    }
