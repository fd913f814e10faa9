"""Strings that look like searches, for tests that hold for any of them."""

from __future__ import annotations

from hypothesis import strategies as st

from search import fields

_PLAIN = ["dog", "C++", "12:30", "well-known", "wed*", "OR", "\\OR", "WITH", "GONE", "é", "猫", "1969", "!!"]
_VALUES = ["video", ">10m", "1:30", "90..110", "1969", "1969-07..1972", "0.8", "<=0.25", "80%"]
_VALUES += [
    "yes",
    "human",
    "fr",
    "1h30m",
    '"Apollo 11"',
    "“a”",
    "48.85,2.35~5km",
    "x",
    "1960s",
    "12",
    ">5..<7",
]
_NAMES = [*fields.names(), "people", "Licenses", "spaeker", "foo"]
_OPERATORS = [" ", " ", " OR ", " AND ", " NOT ", " WITH ", " WHILE ", " THEN ", " NOT WHILE ", " -", "", ")"]


def queries() -> st.SearchStrategy[str]:
    """Strings made of the language's own pieces, most of them well formed."""
    plain = st.sampled_from(_PLAIN) | st.from_regex(r"[a-zA-Z]{1,6}", fullmatch=True)
    phrase = st.lists(plain, max_size=3).map(lambda words: f'"{" ".join(words)}"')
    valued = st.builds("{}:{}".format, st.sampled_from(_NAMES), st.sampled_from(_VALUES))
    leaf = plain | phrase | valued
    return st.recursive(leaf, _composed, max_leaves=8)


def _composed(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = inner.map("({})".format)
    named = st.builds("{}:{}".format, st.sampled_from(_NAMES), group)
    excluded = inner.map("-{}".format)
    within = st.sampled_from(["", "", " WITHIN 5s", " WITHIN 2 minutes"])
    pair = st.builds("{}{}{}{}".format, inner, st.sampled_from(_OPERATORS), inner, within)
    return group | named | excluded | pair
