"""Digital source types (IPTC NewsCodes, cv.iptc.org/newscodes/digitalsourcetype) and what they declare."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from indexing.analysers.contract import Finding
from indexing.analysers.manifests import Credentials

TERM = re.compile(r"https?://(?:cv\.iptc\.org/newscodes|c2pa\.org)/digitalsourcetype/(\w+)/?")
GENERATED = "Declared as AI-generated"
PARTLY = "Declared as edited or composed with generative AI"
CONTAINS = "Made from material declared as AI-generated"
DECLARED = {
    "trainedAlgorithmicMedia": GENERATED,
    "trainedAlgorithmicData": GENERATED,
    "compositeWithTrainedAlgorithmicMedia": PARTLY,
}
"""The terms that say "by a trained model". Other synthetic kinds (drawn, rendered, computed) are not AI."""
SOURCE_TAG = "XMP-iptcExt:DigitalSourceType"
AI_SYSTEM = "XMP-iptcExt:AISystemUsed"
"""IPTC Photo Metadata 2025.1: the system that generated the picture."""


def facts(credentials: Credentials | None, tags: Mapping[str, object]) -> Iterator[Finding]:
    """A fact for each digital source type that is declared, then one for each thing that it says of AI.

    `tags` are the embedded metadata, {"Group:Tag": value}. Details tell where it is declared, and whether the
    credentials that say so match the file.
    """
    declared = _declared(credentials, tags)
    said: dict[str, list[str]] = defaultdict(list)
    for term, places in declared.items():
        yield Finding("provenance", f"Digital source: {words(term)}", details=_where(places, credentials))
        if term in DECLARED:
            said[DECLARED[term]] += places
    system = tags.get(AI_SYSTEM)
    if isinstance(system, str) and system.strip():
        said[GENERATED].append(f"{AI_SYSTEM} ({system.strip()[:100]})")
    for kind in credentials.earlier if credentials else ():
        if term_of(kind) in DECLARED:
            said[CONTAINS] = ["content credentials, an ingredient's manifest"]
    for text, places in said.items():
        yield Finding("provenance", text, details=_where(places, credentials))


def term_of(value: str) -> str:
    """The term of a digital source type, written as its address or alone; "" for anything else."""
    found = TERM.fullmatch(value.strip())
    return found[1] if found else value.strip() if value.strip().isidentifier() else ""


def words(term: str) -> str:
    """A term in plain words: "digitalCapture" is "digital capture"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", term).lower()


def _declared(credentials: Credentials | None, tags: Mapping[str, object]) -> dict[str, list[str]]:
    """Terms with the places that declare them."""
    places: dict[str, list[str]] = defaultdict(list)
    for value, place in _values(credentials, tags):
        if (term := term_of(value)) and place not in places[term]:
            places[term].append(place)
    return {term: found for term, found in places.items() if found}


def _values(credentials: Credentials | None, tags: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if credentials:
        for action in credentials.actions:
            yield action.source_type, f"content credentials, action {action.name}"
        for value in credentials.metadata:
            yield value, "content credentials, metadata"
    written = tags.get(SOURCE_TAG)
    for each in written if isinstance(written, list) else [written]:
        if isinstance(each, str):
            yield each, SOURCE_TAG


def _where(places: list[str], credentials: Credentials | None) -> dict[str, object]:
    by_credentials = any(place.startswith("content credentials") for place in places)
    state = {"credentials": credentials.state} if credentials and by_credentials else {}
    return {"declared_in": ", ".join(places), **state}
