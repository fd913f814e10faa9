"""SKOS files from anywhere: read in a child that opens nothing, and refused with a reason."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from dam.vocabularies import reading, skos_child
from dam.vocabularies.concepts import Concept
from dam.vocabularies.skos import graph_of

TURTLE = b"""
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix : <http://example.org/> .
:s a skos:ConceptScheme ; skos:prefLabel "Birds"@en .
:owl a skos:Concept ; skos:inScheme :s ; skos:prefLabel "Owl"@en, "Eule"@de ; skos:altLabel "Strix"@la ;
  skos:hiddenLabel "Owll"@en ; skos:scopeNote "At night."@en ; skos:notation "598" ;
  skos:exactMatch <http://other.org/1> ; skos:related :mouse ; skos:historyNote "New." ; :colour "grey" .
:birds skos:prefLabel "Birds"@en ; skos:narrower :owl .
:mouse xl:prefLabel [ a xl:Label ; xl:literalForm "Mouse"@en ] .
:list a skos:Collection ; skos:member :owl .
"""


def held(data: bytes, form: str) -> dict[str, Concept]:
    """The concepts of a file by the end of their addresses, read in this process."""
    found = skos_child.answer(data, form)["concepts"]
    return {each["uri"].rpartition("/")[2]: Concept.of(each) for each in found}


def test_everything_about_a_concept_is_read():
    owl = held(TURTLE, "turtle")["owl"]
    assert [each[1:] for each in owl.labels if each.kind == "preferred"] == [("de", "Eule"), ("en", "Owl")]
    assert {each.kind for each in owl.labels} == {"preferred", "alternative", "hidden"}
    assert owl.notes == {"scopeNote": {"en": "At night."}, "historyNote": {"": "New."}}
    assert (owl.notation, owl.matches) == ("598", {"exactMatch": ["http://other.org/1"]})
    assert (owl.broader, owl.related) == (("http://example.org/birds",), ("http://example.org/mouse",))


def test_labels_with_addresses_of_their_own_are_read():
    assert held(TURTLE, "turtle")["mouse"].labels == (("preferred", "en", "Mouse"),)


def test_what_is_not_taken_over_is_counted():
    assert skos_child.answer(TURTLE, "turtle")["left_out"] == {
        "http://example.org/colour": 1,
        "http://www.w3.org/2004/02/skos/core#Collection": 1,
    }


@pytest.mark.parametrize("form", ["turtle", "xml", "json-ld"])
def test_every_syntax_says_the_same(form):
    scheme = {"uri": "http://example.org/s", "name": "Birds", "language": "en", "licence": ""}
    known = held(TURTLE, "turtle")
    written = graph_of(scheme, [each.written() for each in known.values()]).serialize(
        format=form, encoding="utf-8"
    )
    assert reading.format_of(written) == form
    assert held(written, form) == known


def test_a_file_is_read_in_a_child():
    found = reading.read(b"\xef\xbb\xbf" + TURTLE)
    assert found.scheme == {"uri": "http://example.org/s", "name": "Birds", "licence": ""}
    assert len(found.concepts) == 3


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"this is no RDF {", "cannot be read"),
        (b"<a:a> <a:b> <a:c> .", "no SKOS concepts"),
        (b"", "no SKOS concepts"),
        (
            b'{"@context": "http://127.0.0.1:%d/context.jsonld", "@id": "a:a", "b": "c"}',
            "outside of the file",
        ),
        (b'{"@context": "file:///etc/hostname", "@id": "a:a", "b": "c"}', "outside of the file"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(data, reason, listener):
    with pytest.raises(reading.RefusedError, match=reason):
        reading.read(data.replace(b"%d", str(listener.server_port).encode()))
    assert listener.asked == []


def test_entities_of_xml_bring_nothing_in(listener, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("Zanzibar")
    data = f"""<?xml version="1.0"?>
    <!DOCTYPE rdf:RDF [<!ENTITY s SYSTEM "{secret.as_uri()}">
      <!ENTITY h SYSTEM "http://127.0.0.1:{listener.server_port}/x"> <!ENTITY skos "http://www.w3.org/2004/02/skos/core#">]>
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#">
      <rdf:Description rdf:about="http://e.org/a"><rdf:type rdf:resource="&skos;Concept"/>
        <skos:prefLabel xml:lang="en">A&s;&h;</skos:prefLabel></rdf:Description></rdf:RDF>""".encode()
    try:
        told = json.dumps([each.written() for each in reading.read(data).concepts])
    except reading.RefusedError as refused:
        told = str(refused)
    assert "Zanzibar" not in told
    assert listener.asked == []


def test_entities_that_multiply_are_stopped():
    grown = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 12))
    data = f'<!DOCTYPE a [<!ENTITY x0 "ha">{grown}]><a>&x11;</a>'.encode()
    with pytest.raises(reading.RefusedError):
        reading.read(data)


def test_brackets_without_end_are_refused():
    with pytest.raises(reading.RefusedError):
        reading.read(b"<a:a> <a:b> " + b"(" * 100_000)


def test_too_many_statements_are_refused(monkeypatch):
    monkeypatch.setattr(skos_child, "TRIPLES", 3)
    assert "more than 3 statements" in skos_child.answer(TURTLE, "turtle")["problem"]


def test_a_file_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0.05)
    with pytest.raises(reading.RefusedError, match="took longer"):
        reading.read(TURTLE)


def test_a_file_that_is_too_large_is_not_read(monkeypatch):
    monkeypatch.setattr(reading, "LARGEST", 10)
    with pytest.raises(reading.RefusedError, match="larger"):
        reading.read(TURTLE)


@pytest.fixture
def listener():
    """A web server on this machine that notes what it is asked for."""

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked.append(self.path)
            self.send_error(404)

    server = HTTPServer(("127.0.0.1", 0), Noting)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
