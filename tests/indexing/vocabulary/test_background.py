"""Scores are judged by how ordinary pictures score, for any label."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexing.engines.text_image import unit
from indexing.vocabulary import vectors
from indexing.vocabulary.background import FEWEST, Background
from indexing.vocabulary.labels import Label

SPACE = 16


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(3)


@pytest.fixture
def pictures(random: np.random.Generator) -> np.ndarray:
    return unit(random.normal(0.3, 1, (200, SPACE)) * np.linspace(0.2, 2, SPACE))


def test_ordinary_pictures_deviate_by_one_on_average_whatever_the_label(
    pictures: np.ndarray, random: np.random.Generator
) -> None:
    labels = unit(random.normal(0, 1, (7, SPACE)))
    _, deviations = Background.of(pictures).compare(pictures, labels)
    assert deviations.shape == (200, 7)
    np.testing.assert_allclose(deviations.mean(0), 0, atol=1e-4)
    np.testing.assert_allclose(deviations.std(0, ddof=1), 1, atol=1e-3)


def test_a_picture_like_the_label_stands_out(pictures: np.ndarray) -> None:
    label = np.eye(SPACE, dtype=np.float32)[:1]
    ground = Background.of(pictures)
    cosines, deviations = ground.compare(unit(ground.mean + 3 * label), label)
    assert cosines[0, 0] > 0.9
    assert deviations[0, 0] > 3


def test_too_few_pictures_are_no_background(pictures: np.ndarray) -> None:
    with pytest.raises(ValueError, match=f"needs {FEWEST} different pictures; there are 99"):
        Background.of(pictures[:99])


def test_what_was_measured_is_kept(tmp_path: Path, pictures: np.ndarray) -> None:
    path = tmp_path / "new" / "space.npz"
    ground = Background.of(pictures)
    vectors.save(path, {"one": pictures[0]}, ground)
    vectors.add(path, {"two": pictures[1]})
    found = vectors.kept(path)
    assert list(found) == ["one", "two"]
    np.testing.assert_allclose(found["two"], pictures[1], atol=1e-3)
    kept = vectors.background(path)
    assert kept is not None
    label = np.eye(SPACE, dtype=np.float32)
    np.testing.assert_allclose(kept.compare(pictures, label), ground.compare(pictures, label), atol=0.02)
    assert kept.identity == vectors.background(path).identity  # type: ignore[union-attr]
    assert [each.name for each in path.parent.iterdir()] == ["space.npz"]


def test_a_file_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert vectors.kept(tmp_path / "none.npz") == {}
    assert vectors.background(tmp_path / "none.npz") is None


def test_vectors_alone_are_no_background(tmp_path: Path, pictures: np.ndarray) -> None:
    vectors.save(tmp_path / "space.npz", {"one": pictures[0]})
    assert vectors.background(tmp_path / "space.npz") is None


def test_a_label_is_the_mean_of_its_phrases_and_each_set_is_measured_once() -> None:
    east, north = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
    asked = []

    def encode(phrase: str) -> np.ndarray:
        asked.append(phrase)
        return east if phrase == "east" else north

    labels = [Label("scene", "a", ("east", "north")), Label("event", "b", ("east", "north"))]
    assert vectors.missing(labels, {labels[0].key: east}) == []
    (wanted,) = vectors.missing(labels, {})
    told: list[tuple[int, int]] = []
    found = vectors.measure([wanted], encode, lambda done, of: told.append((done, of)))
    np.testing.assert_allclose(found[labels[0].key], [0.5**0.5, 0.5**0.5], atol=1e-6)
    assert (asked, told) == (["east", "north"], [(1, 1)])


def test_a_folder_that_cannot_be_written_to_is_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    vectors.save(tmp_path / "file" / "space.npz", {"one": np.ones(3)})
    assert "cannot be kept" in caplog.text
