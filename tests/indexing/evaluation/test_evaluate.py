"""`manage.py evaluate`: on labelled files, on reviewed facts, and one version beside another."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from indexing import store, weights
from indexing.models import Annotation, Evaluation
from tests.factories import make_asset, make_fact, make_library, make_run, make_user

pytestmark = pytest.mark.django_db


def evaluate(*arguments: object, **options: Any) -> str:
    out = StringIO()
    call_command("evaluate", *map(str, arguments), stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def reviewed_dogs(right: int, wrong: int, **identity: str) -> None:
    """Dogs that the objects analyser saw, and what a person said of them."""
    user, library = make_user(), make_library("Dogs")
    for decision in ["accepted"] * right + ["rejected"] * wrong:
        asset = make_asset(library)
        fact = make_fact(asset, run=make_run(asset, **identity), text="dog", confidence=0.75)
        store.review(fact, user, decision)


def test_reviewed_facts_give_precision_and_calibration_but_no_recall() -> None:
    reviewed_dogs(right=3, wrong=1)
    table = evaluate("objects", "--reviewed")
    assert "0.75 (0.30 to 0.95)" in table
    assert "no recall is told" in table
    told = Evaluation.objects.get().result["labels"]["dog"]
    assert (told["found"], told["right"], told["precision"], told["error"]) == (4, 3, 0.75, 0.0)


def test_what_people_added_by_hand_was_missed() -> None:
    reviewed_dogs(right=1, wrong=0)
    asset = Annotation.objects.get().asset
    make_fact(asset, text="cat", source=Annotation.Source.PERSON)
    make_fact(make_asset(), text="cow", source=Annotation.Source.PERSON)
    (told,) = json.loads(evaluate("objects", "--reviewed", "--json"))
    assert set(told["result"]["labels"]) == {"dog", "cat"}
    assert told["result"]["all"]["recall"] == 0.5


def test_facts_that_nobody_reviewed_are_no_evidence() -> None:
    make_fact(make_asset(), confidence=0.9)
    with pytest.raises(CommandError, match="nothing to judge by"):
        evaluate("objects", "--reviewed")


def test_groups_that_the_archivist_marked_are_shown(tmp_path: Path) -> None:
    reviewed_dogs(right=1, wrong=1)
    groups = tmp_path / "groups.csv"
    groups.write_text("name,group\ndog,animals\n")
    assert "By group" in evaluate("objects", "--reviewed", "--groups", groups)
    assert Evaluation.objects.get().result["groups"]["animals"]["precision"] == 0.5


def test_one_version_is_shown_beside_another() -> None:
    reviewed_dogs(right=1, wrong=1, version="1")
    reviewed_dogs(right=3, wrong=1, version="2")
    evaluate("objects", "--reviewed")
    assert Evaluation.objects.count() == 2
    lines = evaluate("objects", "--compare").splitlines()
    dog = next(line for line in lines if line.startswith("dog"))
    assert dog.split() == ["dog", "0.50", "/", "-", "/", "0.25", "0.75", "/", "-", "/", "0.00"]
    with pytest.raises(CommandError, match="nothing to judge by"):
        evaluate("shots", "--compare")


def test_an_unknown_analyser_and_a_folder_without_labels_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No analyser is named 'nosuch'"):
        evaluate("nosuch", "--folder", tmp_path)
    with pytest.raises(CommandError, match="holds no labels"):
        evaluate("places", "--folder", tmp_path)
    assert not Evaluation.objects.exists()


def test_places_of_real_photographs(tmp_path: Path, shared: Callable[..., Path]) -> None:
    names = ("jpg__gps__DSCN0025.jpg", "jpg__gps__DSCN0038.jpg", "jpg__Nikon_COOLPIX_P1.jpg")
    for name in names:
        (tmp_path / name).write_bytes(shared("media", "metadata_exif", name).read_bytes())
    rows = [f'{name},"Arezzo, Tuscany, Italy"' for name in names[:2]] + [f"{names[2]},"]
    (tmp_path / "manifest.csv").write_text("\n".join(["file,label", *rows]))
    (told,) = json.loads(evaluate("places", "--folder", tmp_path, "--json"))
    whole = told["result"]["all"]
    assert (whole["found"], whole["right"], whole["missed"]) == (2, 2, 0)
    assert (told["analyser"], told["version"], told["model"]) == ("places", "1", "geonames-cities1000")


def test_a_file_that_cannot_be_read_is_left_out_and_told(tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    (tmp_path / "manifest.csv").write_text("file,label\nbroken.jpg,Paris\n")
    errors = StringIO()
    with pytest.raises(CommandError, match="could be read"):
        call_command("evaluate", "places", "--folder", str(tmp_path), stderr=errors)
    assert "broken.jpg is left out" in errors.getvalue()


@pytest.mark.models
def test_objects_on_labelled_photographs(shared: Callable[..., Path]) -> None:
    model = weights.chosen("objects")
    if not weights.available(model):
        pytest.skip(weights.shelf().reason(model))
    folder = shared("media", "photos_coco")
    (told,) = json.loads(evaluate("objects", "--folder", folder, "--limit", 6, "--json"))
    whole = told["result"]["all"]
    assert whole["found"] >= 5
    assert whole["precision"] >= 0.6
    assert 0.2 <= whole["recall"] <= 1.0
    assert told["weights_sha256"] == weights.sha256(model)
