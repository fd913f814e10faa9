"""Files as they come: in any encoding, with any delimiter, and with every fault."""

from __future__ import annotations

import json

import pytest

from dam.bulk import files
from dam.bulk.fields import guess
from dam.bulk.files import FileError, Layout

TEXT = "Datei;Titel;Schlagworte\na.jpg;Grüße aus Köln;Straße|Fluß\nb.jpg;Übersee;Größe\n"
COMMAS = Layout("utf-8-sig", ",")


def read(data, layout=None):
    layout = layout or files.detect(data)
    named, _ = files.headers(data, layout)
    return [row.cells or row.problem for row in files.rows(data, layout, named)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin_1"]
)
def test_the_encoding_and_the_delimiter_are_found(encoding):
    rows = read(TEXT.encode(encoding))
    assert rows[0] == ["a.jpg", "Grüße aus Köln", "Straße|Fluß"]


def test_cyrillic_of_windows_is_found():
    text = "file,title\n" + "\n".join(f"{n}.jpg,Старый портовый город и река зимой" for n in range(20))
    assert files.detect(text.encode("cp1251")).encoding == "cp1251"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_is_found_though_cells_hold_others(delimiter):
    lines = [["file", "title", "keywords"], ["a.jpg", "One, two; three", "x"], ["b.jpg", "Four", "y"]]
    data = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines).encode()
    assert files.detect(data).delimiter == delimiter
    assert read(data)[0] == ["a.jpg", "One, two; three", "x"]


def test_the_wrong_encoding_is_told_with_the_place():
    data = "file,title\na.jpg,Köln\n".encode("latin_1")
    with pytest.raises(FileError, match=r"character 19 on.*not written in UTF-8"):
        read(data, COMMAS)


def test_nuls_mean_that_the_encoding_is_another_one():
    with pytest.raises(FileError, match="NUL"):
        read("file,title\na.jpg,A\n".encode("utf-16-le"), COMMAS)


def test_a_row_numbers_as_in_a_spreadsheet_and_empty_ones_are_left_out():
    data = b'file,title\n\na.jpg,"two\nlines"\n,\nb.jpg,B\n'
    named, _ = files.headers(data, COMMAS)
    assert [row.number for row in files.rows(data, COMMAS, named)] == [3, 5]


def test_ragged_rows_are_filled_up_or_refused_for_themselves():
    rows = read(b"file,title\na.jpg\nb.jpg,B,C\nc.jpg,C,\n", COMMAS)
    assert rows[0] == ["a.jpg", ""]
    assert rows[1].startswith("This row has 3 cells, the heading has 2.")
    assert rows[2] == ["c.jpg", "C"]


def test_columns_of_one_name_are_told_apart():
    named, notes = files.headers(b"file,title,title,\na,b,c,d\n", COMMAS)
    assert named == ["file", "title", "title (2)", "Column 4"]
    assert "'title'" in notes[0]


def test_a_cell_of_ten_megabytes_stops_the_reading_with_the_line():
    data = b'file,title\na.jpg,"' + b"x" * 10_000_000 + b"\n"
    with pytest.raises(FileError, match=r"more than 131,072 characters.*quotation mark"):
        read(data, COMMAS)


@pytest.mark.parametrize("data", [b"", b"\n\n", b",,\n"])
def test_a_file_without_a_heading_is_refused(data):
    with pytest.raises(FileError, match="no columns"):
        files.headers(data, COMMAS)


RECORDS = [{"file": "a.jpg", "keywords": ["x", "y"]}, {"file": "b.jpg", "year": 1931, "keywords": None}]


@pytest.mark.parametrize(
    "text", [json.dumps(RECORDS), "\n".join(map(json.dumps, RECORDS)), json.dumps(RECORDS, indent=2)]
)
def test_json_is_read_as_a_list_or_line_by_line(text):
    layout = files.detect(text.encode())
    assert layout.delimiter == files.JSON
    assert files.headers(text.encode(), layout)[0] == ["file", "keywords", "year"]
    assert read(text.encode()) == [["a.jpg", "x\ny", ""], ["b.jpg", "", "1931"]]


@pytest.mark.parametrize("text", ['[{"a": 1}, 2]', '[{"a": ', "[" * 100_000, '{"a": {"b": ' * 50_000])
def test_what_is_no_list_of_objects_is_refused(text):
    with pytest.raises(FileError, match="no JSON list"):
        read(text.encode(), Layout("utf-8-sig", files.JSON))


def test_an_object_in_a_cell_refuses_its_row_only():
    rows = read(b'[{"a": {"b": 1}}, {"a": "c"}]')
    assert rows == ["The column a holds an object, which is no value of a field.", ["c"]]


@pytest.mark.parametrize(
    ("headers", "guesses"),
    [
        (["Resource ID(s)", "Title", "Original filename", "Keywords - Subject", "Credit"],
         ["", "title", "key:name", "keywords", "credit"]),
        (["SourceFile", "XMP-dc:Title", "IPTC:Caption-Abstract", "IPTC:By-line", "Date Created", "City"],
         ["key:name", "title", "description", "creators", "date", "places"]),
        (["Title", "Description", "Caption"], ["key:title", "description", ""]),
        (["SHA-256", "File name", "Whatever"], ["key:sha256", "", ""]),
    ],
)  # fmt: skip
def test_columns_are_guessed_from_names_of_other_systems(headers, guesses):
    assert guess(headers) == guesses
