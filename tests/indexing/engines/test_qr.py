"""QR codes are read as text, whatever the text would do elsewhere."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from indexing.engines.qr import codes


def drawn(text: str, scale: int = 6) -> np.ndarray:
    """A page with that code near its middle."""
    code = cv2.QRCodeEncoder_create().encode(text)
    code = cv2.resize(code, None, fx=scale, fy=scale, interpolation=cv2.INTER_NEAREST)
    page = np.full((code.shape[0] + 200, code.shape[1] + 300), 255, np.uint8)
    page[100:-100, 150:-150] = code
    return cv2.cvtColor(page, cv2.COLOR_GRAY2RGB)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "https://example.org/?a=1&b=2"])
def test_a_code_is_its_text(text: str) -> None:
    page = drawn(text)
    (code,) = codes(page)
    assert code.text == text
    assert code.corners.shape == (4, 2)
    assert (code.corners.min(0) >= (90, 90)).all()
    assert (code.corners.max(0) <= (page.shape[1] - 90, page.shape[0] - 90)).all()


def test_a_turned_code_is_read() -> None:
    assert [code.text for code in codes(np.ascontiguousarray(np.rot90(drawn("LIDO"))))] == ["LIDO"]


def test_without_a_code_there_is_none() -> None:
    assert codes(np.full((200, 200, 3), 127, np.uint8)) == []
    assert codes(np.random.default_rng(1).integers(0, 255, (300, 300, 3), np.uint8)) == []
