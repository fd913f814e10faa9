"""Folders that embedded servers may be started in."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that every account can pass through, unlike pytest's own tmp_path."""
    folder = Path(tempfile.mkdtemp(prefix="mediatheque-services-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def server_dir() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def module_dir() -> Iterator[Path]:
    """One such folder for all tests of a module, so that a cluster is made once."""
    with open_folder() as folder:
        yield folder
