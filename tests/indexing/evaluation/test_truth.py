"""Labelled folders are read in three forms, and wrong ones are refused with their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexing.analysers.contract import Place, Region
from indexing.evaluation.truth import Label, TruthError, read, read_groups, words_of


def make(folder: Path, **files: str) -> Path:
    """A folder with a manifest or classes, and two empty pictures."""
    for name in ("a.jpg", "b.jpg"):
        (folder / name).touch()
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def test_a_manifest_names_labels_boxes_spans_and_groups(tmp_path: Path) -> None:
    rows = (
        "file,label,x,y,w,h,start,end,group\n"
        "a.jpg,Dog,0.1,0.2,0.3,0.4,,,north\na.jpg,cat,,,,,1,2.5,\nb.jpg,,,,,,,,south\n"
    )
    truth = read(make(tmp_path, manifest__csv=rows))
    first, second = truth.files
    assert list(first.labels) == [
        Label("dog", Place(region=Region(0.1, 0.2, 0.3, 0.4)), "north"),
        Label("cat", Place(1.0, 2.5)),
    ]
    assert (second.labels, second.group) == ([], "south")
    assert truth.vocabulary == {"dog", "cat"}
    assert not truth.by_words


def test_yolo_labels_are_boxes_by_their_middles(tmp_path: Path) -> None:
    folder = make(tmp_path, classes__txt="person\ndog\n", a__txt="1 0.5 0.5 0.5 0.2\n\n", b__txt="")
    truth = read(folder)
    assert [file.path.name for file in truth.files] == ["a.jpg", "b.jpg"]
    (label,) = truth.files[0].labels
    assert (label.name, label.place.region) == ("dog", Region(0.25, 0.4, 0.5, 0.2))
    assert truth.vocabulary == {"person", "dog"}


def test_captions_stand_for_labels(tmp_path: Path) -> None:
    truth = read(make(tmp_path, manifest__csv="file,caption1,caption2\na.jpg,Two dogs run,On a beach\n"))
    assert truth.by_words
    assert words_of("beach dog") <= truth.files[0].words
    assert not words_of("cat") <= truth.files[0].words


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({}, "holds no labels"),
        ({"manifest__csv": "name,label\na.jpg,dog\n"}, "no column named file"),
        ({"manifest__csv": "file,label\n../a.jpg,dog\n"}, "not a file in that folder"),
        ({"manifest__csv": "file,label\nc.jpg,dog\n"}, "not a file in that folder"),
        ({"manifest__csv": "file,label\na.jpg,\n"}, "nothing in its column"),
        ({"manifest__csv": "file,label,x\na.jpg,dog,0.5\n"}, "line 2: a box needs"),
        ({"manifest__csv": "file,label,start,end\na.jpg,dog,one,2\n"}, "line 2: start is 'one'"),
        ({"classes__txt": "dog\n", "a__txt": "3 0 0 1 1\n", "b__txt": ""}, "a.txt, line 1: not a YOLO label"),
        ({"classes__txt": "dog\n", "a__txt": ""}, "b.jpg has no labels"),
    ],
)
def test_wrong_labels_are_refused_where_they_are_wrong(
    tmp_path: Path, files: dict[str, str], complaint: str
) -> None:
    with pytest.raises(TruthError, match=complaint):
        read(make(tmp_path, **files))


def test_groups_come_from_a_file_too(tmp_path: Path) -> None:
    folder = make(
        tmp_path,
        manifest__csv="file,label\na.jpg,anna\nb.jpg,bela\n",
        groups__csv="name,group\nAnna,x\nb.jpg,y\n",
    )
    groups = read_groups(folder / "groups.csv")
    assert [file.labels[0].group for file in read(folder, groups=groups).files] == ["x", "y"]
    (folder / "groups.csv").write_text("who,what\n")
    with pytest.raises(TruthError, match="columns name and group"):
        read_groups(folder / "groups.csv")


def test_other_labels_are_another_truth(tmp_path: Path) -> None:
    folder = make(tmp_path, manifest__csv="file,label\na.jpg,dog\n")
    before = read(folder).digest
    assert read(folder).digest == before
    (folder / "manifest.csv").write_text("file,label\na.jpg,cat\n")
    assert read(folder).digest != before
