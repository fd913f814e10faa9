"""SKOS in RDF: from a graph to concepts, and from concepts to a graph. No ORM, no settings, no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rdflib import Graph, Literal, Namespace, Node, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, SKOS

XL = Namespace("http://www.w3.org/2008/05/skos-xl#")
LABELS = {"prefLabel": "preferred", "altLabel": "alternative", "hiddenLabel": "hidden"}
NOTES = ("note", "scopeNote", "definition", "example", "historyNote", "editorialNote", "changeNote")
MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
READ = {SKOS[name] for name in (*LABELS, *NOTES, *MATCHES, "broader", "narrower", "related", "notation")}
READ |= {SKOS.inScheme, SKOS.topConceptOf, SKOS.broaderTransitive, SKOS.narrowerTransitive, RDF.type}
READ |= {XL[name] for name in LABELS}
LONGEST_NOTE = 20_000
"""Characters of a note; the rest is cut off."""


def concepts_of(graph: Graph) -> dict[str, Any]:
    """What a graph says: {"scheme": {...}, "concepts": [...], "left_out": {"property": how many}}.

    Concepts are as concepts.Concept writes them. A blank node has the address "". Names of broader terms
    and of narrower ones mean the same step; dam.vocabularies.planning judges what is there.
    """
    nodes = sorted(_concepts(graph), key=str)
    up = _steps_up(graph)
    return {
        "scheme": _scheme(graph),
        "concepts": [_concept(graph, node, up.get(node, set())) for node in nodes],
        "left_out": _left_out(graph, nodes),
    }


def _concepts(graph: Graph) -> set[Node]:
    found = set(graph.subjects(RDF.type, SKOS.Concept))
    found |= set(graph.subjects(SKOS.prefLabel)) | set(graph.subjects(XL.prefLabel))
    found |= set(graph.subjects(SKOS.inScheme)) | set(graph.objects(None, SKOS.hasTopConcept))
    others = {SKOS.ConceptScheme, SKOS.Collection, SKOS.OrderedCollection, XL.Label}
    return {
        node
        for node in found
        if not isinstance(node, Literal) and not others & set(graph.objects(node, RDF.type))
    }


def _scheme(graph: Graph) -> dict[str, str]:
    """The address, name and licence of the first concept scheme, empty where there is none."""
    schemes = sorted(
        {*graph.subjects(RDF.type, SKOS.ConceptScheme), *graph.objects(None, SKOS.inScheme)}, key=str
    )
    if not schemes:
        return {}
    names = [
        text
        for each in (SKOS.prefLabel, DCTERMS.title, RDFS.label)
        for text in graph.objects(schemes[0], each)
    ]
    licences = [
        text for each in (DCTERMS.license, DCTERMS.rights) for text in graph.objects(schemes[0], each)
    ]
    return {
        "uri": _address(schemes[0]),
        "name": str(names[0])[:200] if names else "",
        "licence": str(licences[0])[:LONGEST_NOTE] if licences else "",
    }


def _steps_up(graph: Graph) -> dict[Node, set[str]]:
    """Addresses of the broader terms of each concept, whichever of the two said so."""
    found: dict[Node, set[str]] = {}
    for narrower, broader in graph.subject_objects(SKOS.broader):
        found.setdefault(narrower, set()).add(_address(broader))
    for broader, narrower in graph.subject_objects(SKOS.narrower):
        found.setdefault(narrower, set()).add(_address(broader))
    return found


def _concept(graph: Graph, node: Node, broader: set[str]) -> dict[str, Any]:
    notations = sorted(_text(each) for each in graph.objects(node, SKOS.notation))
    return {
        "uri": _address(node),
        "labels": [list(each) for each in sorted(set(_labels(graph, node)))],
        "notation": notations[0] if notations else "",
        "notes": {name: notes for name in NOTES if (notes := _notes(graph, node, name))},
        "matches": {name: uris for name in MATCHES if (uris := _addresses(graph, node, name))},
        "broader": sorted(broader),
        "related": sorted(_addresses(graph, node, "related")),
    }


def _labels(graph: Graph, node: Node) -> Iterator[tuple[str, str, str]]:
    for name, kind in LABELS.items():
        extended = (
            form for each in graph.objects(node, XL[name]) for form in graph.objects(each, XL.literalForm)
        )
        for text in (*graph.objects(node, SKOS[name]), *extended):
            if isinstance(text, Literal) and _text(text):
                yield kind, text.language or "", _text(text)


def _notes(graph: Graph, node: Node, name: str) -> dict[str, str]:
    """Notes by language; several in one language are paragraphs of one."""
    found: dict[str, list[str]] = {}
    for text in sorted(graph.objects(node, SKOS[name]), key=str):
        if isinstance(text, Literal):
            found.setdefault(text.language or "", []).append(str(text).strip().replace("\x00", ""))
    return {language: "\n\n".join(texts)[:LONGEST_NOTE] for language, texts in sorted(found.items())}


def _addresses(graph: Graph, node: Node, name: str) -> list[str]:
    return sorted({str(each) for each in graph.objects(node, SKOS[name]) if isinstance(each, URIRef)})


def _left_out(graph: Graph, nodes: Iterable[Node]) -> dict[str, int]:
    """How often concepts have properties that are not read, and how many collections there are."""
    known = set(nodes)
    left = Counter(str(name) for subject, name, _ in graph if subject in known and name not in READ)
    collections = {
        *graph.subjects(RDF.type, SKOS.Collection),
        *graph.subjects(RDF.type, SKOS.OrderedCollection),
    }
    if collections:
        left[str(SKOS.Collection)] = len(collections)
    return dict(left.most_common(20))


def _text(node: Node) -> str:
    return " ".join(str(node).replace("\x00", "").split())


def _address(node: Node) -> str:
    return str(node) if isinstance(node, URIRef) else ""


def graph_of(scheme: Mapping[str, str], concepts: Iterable[Mapping[str, Any]]) -> Graph:
    """The graph of a concept scheme ({"uri", "name", "language", "licence"}) and its concepts."""
    graph = Graph()
    graph.bind("skos", SKOS)
    graph.bind("dcterms", DCTERMS)
    whole = URIRef(scheme["uri"])
    graph.add((whole, RDF.type, SKOS.ConceptScheme))
    graph.add((whole, SKOS.prefLabel, _literal(scheme["name"], scheme["language"])))
    if scheme["licence"]:
        graph.add((whole, DCTERMS.rights, Literal(scheme["licence"])))
    for concept in concepts:
        for name, value in _statements(whole, concept):
            graph.add((URIRef(concept["uri"]), name, value))
        for other in () if concept["broader"] else (URIRef(concept["uri"]),):
            graph.add((whole, SKOS.hasTopConcept, other))
    return graph


def _statements(whole: URIRef, concept: Mapping[str, Any]) -> Iterator[tuple[URIRef, Node]]:
    yield RDF.type, SKOS.Concept
    yield SKOS.inScheme, whole
    names = {kind: name for name, kind in LABELS.items()}
    for kind, language, text in concept["labels"]:
        yield SKOS[names[kind]], _literal(text, language)
    if concept["notation"]:
        yield SKOS.notation, Literal(concept["notation"])
    for name, notes in concept["notes"].items():
        for language, text in notes.items():
            yield SKOS[name], _literal(text, language)
    for name, uris in (
        *concept["matches"].items(),
        ("broader", concept["broader"]),
        ("related", concept["related"]),
    ):
        for uri in uris:
            yield SKOS[name], URIRef(uri)


def _literal(text: str, language: str) -> Literal:
    return Literal(text, lang=language or None)
