"""This installation's vocabulary: the operator's labels and what was measured in this library."""

from __future__ import annotations

from pathlib import Path

from dam import env
from indexing import weights
from indexing.analysers.tags import Tags
from indexing.vocabulary import labels

OWN = env.HOME / "vocabulary.toml"
"""The operator's labels."""


def current() -> list[labels.Label]:
    """The labels in use. Raises VocabularyError where the operator's file is wrong."""
    return labels.load(OWN)


def measured(space: str) -> Path:
    """The file of what was measured here in a space."""
    return env.HOME / "vocabulary" / f"{space}.npz"


def tags() -> Tags:
    """The analyser with the vocabulary in use. Raises VocabularyError where the operator's file is wrong."""
    space = weights.chosen("text-image")
    return Tags(space, current(), measured(space))
