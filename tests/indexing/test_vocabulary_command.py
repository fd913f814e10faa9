"""The vocabulary from the command line, and the analyser that follows from it."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from dam.assets.models import Asset
from indexing import weights
from indexing.analysers.collection import collect
from indexing.engines.spaces import RENDERED_TEXT
from indexing.engines.text_image import unit
from indexing.management.commands import vocabulary
from indexing.models import Embedding
from indexing.vocabulary import installation, vectors
from indexing.vocabulary.background import FEWEST
from indexing.vocabulary.labels import curated
from tests.factories import make_asset, make_run

D = 512


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The operator's file, in a home of its own; the space is the one that is shipped with measurements."""
    monkeypatch.setattr(installation, "OWN", tmp_path / "vocabulary.toml")
    monkeypatch.setattr(installation, "measured", lambda space: tmp_path / "vocabulary" / f"{space}.npz")
    monkeypatch.setattr(weights, "chosen", lambda use: RENDERED_TEXT)
    return tmp_path / "vocabulary.toml"


def said(*words: str) -> str:
    out = StringIO()
    call_command("vocabulary", *words, stdout=out, stderr=out)
    return out.getvalue()


def test_the_list_has_every_label_with_its_phrasings(own: Path) -> None:
    own.write_text('[scene]\nbeach = false\n"puppet theatre" = ["a puppet theatre", "puppets"]\n')
    lines = said("list").splitlines()
    assert len(lines) == len(curated())
    assert next(line for line in lines if "puppet" in line).split("  ")[-1].strip().endswith("puppets")
    assert not [line for line in lines if line.startswith("scene     beach ")]


def test_everything_that_is_shipped_is_measured() -> None:
    text = said("check")
    assert f"{len(curated())} labels" in text
    assert "0 labels are measured at the next run" in text
    assert "background: the shipped one" in text


def test_the_check_counts_what_has_to_be_measured(own: Path) -> None:
    own.write_text('[scene]\n"puppet theatre" = ["a puppet theatre"]\n')
    assert "1 labels are measured" in said("check")


def test_a_wrong_file_is_told_and_leaves_the_analyser_out_with_the_reason(own: Path) -> None:
    own.write_text("[scenery]\n")
    with pytest.raises(CommandError, match=r"vocabulary\.toml: \[scenery\] is no table"):
        said("check")
    found, problems = collect({"tags": lambda: installation.tags}, weights.chosen)
    assert found == []
    assert "[scenery] is no table of labels" in problems[0].reason


def test_the_analyser_knows_the_operators_labels_by_its_model(own: Path) -> None:
    before = installation.tags().model
    own.write_text('[scene]\nbeach = ["a pebble beach"]\n')
    assert installation.tags().model != before
    assert len(before) <= 200


@pytest.mark.django_db
def test_a_small_library_is_no_background() -> None:
    with pytest.raises(CommandError, match=f"needs {FEWEST} different pictures; there are 0"):
        said("calibrate")


@pytest.mark.django_db
def test_the_librarys_own_pictures_become_the_background(own: Path) -> None:
    numbers = np.random.default_rng(4)
    asset = make_asset()
    run = make_run(asset)
    assets = Asset.objects.bulk_create(
        Asset(library=asset.library, sha256=f"{n:064x}", kind="image", size=1) for n in range(FEWEST)
    )  # fmt: skip
    made = unit(numbers.normal(0.2, 1, (FEWEST, D)))
    rows = [
        Embedding(asset=each, run=run, space=RENDERED_TEXT, vector=vector)
        for each, vector in zip(assets, made, strict=True)
    ]
    Embedding.objects.bulk_create([*rows, Embedding(asset=assets[0], run=run, space="other", vector=made[0])])
    assert vocabulary.pictures(RENDERED_TEXT).shape == (FEWEST, D)
    before = installation.tags().model
    assert "background: this library's" in said("calibrate")
    assert installation.tags().model != before
    ground = vectors.background(installation.measured(RENDERED_TEXT))
    assert ground is not None
    np.testing.assert_allclose(ground.mean, made.mean(0), atol=1e-2)
