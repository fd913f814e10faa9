"""SKOS files, which may come from anywhere: read in a child process that can be killed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass

from django.conf import settings

from dam.vocabularies.concepts import Concept

LARGEST = 64 * 2**20
"""Bytes of a file."""
SECONDS = 400.0
"""Wall time after which reading is broken off; the child bounds its processor time itself."""
_XML = re.compile(rb"<(\?xml|!|rdf:RDF|RDF|\w+:RDF)", re.IGNORECASE)


class RefusedError(ValueError):
    """The file is not read. The message is for a person."""


@dataclass(frozen=True)
class Read:
    """What a file holds. `scheme` has "uri", "name" and "licence" where the file tells; `left_out` says how
    often there are properties that are not taken over, by their addresses."""

    scheme: dict[str, str]
    concepts: list[Concept]
    left_out: dict[str, int]


def format_of(data: bytes) -> str:
    """Which syntax the bytes are in: "xml" (RDF/XML), "json-ld" or "turtle" (N-Triples too)."""
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] in (b"{", b"["):
        return "json-ld"
    return "xml" if _XML.match(text) or data[:2] in (b"\xff\xfe", b"\xfe\xff") else "turtle"


def read(data: bytes) -> Read:
    """The concepts of a SKOS file in Turtle, N-Triples, RDF/XML or JSON-LD.

    Raises RefusedError. Nothing that the file refers to is fetched.
    """
    if len(data) > LARGEST:
        raise RefusedError(f"The file is larger than {LARGEST // 2**20} MB.")
    found = _asked(data.removeprefix(b"\xef\xbb\xbf"), format_of(data))
    if problem := found.get("problem"):
        raise RefusedError(problem)
    if not found["concepts"]:
        raise RefusedError("It holds no SKOS concepts.")
    return Read(found["scheme"], [Concept.of(each) for each in found["concepts"]], found["left_out"])


def _asked(data: bytes, form: str) -> dict:
    command = [sys.executable, "-m", "dam.vocabularies.skos_child", form]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=SECONDS, cwd=settings.BASE_DIR, check=False
        )
    except subprocess.TimeoutExpired:
        raise RefusedError(f"Reading it took longer than {SECONDS:.0f} seconds and was stopped.") from None
    if done.returncode:
        raise RefusedError("Reading it took too much memory or time and was stopped.")
    answer: dict = json.loads(done.stdout)
    return answer
