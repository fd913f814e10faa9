"""The weights from the command line."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from indexing import weights
from indexing.manifest import Model
from indexing.weights import Shelf
from tests.indexing.test_weights import BYTES, file_of, url


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Two uses: the model of one is in the operator's folder, that of the other is nowhere."""
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "net.bin").write_bytes(BYTES)
    here = Model("here", "seeing", "A net", "MIT", [file_of()])
    nowhere = file_of(url("http://127.0.0.1:9/x"), content=BYTES[1:])
    gone = Model("gone", "hearing", "No net", "MIT", [nowhere])
    made = Shelf({"gone": gone, "here": here}, tmp_path / "models", [tmp_path / "kept"])
    monkeypatch.setattr(weights, "shelf", lambda: made)
    return made


def said(*words: str) -> str:
    out = StringIO()
    call_command("models", *words, stdout=out, stderr=out)
    return out.getvalue()


def test_the_list_names_licence_state_and_reason(shelf: Shelf) -> None:
    shelf.fetch("here")
    text = said("list")
    assert "present" in next(line for line in text.splitlines() if line.startswith("here"))
    assert "models fetch gone" in next(line for line in text.splitlines() if line.startswith("gone"))


def test_fetching_shows_progress(shelf: Shelf) -> None:
    assert "net.bin: 100 % of 0.0 MB" in said("fetch", "here")
    assert shelf.available("here")


def test_one_that_fails_stops_no_other_and_is_told_by_the_exit_status(shelf: Shelf) -> None:
    errors = StringIO()
    with pytest.raises(CommandError, match="1 of 2"):
        call_command("models", "fetch", stdout=StringIO(), stderr=errors)
    assert shelf.available("here")
    assert "127.0.0.1" in errors.getvalue()


def test_an_unknown_name_is_refused(shelf: Shelf) -> None:
    with pytest.raises(CommandError):
        said("fetch", "nothing")


def test_verifying_tells_damage(shelf: Shelf) -> None:
    shelf.fetch("here")
    assert "here: right" in said("verify")
    shelf.path("here").write_bytes(BYTES[::-1])
    with pytest.raises(CommandError, match="1 of 1"):
        said("verify", "here")
