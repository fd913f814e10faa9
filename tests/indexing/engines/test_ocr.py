"""RapidOCR behind the contract: lines, their corners and words, without a network."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from dam.env import BASE_DIR
from indexing.engines import ocr
from indexing.engines.cache import loaded
from indexing.engines.ocr import Line, RapidReader
from tests.indexing.engines.written import page

SAID = ["Harbour office opens", "Fischbrötchen 4,50 EUR"]
OFFLINE = """
import socket

def refuse(*arguments, **options):
    raise AssertionError(f"the network was asked for: {arguments}")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
from indexing.engines.ocr import RapidReader
from tests.indexing.engines.written import page
print([line.text for line in RapidReader(1).read(page(["Open daily"], (320, 100)))])
"""


@pytest.fixture(scope="module")
def reader() -> RapidReader:
    return loaded(("ocr", "rapidocr", 1), lambda: RapidReader(1))


def by_text(lines: list[Line]) -> dict[str, Line]:
    return {line.text: line for line in lines}


def test_what_is_written_is_read_with_its_words(reader: RapidReader) -> None:
    lines = by_text(reader.read(page(SAID)))
    assert set(lines) == set(SAID)
    harbour = lines[SAID[0]]
    assert [word.text for word in harbour.words] == ["Harbour", "office", "opens"]
    starts = [word.corners[0, 0] for word in harbour.words]
    assert np.allclose(starts, [30, 162, 248], atol=15)
    assert harbour.confidence > 0.9


@pytest.mark.parametrize(
    ("turn", "along"), [(90, (0, -1)), (180, (-1, 0)), (270, (0, 1)), (10, (0.98, -0.17))]
)
def test_turned_writing_is_read_along_its_own_direction(
    reader: RapidReader, turn: float, along: tuple[float, float]
) -> None:
    lines = by_text(reader.read(page(SAID, turn=turn)))
    assert set(lines) == set(SAID)
    for line in lines.values():
        for corners in (line.corners, *(word.corners for word in line.words)):
            direction = corners[1] - corners[0]
            assert np.allclose(direction / np.linalg.norm(direction), along, atol=0.1)


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (600, 4)])
def test_tiny_and_narrow_pictures_hold_no_text(reader: RapidReader, shape: tuple[int, int]) -> None:
    assert reader.read(np.full((*shape, 3), 200, np.uint8)) == []


def test_nothing_is_fetched() -> None:
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE], cwd=BASE_DIR, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "['Open daily']"


def test_other_networks_than_the_named_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    name, _ = ocr.MODELS["Det"]
    monkeypatch.setitem(ocr.MODELS, "Det", (name, "0" * 64))
    with pytest.raises(RuntimeError, match=r"PP-OCRv6_det_small\.onnx .* not the one"):
        RapidReader()


def test_the_identity_names_engine_and_networks() -> None:
    assert ocr.identity().startswith("rapidocr 3.")
    assert ocr.MODELS["Rec"][1][:8] in ocr.identity()


def test_a_line_whose_direction_was_missed_is_read_the_other_way_up(
    reader: RapidReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader._engine._load_cls_model(), "cls_thresh", 2.0)
    monkeypatch.setattr(ocr, "UPSIDE_DOWN", 2.0)
    lines = by_text(reader.read(page(SAID, turn=180)))
    assert set(lines) == set(SAID)
    assert all(line.corners[1, 0] < line.corners[0, 0] for line in lines.values())
