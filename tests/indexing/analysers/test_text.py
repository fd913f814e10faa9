"""What is written, in reading order with its words, its spans on film, and few shapes taken for letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pytest

from indexing.analysers import registry
from indexing.analysers import text as analyser
from indexing.analysers.contract import Context, Finding, Place
from indexing.analysers.text import Text
from indexing.engines.ocr import Line, Word
from tests.indexing.analysers.made_media import MadeMedia, bare_context, shots_context
from tests.indexing.engines.test_qr import drawn
from tests.indexing.engines.written import page

Said = Mapping[int, list[Line]]


def line(text: str, left: float, top: float, confidence: float = 0.9, words: Sequence[Word] = ()) -> Line:
    right, foot = left + 20, top + 5
    return Line(text, confidence, np.array([[left, top], [right, top], [right, foot], [left, foot]]), words)


@pytest.fixture
def analyse(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Finding]]:
    """Analyse a made medium (60 x 40 pixels) with a reader that is told what it reads in which grey."""

    def run(media: MadeMedia, context: Context, said: Said) -> list[Finding]:
        class Told:
            def read(self, rgb: np.ndarray) -> list[Line]:
                return said.get(int(rgb[0, 0, 0]), [])

        monkeypatch.setattr(Text, "_reader", lambda self, threads: Told())
        return list(Text().analyse(media, context))

    return run


def test_lines_come_in_reading_order_with_their_places(analyse: Callable[..., list[Finding]]) -> None:
    said = {128: [line("second line", 10, 16), line("first line", 10, 10)]}
    found = analyse(MadeMedia("image"), bare_context(), said)
    assert [(each.kind, each.text, each.details) for each in found] == [
        ("text", "first line", {"line": 0, "block": 0}),
        ("text", "second line", {"line": 1, "block": 0}),
    ]
    assert found[0].place.region == pytest.approx((10 / 60, 10 / 40, 20 / 60, 5 / 40))
    assert found[0].confidence == 0.9


def test_words_are_parts_of_their_line(analyse: Callable[..., list[Finding]]) -> None:
    corners = np.array([[10, 10], [20, 10], [20, 15], [10, 15]])
    words = [Word("open", 0.8, corners), Word("now", 0.9, corners + np.array([10, 0]))]
    (found,) = analyse(MadeMedia("image"), bare_context(), {128: [line("open now", 10, 10, words=words)]})
    assert [(word.kind, word.text, word.confidence) for word in found.children] == [
        ("word", "open", 0.8),
        ("word", "now", 0.9),
    ]
    assert found.children[1].place.region == pytest.approx((20 / 60, 10 / 40, 10 / 60, 5 / 40))


@pytest.mark.parametrize(
    ("text", "confidence", "believed"),
    [
        ("EXIT", 0.81, True),
        ("EXIT", 0.79, False),
        ("HU", 0.94, False),
        ("15", 0.99, True),
        ("---", 1.0, False),
    ],
)
def test_short_lines_must_be_surer(
    analyse: Callable[..., list[Finding]], text: str, confidence: float, believed: bool
) -> None:
    found = analyse(MadeMedia("image"), bare_context(), {128: [line(text, 10, 10, confidence)]})
    assert bool(found) is believed


def test_text_that_stays_on_screen_is_one_span(analyse: Callable[..., list[Finding]]) -> None:
    said = {10: [line("LIDO OPEN", 10, 10, 0.85)], 55: [line("LIDO 0PEN", 11, 10, 0.95)]}
    (found,) = analyse(MadeMedia("video", duration=10.0), shots_context(), said)
    assert (found.text, found.confidence) == ("LIDO 0PEN", 0.95)
    assert (found.place.start, found.place.end) == (0.0, 6.0)
    assert found.details["frames"] == 2


def test_a_code_is_text_and_no_more(analyse: Callable[..., list[Finding]]) -> None:
    said = "<script>alert(1)</script>"
    (found,) = analyse(MadeMedia("image", drawn(said)), bare_context(), {})
    assert (found.kind, found.text, found.details) == ("text", said, {"symbology": "QR"})


def test_a_written_page_is_read() -> None:
    (found,) = Text().analyse(MadeMedia("image", page(["Harbour office"], (400, 90))), Context(_no_weights))
    assert found.text == "Harbour office"
    assert [word.text for word in found.children] == ["Harbour", "office"]


def test_the_engine_is_the_operators_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    assert registry.TEXT["rapidocr"] == "indexing.analysers.text:Text"
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RuntimeError, match="Tesseract is not on the PATH"):
        analyser.TesseractText()


def test_an_engine_that_is_missing_is_a_problem_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    found, problems = registry.collect({"text": lambda: analyser.TesseractText}, lambda use: use)
    assert found == []
    assert "apt install tesseract-ocr" in problems[0].reason


def _no_weights(name: str) -> Iterator[Place]:
    raise AssertionError(f"{name} was asked for: the networks are in the package")
