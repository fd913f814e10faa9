"""The filter panel and the text in step: each field of the panel is a part of what stands in the box."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from search.fields import ATTRIBUTES, canonical, names
from search.parser import QueryError, parse
from search.query import And, Attribute, Bounds, Query
from search.rewrite import Part, parts, setting, with_added, with_attribute
from search.unparse import unparse

DAYS = ("date_from", "date_to")
"""The two fields of the panel that stand for `date:`."""

_AS_IT_IS = re.compile(r'"[^"]*"|\(.*\)|\w+\*')
"""Values of facts that say themselves how they are read: a phrase, a group, the beginning of a word."""


def given(address: Mapping[str, str]) -> dict[str, str]:
    """The panel's fields that an address holds, by their names in the language, empty ones too. Other names
    of a field are read as well, so `kind` and `language` of older addresses are."""
    read = {canonical(name): _clean(value) for name, value in address.items()}
    fields = {name: read[name] for name in names() if name in read}
    if any(name in address for name in DAYS):
        fields["date"] = between([_clean(address.get(name, "")) for name in DAYS])
    return fields


def values(query: Query, narrowing: Sequence[Part]) -> dict[str, str]:
    """What each field of the panel holds for a query and its parts: the first part of that name, as a person
    types it; the days as `date_from` and `date_to` too."""
    found: dict[str, str] = {}
    for part in narrowing:
        if part.name:
            found.setdefault(part.name, part.value)
    if "date" not in found:
        return found
    both = days(query)
    return {**found, "date": between(both), **dict(zip(DAYS, both, strict=True))}


def days(query: Query) -> tuple[str, str]:
    """The first and the last day of the query in ISO 8601, empty where it sets none."""
    for node in query.root.children:
        if isinstance(node, Attribute) and node.name == "date" and isinstance(node.value, Bounds):
            return _day(node.value.low), _day(node.value.high)
    return "", ""


def between(both: Sequence[str]) -> str:
    """Two days in ISO 8601, either of which may be empty, as the language writes them."""
    first, last = both
    if first and last:
        is_year = first.endswith("-01-01") and last == f"{first[:-6]}-12-31"
        return first[:-6] if is_year else first if first == last else f"{first}..{last}"
    return f">={first}" if first else f"<={last}" if last else ""


def rewritten(text: str, fields: Mapping[str, str]) -> str:
    """The text with its fields as the panel has them: each is left, taken away, or added at the end.

    A text or a value that is no query is kept as it is, for the parser to say what is wrong with it.
    """
    standing = _standing(text)
    changed = {name: value for name, value in fields.items() if value != standing.get(name, "")}
    for name in changed:
        if name in standing:
            text = with_attribute(parse(text), name, None)
    for name, value in changed.items():
        text = _added(text, name, value) if value else text
    return text


def narrowed(text: str, name: str, value: str) -> str:
    """The text with that value asked for too; an attribute, of which there is one, is replaced."""
    if name in ATTRIBUTES:
        return rewritten(text, {name: value})
    return _added(text, name, value)


def free_words(query: Query) -> str:
    """The query's text without its parts: what is searched by meaning too."""
    musts = query.musts().children
    return unparse(Query(And(tuple(child for child in query.root.children if child not in musts))))


def _standing(text: str) -> dict[str, str]:
    try:
        query = parse(text)
    except QueryError:
        return {}
    return values(query, parts(query))


def _added(text: str, name: str, value: str) -> str:
    if not _AS_IT_IS.fullmatch(value):
        try:
            return with_added(parse(text), name, value)
        except QueryError:
            value = setting(name, value).partition(":")[2]
    return f"{text} {name}:{value}".strip()


def _day(value: float | date | None) -> str:
    return value.isoformat() if isinstance(value, date) else ""


def _clean(value: str) -> str:
    return " ".join(value.encode("utf-8", "ignore").decode().replace("\x00", "").split())
