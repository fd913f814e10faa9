"""Words and sounds that speak of a mood."""

from __future__ import annotations

import pytest

from indexing.vocabulary import sentiments


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Everyone was laughing and so HAPPY!", [("joyful", "laughing"), ("joyful", "happy")]),
        ("A mourner in tears", [("somber", "mourner"), ("somber", "tears")]),
        ("nobody was happy about it, never glad", []),
        ("It isn't a happy day", []),
        ("It isn\u2019t funny", []),
        ("not at all happy, but after that came joy", [("joyful", "joy")]),
        ("Happisburgh lighthouse", []),
        ("a table and two chairs", []),
        ("", []),
    ],
)
def test_words(text: str, found: list[tuple[str, str]]) -> None:
    assert list(sentiments.of_words(text)) == found


def test_sounds() -> None:
    assert sentiments.of_sound("Laughter") == "joyful"
    assert sentiments.of_sound("Crying, sobbing") == "somber"
    assert sentiments.of_sound("Typewriter") == ""
