"""ALTO documents are valid against the standard's own schema, whatever is written in the picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from dam.export.formats import alto
from dam.export.record import AssetRecord, Line, Word
from indexing.analysers.contract import Region

NAMES = {"a": alto.NAMESPACE}
HOSTILE = "<script>alert('&')</script> \x00\x08\ud800\uffff \u202egnp.exe ]]>"


def line(text: str, block: int | None = 0, **fields: object) -> Line:
    return Line(text, Region(0.1, 0.2, 0.5, 0.05), 0.9, block=block, **fields)  # type: ignore[arg-type]


def record(*lines: Line, kind: str = "image", name: str = "scan.jpg") -> AssetRecord:
    return AssetRecord(kind, name, "0" * 64, 1000, 800, lines)


@pytest.fixture(scope="module")
def schema(shared: Callable[..., Path]) -> etree.XMLSchema:
    """ALTO's schema; it imports XLink's by an address on the web, for which the local copy stands in."""
    path = shared("standards", "alto", "alto-4-4.xsd")
    xlink = shared("standards", "_shared", "xlink.xsd")

    class Local(etree.Resolver):
        def resolve(self, url: str, pubid: str, context: object) -> object:
            return self.resolve_filename(str(xlink if url.endswith("xlink.xsd") else path), context)

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    return etree.XMLSchema(etree.parse(str(path), parser))


def parsed(made: AssetRecord) -> etree._Element:
    return etree.fromstring(alto.render(made), etree.XMLParser(resolve_entities=False))


@pytest.mark.parametrize(
    "made",
    [
        record(
            line("Harbour office", language="de"), line("open"), line("EXIT", block=1, turn=90, accepted=True)
        ),
        record(line("no block", block=None), line("nor here", block=None, reader=("text 1", "rapidocr <3>"))),
        record(line(HOSTILE, language="not a language!"), name=HOSTILE),
        record(line("")),
    ],
)
def test_documents_are_valid(schema: etree.XMLSchema, made: AssetRecord) -> None:
    schema.assertValid(parsed(made))


def test_lines_and_words_stand_in_their_blocks_in_pixels() -> None:
    words = [
        Word("Harbour", Region(0.1, 0.2, 0.3, 0.05), 0.8),
        Word("office", Region(0.45, 0.2, 0.15, 0.05), 0.95),
    ]
    page = parsed(record(line("Harbour office", words=words, language="en"), line("EXIT", block=1)))
    assert len(page.findall(".//a:TextBlock", NAMES)) == 2
    first, second, third = page.findall(".//a:String", NAMES)
    assert (first.get("CONTENT"), first.get("WC"), second.get("CONTENT")) == ("Harbour", "0.800", "office")
    assert [first.get(name) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")] == [
        "100.0",
        "160.0",
        "300.0",
        "40.0",
    ]
    assert page.find(".//a:TextLine", NAMES).get("LANG") == "en"
    assert third.get("CONTENT") == "EXIT"
    assert len(page.findall(".//a:SP", NAMES)) == 1
    assert page.find(".//a:MeasurementUnit", NAMES).text == "pixel"


def test_a_corrected_line_is_one_string() -> None:
    words = [
        Word("Harb0ur", Region(0.1, 0.2, 0.3, 0.05), 0.8),
        Word("office", Region(0.45, 0.2, 0.15, 0.05), 0.9),
    ]
    page = parsed(record(line("Harbour office", words=words)))
    assert [each.get("CONTENT") for each in page.findall(".//a:String", NAMES)] == ["Harbour office"]


def test_hostile_text_survives_but_for_what_xml_cannot_hold() -> None:
    content = parsed(record(line(HOSTILE))).find(".//a:String", NAMES).get("CONTENT")
    assert content == "<script>alert('&')</script> \ufffd\ufffd\ufffd\ufffd \u202egnp.exe ]]>"


def test_only_written_stills_are_pages() -> None:
    assert alto.applies_to(record(line("a")))
    assert not alto.applies_to(record())
    assert not alto.applies_to(record(line("a"), kind="video"))
