import pytest

from dam import env


def test_a_choice_has_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MADE_CHOICE", raising=False)
    assert env.choice("MADE_CHOICE", "light", "heavy") == "light"


def test_a_choice_outside_the_allowed_ones_is_refused_with_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MADE_CHOICE", "purple")
    with pytest.raises(ValueError, match="MADE_CHOICE is 'purple', but must be one of: light, heavy"):
        env.choice("MADE_CHOICE", "light", "heavy")


@pytest.mark.parametrize(
    ("text", "truth"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("", False)]
)
def test_flags_are_said_in_words_or_digits(monkeypatch: pytest.MonkeyPatch, text: str, truth: bool) -> None:
    monkeypatch.setenv("MADE_FLAG", text)
    assert env.flag("MADE_FLAG") is truth


def test_words_are_parted_by_commas_and_trimmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADE_WORDS", " a, b ,,c ")
    assert env.words("MADE_WORDS") == ["a", "b", "c"]
