"""A file of descriptions as rows of cells: CSV in whatever encoding and with whatever delimiter, or JSON."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import charset_normalizer

ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16 with a mark",
    "utf-16-le": "UTF-16, little end first",
    "utf-16-be": "UTF-16, big end first",
    "cp1252": "Windows, Western Europe (1252)",
    "cp1250": "Windows, Central Europe (1250)",
    "cp1251": "Windows, Cyrillic (1251)",
    "cp1253": "Windows, Greek (1253)",
    "cp1254": "Windows, Turkish (1254)",
    "latin_1": "Latin 1 (ISO 8859-1)",
    "iso8859_15": "Latin 9 (ISO 8859-15)",
    "mac_roman": "Macintosh, Western Europe",
    "koi8_r": "KOI8-R",
    "shift_jis": "Shift JIS",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "euc_kr": "EUC-KR",
}
LATIN = ["cp1252", "cp1250", "cp1254", "latin_1", "iso8859_15", "mac_roman"]
MOSTLY_LATIN = 0.1
"""The share of bytes beyond ASCII below which a text is in Latin letters: few words hold more than one."""
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
JSON = "json"
DELIMITERS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar", JSON: "None, it is JSON"}
SAMPLE_BYTES = 200_000
SAMPLE_ROWS = 50
LONGEST_CELL = 131_072
"""Characters; the csv module refuses more, and no field takes as many."""
MOST_COLUMNS = 500

WRONG_ENCODING = "From its character {:,} on, this file is not written in {}. Choose another encoding."
NULS = "Read as {}, this file holds NUL characters: it is no text, or its encoding is another one."
EMPTY = "There is nothing in this file but its heading."
LONG_CELL = (
    "Line {:,} has a cell of more than {:,} characters. Is there a quotation mark that is not closed again?"
)
NO_JSON = "This is no JSON list of objects, nor an object in each line: {}."
TOO_MANY_CELLS = "This row has {} cells, the heading has {}. Is a cell with the delimiter not quoted?"
NUL_CELL = "The column {} holds a NUL character."
NESTED = "The column {} holds an object, which is no value of a field."


class FileError(ValueError):
    """Why a file cannot be read; the message is for a person and says how to mend it."""


@dataclass(frozen=True)
class Layout:
    """How a file is read: a key of ENCODINGS and one of DELIMITERS."""

    encoding: str
    delimiter: str


@dataclass(frozen=True)
class Row:
    """One row as a spreadsheet numbers it, with a cell for each column, or why it cannot be used."""

    number: int
    cells: Sequence[str] = ()
    problem: str = ""


def detect(data: bytes, name: str = "") -> Layout:
    """How the file seems to be written. Nothing is refused here."""
    encoding = _encoding(data)
    sample = data[:SAMPLE_BYTES].decode(encoding, errors="replace")
    is_json = name.lower().endswith((".json", ".jsonl", ".ndjson")) or sample.lstrip()[:1] in ("[", "{")
    return Layout(encoding, JSON if is_json else _delimiter(sample))


def headers(data: bytes, layout: Layout) -> tuple[list[str], list[str]]:
    """The names of the columns, told apart where several bear one, and notes on what was done for that.

    Raises FileError.
    """
    if layout.delimiter == JSON:
        records = islice(_records(_text(data, layout)), SAMPLE_ROWS)
        named = list(dict.fromkeys(str(key) for record in records for key in record))
    else:
        named = next(_lines(data, layout), [])
    if not any(name.strip() for name in named):
        raise FileError("The file is empty, or its first line names no columns.")
    if len(named) > MOST_COLUMNS:
        raise FileError(f"The heading has {len(named):,} columns; {MOST_COLUMNS} are the most that are read.")
    return _told_apart([name.strip()[:200].replace("\x00", "") for name in named])


def rows(data: bytes, layout: Layout, named: Sequence[str]) -> Iterator[Row]:
    """The rows below the heading, without empty ones. Raises FileError where reading has to stop."""
    if layout.delimiter == JSON:
        for number, record in enumerate(_records(_text(data, layout)), start=1):
            yield _row_of_record(number, record, named)
        return
    for number, cells in enumerate(_lines(data, layout), start=1):
        if number > 1 and any(cell.strip() for cell in cells):
            yield _row(number, cells, named)


def _encoding(data: bytes) -> str:
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return encoding
    if _decodes(data, "utf-8"):
        return "utf-8-sig"
    nuls = data[:SAMPLE_BYTES:2].count(0), data[1:SAMPLE_BYTES:2].count(0)
    if max(nuls) > len(data[:SAMPLE_BYTES]) / 8:
        return "utf-16-be" if nuls[0] > nuls[1] else "utf-16-le"
    foreign = sum(byte > 127 for byte in data[:SAMPLE_BYTES])
    likely = LATIN if foreign < MOSTLY_LATIN * len(data[:SAMPLE_BYTES]) else list(ENCODINGS)[4:]
    best = charset_normalizer.from_bytes(data[:SAMPLE_BYTES], cp_isolation=likely).best()
    fitting = best.could_be_from_charset if best is not None else []
    order = [*(each for each in likely if each in fitting), "cp1252"]
    return next((each for each in order if _decodes(data, each)), "latin_1")


def _decodes(data: bytes, encoding: str) -> bool:
    """NULs are in no text; bytes that are UTF-8 beside them are not taken for it."""
    try:
        return "\x00" not in data.decode(encoding)
    except UnicodeDecodeError:
        return False


def _text(data: bytes, layout: Layout) -> str:
    try:
        text = data.decode(layout.encoding)
    except UnicodeDecodeError as error:
        raise FileError(WRONG_ENCODING.format(error.start + 1, ENCODINGS[layout.encoding])) from error
    if "\x00" in text[:SAMPLE_BYTES]:
        raise FileError(NULS.format(ENCODINGS[layout.encoding]))
    return text


def _delimiter(sample: str) -> str:
    """The delimiter that cuts the first rows into the most cells, as many in each."""

    def fit(delimiter: str) -> int:
        lines = sample.splitlines()[:SAMPLE_ROWS]
        widths = [len(cells) for cells in _parsed(iter(lines), delimiter) if cells]
        return widths.count(widths[0]) * (widths[0] - 1) if widths else 0

    return max((each for each in DELIMITERS if each != JSON), key=fit)


def _parsed(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        yield from reader
    except csv.Error:
        return


def _lines(data: bytes, layout: Layout) -> Iterator[list[str]]:
    """Every record of a CSV file as it stands, empty ones too."""
    reader = csv.reader(io.StringIO(_text(data, layout), newline=""), delimiter=layout.delimiter)
    try:
        yield from reader
    except csv.Error as error:
        raise FileError(LONG_CELL.format(reader.line_num, LONGEST_CELL)) from error


def _row(number: int, cells: Sequence[str], named: Sequence[str]) -> Row:
    """Cells that are missing at the end are empty; more than there are columns belong nowhere."""
    if any(cell.strip() for cell in cells[len(named) :]):
        return Row(number, problem=TOO_MANY_CELLS.format(len(cells), len(named)))
    for name, cell in zip(named, cells, strict=False):
        if "\x00" in cell:
            return Row(number, problem=NUL_CELL.format(name))
    return Row(number, [*cells[: len(named)], *[""] * (len(named) - len(cells))])


def _records(text: str) -> Iterator[dict[str, object]]:
    """The objects of a JSON list, or one in each line, one after the other."""
    decoder = json.JSONDecoder()
    place = _skip(text, 0)
    listed = text[place : place + 1] == "["
    place = _skip(text, place + 1) if listed else place
    while place < len(text) and not (listed and text[place] == "]"):
        try:
            record, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            raise FileError(NO_JSON.format(error)) from error
        if not isinstance(record, dict):
            raise FileError(NO_JSON.format(f"there is {json.dumps(record)[:50]} in it"))
        yield record
        place = _skip(text, place)


def _skip(text: str, place: int) -> int:
    """The place of the next character that is no blank and no comma."""
    while place < len(text) and (text[place].isspace() or text[place] in ",\ufeff"):
        place += 1
    return place


def _row_of_record(number: int, record: dict[str, object], named: Sequence[str]) -> Row:
    cells = []
    for name in named:
        value = record.get(name)
        values = value if isinstance(value, list) else [value]
        if any(isinstance(each, dict | list) for each in values):
            return Row(number, problem=NESTED.format(name))
        cells.append("\n".join(_written(each) for each in values))
    return _row(number, cells, named)


def _written(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def _told_apart(named: Sequence[str]) -> tuple[list[str], list[str]]:
    told: list[str] = []
    notes: list[str] = []
    for place, name in enumerate(named, start=1):
        fresh = name or f"Column {place}"
        if fresh in told:
            again = next(f"{fresh} ({n})" for n in range(2, place + 2) if f"{fresh} ({n})" not in told)
            notes.append(f"Several columns are called {fresh!r}: column {place} is shown as {again!r}.")
            fresh = again
        told.append(fresh)
    return told, notes
