"""Kill -9 of a worker, of the database and of the supervisor, while files are being brought in."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.services.kill_ingest import Installation, faults, ingest_with_kills, make_files

pytestmark = [pytest.mark.services, pytest.mark.timeout(900)]


@pytest.fixture
def installation():
    home = Path(tempfile.mkdtemp(prefix="mediatheque-kill-"))
    home.chmod(0o711)
    made = Installation(home)
    yield made
    made.stop()
    shutil.rmtree(home)


def test_no_file_is_lost_and_none_is_there_twice(installation, tmp_path):
    folder = tmp_path / "files"
    make_files(folder, count=60, duplicates=5, refused=3)
    states = ingest_with_kills(installation, folder, seconds=240)
    assert states == {"imported": 60, "duplicate": 5, "refused": 3}
    assert faults(installation, folder) == []
