"""Tesseract behind the same contract, where it is installed, and what is said where it is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from indexing.analysers.contract import MediaError
from indexing.engines import ocr_tesseract
from indexing.engines.ocr_tesseract import TesseractReader
from tests.indexing.engines.written import page


def test_without_tesseract_the_reason_says_how_to_mend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RuntimeError, match="apt install tesseract-ocr"):
        TesseractReader()


def test_a_program_that_fails_is_a_clear_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\necho 'no such language' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MediaError, match="no such language"):
        TesseractReader()


def test_what_is_written_is_read_with_its_words() -> None:
    if shutil.which("tesseract") is None:
        pytest.skip("Tesseract is not installed on this machine")
    lines = TesseractReader().read(page(["Harbour office opens", "The quick brown fox"]))
    assert sorted(line.text for line in lines) == ["Harbour office opens", "The quick brown fox"]
    (harbour,) = (line for line in lines if "Harbour" in line.text)
    assert [word.text for word in harbour.words] == ["Harbour", "office", "opens"]
    assert np.allclose(harbour.corners[0], [32, 31], atol=10)
    assert all(0.5 < line.confidence <= 1 for line in lines)
    assert "tesseract" in ocr_tesseract.identity()
