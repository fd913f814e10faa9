"""What is known of assets and of facts besides their words, as clauses on an asset's document."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from indexing.models import Annotation
from search.query import Attribute, Bounds

Body = dict[str, Any]

RANGES = {"duration": "duration", "date": "date", "taken": "taken", "added": "added"}
IN_THE_INDEX = frozenset({"type", "lang", *RANGES})
"""Attributes of assets that the documents hold; the others (who sees which collection, the state of the work,
the tempo) are asked of PostgreSQL."""

A_PERSONS = 2
"""MomentDocument.authority of what a person said or accepted."""
SOURCES = {
    "human": Annotation.Source.PERSON,
    "file": Annotation.Source.FILE,
    "machine": Annotation.Source.MACHINE,
}


def of_asset(attribute: Attribute) -> Body:
    """The clause for an attribute in IN_THE_INDEX. Raises KeyError for any other."""
    match attribute.name, attribute.value:
        case "type", str(kind):
            return {"term": {"kind": kind}}
        case "lang", str(language):
            return {"term": {"languages": language.lower()}}
        case name, Bounds() as bounds:
            return between(RANGES[name], bounds)
    raise KeyError(f"{attribute.name} is not in the index.")


def of_fact(attribute: Attribute) -> Body:
    """The clause on one moment for an attribute of facts. Raises KeyError for any other."""
    match attribute.name, attribute.value:
        case "confidence", Bounds() as bounds:
            return between("moments.confidence", bounds)
        case "reviewed", choice:
            reviewed: Body = {"term": {"moments.authority": A_PERSONS}}
            return reviewed if choice == "yes" else {"bool": {"must_not": [reviewed]}}
        case "source", str(choice):
            return {"term": {"moments.source": SOURCES[choice]}}
    raise KeyError(f"{attribute.name} is no attribute of facts.")


def between(field: str, bounds: Bounds) -> Body:
    """Numbers as they are; days from the beginning of the first to the end of the last, in UTC. A field that
    is not known is not between anything."""
    limits: Body = {}
    if bounds.low is not None:
        over = "gte" if bounds.includes_low or isinstance(bounds.low, date) else "gt"
        limits[over] = bounds.low.isoformat() if isinstance(bounds.low, date) else bounds.low
    if isinstance(bounds.high, date):
        limits |= {"lt": (bounds.high + timedelta(days=1)).isoformat()} if bounds.high < date.max else {}
    elif bounds.high is not None:
        limits["lte" if bounds.includes_high else "lt"] = bounds.high
    return {"range": {field: limits}} if limits else {"exists": {"field": field}}
