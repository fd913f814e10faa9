"""The curated labels are sound; the operator's file changes them, or says what is wrong with it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from indexing import kinds
from indexing.vocabulary.labels import KINDS, Label, VocabularyError, curated, load


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "vocabulary.toml"


def named(labels: list[Label], name: str) -> list[Label]:
    return [label for label in labels if label.name == name]


def test_the_curated_vocabulary_is_large_and_covers_every_kind() -> None:
    labels = curated()
    assert len(labels) >= 350
    assert {label.kind for label in labels} == set(KINDS)
    assert all(kinds.get(kind).reason for kind in KINDS)


def test_every_curated_label_has_several_different_phrasings() -> None:
    for label in curated():
        assert len(set(label.phrases)) >= 3, label


def test_labels_are_unique_and_broader_terms_are_labels_of_the_same_kind() -> None:
    labels = curated()
    names = Counter((label.kind, label.name) for label in labels)
    assert max(names.values()) == 1
    assert [each for each in labels if each.broader and (each.kind, each.broader) not in names] == []


def test_without_a_file_of_their_own_the_curated_labels_are_in_use(own: Path) -> None:
    assert load(own) == load() == curated()


def test_a_label_is_added(own: Path) -> None:
    own.write_text('[scene]\n"puppet theatre" = ["a puppet theatre", "puppets on a small stage"]\n')
    (label,) = named(load(own), "puppet theatre")
    assert (label.kind, label.phrases) == ("scene", ("a puppet theatre", "puppets on a small stage"))
    assert label.words == ("puppet theatre",)
    assert len(load(own)) == len(curated()) + 1


def test_a_curated_label_is_replaced_and_its_identity_changes(own: Path) -> None:
    own.write_text('[scene]\nbeach = { phrases = ["a pebble beach"], near = ["surfboard"] }\n')
    (before,), (after,) = named(curated(), "beach"), named(load(own), "beach")
    assert (after.phrases, after.near) == (("a pebble beach",), ("surfboard",))
    assert after.key != before.key


def test_a_label_is_turned_off(own: Path) -> None:
    own.write_text("[scene]\nbeach = false\n")
    assert named(load(own), "beach") == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[scene\n", "cannot be read"),
        ('[scenery]\nbeach = ["a beach"]\n', r"\[scenery\] is no table of labels. Kinds: object"),
        ('scene = "beach"\n', "is no table of labels"),
        ('[scene]\nbeach = "a beach"\n', "must be a list of phrases, a table with phrases, or false"),
        ("[scene]\nbeach = true\n", "must be a list of phrases"),
        ("[scene]\nbeach = []\n", "needs 1 to 12 phrases"),
        ('[scene]\nbeach = { words = ["beach"] }\n', "needs 1 to 12 phrases"),
        ("[scene]\nbeach = [3]\n", "single lines of 1 to 80"),
        ('[scene]\nbeach = [" "]\n', "single lines of 1 to 80"),
        (f'[scene]\nbeach = ["{"x" * 81}"]\n', "single lines of 1 to 80"),
        ('[scene]\nbeach = { phrases = ["a beach"], colour = "sand" }\n', "has colour; it may have phrases"),
        ('[scene]\nbeach = { phrases = ["a beach"], near = ["unicorn"] }\n', "not 'unicorn'"),
        ('[scene]\nbeach = { phrases = ["a beach"], broader = 3 }\n', "single lines"),
        ("[scene]\nbeech = false\n", "'beech' is turned off, but there is no such label"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(own: Path, text: str, complaint: str) -> None:
    own.write_text(text)
    with pytest.raises(VocabularyError, match=complaint) as told:
        load(own)
    assert "vocabulary.toml" in str(told.value)


def test_a_file_that_is_no_text_is_told(own: Path) -> None:
    own.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(VocabularyError, match="cannot be read"):
        load(own)
