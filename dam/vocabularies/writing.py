"""A vocabulary as SKOS: Turtle, RDF/XML and JSON-LD."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from rdflib import Graph

from dam.vocabularies import concepts
from dam.vocabularies.models import Vocabulary
from dam.vocabularies.skos import graph_of

TOGETHER = 500
"""Concepts of Turtle that are written at a time."""


@dataclass(frozen=True)
class Form:
    """A syntax of RDF: what rdflib calls it, its media type, and what people call it."""

    name: str
    media_type: str
    label: str


FORMS = {
    "ttl": Form("turtle", "text/turtle", "Turtle"),
    "rdf": Form("xml", "application/rdf+xml", "RDF/XML"),
    "jsonld": Form("json-ld", "application/ld+json", "JSON-LD"),
}
"""By the ending of a file's name."""


def write(vocabulary: Vocabulary, ending: str) -> Iterator[bytes]:
    """The vocabulary in pieces of the named syntax. Raises KeyError for one that is not in FORMS."""
    form = FORMS[ending]
    scheme = {name: getattr(vocabulary, name) for name in ("uri", "name", "language", "licence")}
    held = iter([each.written() for each in concepts.read(vocabulary).values()])
    while True:
        batch = list(islice(held, TOGETHER if ending == "ttl" else None))
        yield _serialized(graph_of(scheme, batch), form.name)
        if ending != "ttl" or len(batch) < TOGETHER:
            return


def _serialized(graph: Graph, name: str) -> bytes:
    return graph.serialize(format=name, encoding="utf-8")
