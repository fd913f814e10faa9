"""Text in pictures through Tesseract, a program that the operator installs."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Sequence

import cv2
import numpy as np

from indexing.analysers.contract import MediaError
from indexing.decoding import programs
from indexing.engines.ocr import Line, Word

SECONDS = 120.0
SCRIPTS = ("osd", "equ", "snum")  # trained data that is of no language
SPARSE = "12"  # page segmentation mode: text anywhere, after finding out how the page is turned
SPARSE_UPRIGHT = "11"  # the same without the data that finding out needs
WORD = "5"  # the level of a word in Tesseract's table


class TesseractReader:
    """Tesseract with every language that is installed beside it."""

    def __init__(self, threads: int = 1) -> None:
        """Raises RuntimeError, saying how to mend it, where Tesseract is not installed."""
        self._program = find()
        self._threads = threads
        self._languages = languages(self._program)
        self._mode = SPARSE if "osd" in _trained(self._program) else SPARSE_UPRIGHT

    def read(self, rgb: np.ndarray) -> list[Line]:
        """See ocr.Reader. Tesseract gives upright boxes only, also of text that is askew."""
        table = self._table(rgb)
        lines: dict[tuple[str, ...], list[Word]] = defaultdict(list)
        for row in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["level"] == WORD and (row["text"] or "").strip():
                lines[row["block_num"], row["par_num"], row["line_num"]].append(_word(row))
        return [_line(words) for words in lines.values()]

    def _table(self, rgb: np.ndarray) -> str:
        _, picture = cv2.imencode(".png", np.ascontiguousarray(rgb[..., ::-1]))
        words = [self._program, "stdin", "stdout", "--psm", self._mode, "-l", "+".join(self._languages)]
        return _said([*words, "tsv"], picture.tobytes(), self._threads)


def find() -> str:
    """Tesseract's program. Raises RuntimeError where it is not on the PATH."""
    program = shutil.which("tesseract")
    if program is None:
        raise RuntimeError(
            "Tesseract is not on the PATH. Install it (on Debian: apt install tesseract-ocr), "
            "or leave OCR_ENGINE at rapidocr."
        )
    return program


def languages(program: str) -> list[str]:
    """The languages that can be read, as Tesseract names them. Raises RuntimeError where there is none."""
    found = [name for name in _trained(program) if name not in SCRIPTS and "/" not in name]
    if not found:
        raise RuntimeError("Tesseract has no language. Install one (on Debian: tesseract-ocr-eng).")
    return found


def identity() -> str:
    """The engine, its version and languages, for the identity of an analyser. Raises RuntimeError."""
    program = find()
    version = _said([program, "--version"]).split()[1]
    return f"tesseract {version} {'+'.join(languages(program))}"


def _trained(program: str) -> list[str]:
    return sorted(_said([program, "--list-langs"]).split("\n")[1:])


def _said(words: Sequence[str], given: bytes = b"", threads: int = 1) -> str:
    """What the program writes. Raises MediaError where it fails or takes too long."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": str(threads)}
    try:
        done = subprocess.run(
            programs.within_limits(words),
            input=given,
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        raise MediaError(f"Reading the text took longer than {SECONDS:.0f} seconds.") from None
    except subprocess.CalledProcessError as failure:
        said = failure.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise MediaError(f"Tesseract could not read the picture: {said[-1][:300]}") from None
    return done.stdout.decode(errors="replace").strip()


def _word(row: dict[str, str]) -> Word:
    left, top, width, height = (float(row[side]) for side in ("left", "top", "width", "height"))
    confidence = min(1.0, max(0.0, float(row["conf"]) / 100))
    return Word(row["text"].strip(), confidence, _box(left, top, left + width, top + height))


def _line(words: Sequence[Word]) -> Line:
    """The words of a line; it is as sure as they are on the average of their letters."""
    corners = np.concatenate([word.corners for word in words])
    lengths = [len(word.text) for word in words]
    confidence = float(np.average([word.confidence for word in words], weights=lengths))
    text = " ".join(word.text for word in words)
    return Line(text, confidence, _box(*corners.min(0), *corners.max(0)), words if len(words) > 1 else ())


def _box(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
