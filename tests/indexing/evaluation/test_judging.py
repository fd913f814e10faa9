"""Findings are right where a label fits them, each label once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexing.analysers.contract import EVERYWHERE, Finding, Place, Region, Vector
from indexing.evaluation.identities import errors, faces
from indexing.evaluation.judging import fit, judge
from indexing.evaluation.measures import Judged, Miss, score
from indexing.evaluation.truth import Label, Labelled, Truth

LEFT, RIGHT = Place(region=Region(0.0, 0.0, 0.5, 1.0)), Place(region=Region(0.5, 0.0, 0.5, 1.0))


def dog(place: Place = EVERYWHERE, confidence: float = 0.9) -> Finding:
    return Finding("object", "Dog", place=place, confidence=confidence)


def judged(findings: list[Finding], *labels: Label, words: str = "") -> Judged:
    file = Labelled(Path("a.jpg"), labels, frozenset(words.split()), "south")
    names = frozenset() if words else frozenset({"dog", "cat"})
    return judge(Truth([file], names, ""), [(file, findings)])


def test_a_label_with_a_box_is_found_once_by_the_surest() -> None:
    told = judged([dog(LEFT, 0.6), dog(LEFT, 0.8), dog(RIGHT, 0.7)], Label("dog", LEFT), Label("dog", LEFT))
    assert [(verdict.confidence, verdict.right) for verdict in told.verdicts] == [
        (0.8, True),
        (0.7, False),
        (0.6, True),
    ]
    assert told.missed == []


def test_a_label_without_a_place_is_true_of_the_whole_file() -> None:
    told = judged([dog(LEFT), dog(RIGHT)], Label("dog"), Label("cat", group="north"))
    assert [verdict.right for verdict in told.verdicts] == [True, True]
    assert told.missed == [Miss("cat", "north")]


def test_names_that_the_labels_do_not_know_are_not_judged() -> None:
    told = judged([Finding("object", "zebra", confidence=0.9)], Label("dog"))
    assert (told.verdicts, told.unjudged) == ([], 1)


def test_a_false_finding_belongs_to_the_group_of_its_file() -> None:
    (verdict,) = judged([dog(LEFT)], Label("dog", RIGHT, "north")).verdicts
    assert (verdict.right, verdict.group) == (False, "south")


@pytest.mark.parametrize(
    ("found", "labelled", "expected"),
    [
        (Place(0.0, 2.0), Place(1.0, 2.0), 0.5),
        (Place(5.0, 6.0), Place(1.0, 2.0), 0.0),
        (EVERYWHERE, Place(1.0, 2.0), 0.0),
        (LEFT, EVERYWHERE, 1.0),
        (EVERYWHERE, LEFT, 0.0),
        (Place(0.0, 1.0, LEFT.region), Place(0.0, 1.0, RIGHT.region), 0.0),
    ],
)
def test_places_fit_by_their_overlap(found: Place, labelled: Place, expected: float) -> None:
    assert fit(found, labelled) == expected


def test_tags_are_judged_by_the_words_of_captions() -> None:
    tags = [Finding("scene", name, confidence=0.8) for name in ("beach", "football match")]
    told = judged(tags, words="two dog on a beach")
    assert {verdict.label: verdict.right for verdict in told.verdicts} == {
        "beach": True,
        "football match": False,
    }


def test_a_tag_found_elsewhere_is_missed_where_captions_tell_of_it() -> None:
    files = [Labelled(Path(name), (), frozenset({"beach"})) for name in ("a.jpg", "b.jpg")]
    beach = Finding("scene", "beach", confidence=0.8)
    told = judge(Truth(files, frozenset(), ""), [(files[0], [beach]), (files[1], [])])
    assert score(told).recall == 0.5


def test_errors_between_people_are_counted_in_each_group() -> None:
    angles = {"anna": (0, 10, 80), "bela": (75, 85)}
    found = [
        (Labelled(Path(f"{who}{angle}"), [Label(who, group=who[0])]), [face(angle)])
        for who, several in angles.items()
        for angle in several
    ]
    told = errors(faces(found), threshold=float(np.cos(np.radians(30))))
    assert (told["a"].same, told["a"].false_non_match) == (3, pytest.approx(2 / 3))
    assert (told["b"].same, told["b"].false_non_match) == (1, 0.0)
    assert (told[""].different, told[""].false_match) == (6, pytest.approx(2 / 6))
    assert told["a"].false_match is None


def face(angle: float) -> Finding:
    radians = np.radians(angle)
    vector = Vector("made", np.array([np.cos(radians), np.sin(radians)], np.float32))
    return Finding("face", confidence=0.9, vector=vector)
