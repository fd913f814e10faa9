"""The models of this installation for translation: the manifest's, and folders of the operator's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexing import translating, weights
from indexing.manifest import Model


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> weights.Shelf:
    models = {
        name: Model(name, use, name, "MPL-2.0", [], automatic=False)
        for name, use in (
            ("en-pt", "translation-en-pt"),
            ("en-de", "translation-en-de"),
            ("voice", "voice-en"),
        )
    }
    made = weights.Shelf(models, tmp_path)
    monkeypatch.setattr(made, "available", lambda name: name == "en-pt")
    monkeypatch.setattr(weights, "shelf", lambda: made)
    return made


def test_models_that_are_here_are_told_by_their_languages(shelf: weights.Shelf) -> None:
    assert translating.models() == {("en", "pt"): "en-pt"}


def test_an_own_folder_comes_first(shelf: weights.Shelf) -> None:
    for name in ("translation-en-pt", "translation-de-en", "translation-broken"):
        (shelf.folder / name).mkdir()
    assert translating.models() == {
        ("en", "pt"): shelf.folder / "translation-en-pt",
        ("de", "en"): shelf.folder / "translation-de-en",
    }


def test_models_that_come_only_when_named_are_no_use_that_must_be_served(shelf: weights.Shelf) -> None:
    assert shelf.uses() == []


def test_the_languages_are_the_operators(shelf: weights.Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translating.env, "TRANSLATE_TO", ["pt"])
    analyser = translating.translation()
    assert (analyser.model, analyser.weights, analyser.hindrance) == ("to pt by en-pt", ["en-pt"], "")
