"""ALTO 4.4 (Library of Congress): the text of a page with its layout. The schema is alto-4-4.xsd."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from lxml import etree

from dam.export.record import AssetRecord, Line
from indexing.analysers.contract import Region

MEDIA_TYPE = "application/xml"
EXTENSION = "alto.xml"
NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")  # xsd:language
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2) has no place for."""
REPLACEMENT = "\ufffd"


def applies_to(record: AssetRecord) -> bool:
    """Stills in which something is written: ALTO describes pages."""
    return record.kind == "image" and bool(record.lines and record.width and record.height)


def render(record: AssetRecord) -> bytes:
    """The record as an ALTO document in UTF-8, positions in pixels of the upright frame."""
    page = _page(record)
    document = _make("alto", _description(record), _make("Layout", page), SCHEMAVERSION="4.4")
    etree.cleanup_namespaces(document, top_nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _description(record: AssetRecord) -> etree._Element:
    source = _make(
        "sourceImageInformation",
        _make("fileName", legal(record.name)),
        _make("fileIdentifier", f"urn:sha256:{record.sha256}"),
    )
    description = _make("Description", _make("MeasurementUnit", "pixel"), source)
    for number, (analyser, model) in enumerate(_readers(record), start=1):
        software = _make(
            "processingSoftware",
            _make("softwareName", legal(analyser)),
            _make("applicationDescription", legal(model)),
        )
        step = _make(
            "Processing",
            _make("processingCategory", "contentGeneration"),
            software,
            ID=f"processing-{number}",
        )
        description.append(step)
    return description


def _readers(record: AssetRecord) -> list[tuple[str, str]]:
    return sorted({line.reader for line in record.lines} - {("", "")})


def _page(record: AssetRecord) -> etree._Element:
    size = (record.width or 0, record.height or 0)
    whole = Region(0, 0, 1, 1)
    groups = groupby(enumerate(record.lines, start=1), key=lambda item: _block_of(*item))
    blocks = [_block(f"block-{at}", list(lines), size) for at, (_, lines) in enumerate(groups, start=1)]
    space = _make("PrintSpace", *blocks, **_box(whole, size))
    return _make("Page", space, ID="page-1", PHYSICAL_IMG_NR="1", WIDTH=str(size[0]), HEIGHT=str(size[1]))


def _block_of(number: int, line: Line) -> tuple[int, int]:
    """What lines of a block have in common; a line of no block is one of its own."""
    return (0, line.block) if line.block is not None else (1, number)


def _block(name: str, lines: Sequence[tuple[int, Line]], size: tuple[int, int]) -> etree._Element:
    around = _around([line.region for _, line in lines])
    turn = {"ROTATION": str(lines[0][1].turn)} if lines[0][1].turn else {}
    made = [_line(number, line, size) for number, line in lines]
    return _make("TextBlock", *made, ID=name, **_box(around, size), **turn)


def _line(number: int, line: Line, size: tuple[int, int]) -> etree._Element:
    language = {"LANG": line.language} if LANGUAGE.fullmatch(line.language) else {}
    corrected = {"CS": "true"} if line.accepted else {}
    strings = list(_strings(line, size))
    return _make(
        "TextLine", *strings, ID=f"line-{number}", **_box(line.region, size), **language, **corrected
    )


def _strings(line: Line, size: tuple[int, int]) -> Iterator[etree._Element]:
    """Its words with the spaces between them; the line as one string where its words are not known."""
    if not line.words or " ".join(word.text for word in line.words) != line.text:
        yield _string(line.text, line.region, line.confidence, size)
        return
    for number, word in enumerate(line.words):
        if number:
            yield _make("SP")
        yield _string(word.text, word.region, word.confidence, size)


def _string(text: str, region: Region, confidence: float | None, size: tuple[int, int]) -> etree._Element:
    sure = {"WC": f"{confidence:.3f}"} if confidence is not None else {}
    return _make("String", CONTENT=legal(text), **_box(region, size), **sure)


def _box(region: Region, size: tuple[int, int]) -> dict[str, str]:
    """The attributes that place a region, in pixels."""
    places = {
        "HPOS": region.x * size[0],
        "VPOS": region.y * size[1],
        "WIDTH": region.w * size[0],
        "HEIGHT": region.h * size[1],
    }
    return {name: f"{value:.1f}" for name, value in places.items()}


def _around(regions: Sequence[Region]) -> Region:
    left, top = min(each.x for each in regions), min(each.y for each in regions)
    right, bottom = max(each.x + each.w for each in regions), max(each.y + each.h for each in regions)
    return Region(left, top, right - left, bottom - top)


def legal(text: str) -> str:
    """The text with a replacement for each character that XML cannot hold. Marks of direction stay."""
    return ILLEGAL.sub(REPLACEMENT, text)


def _make(tag: str, *content: etree._Element | str, **attributes: str) -> etree._Element:
    """An element of ALTO with its children or its text."""
    element = etree.Element(etree.QName(NAMESPACE, tag), attributes)
    for each in content:
        if isinstance(each, str):
            element.text = each
        else:
            element.append(each)
    return element
