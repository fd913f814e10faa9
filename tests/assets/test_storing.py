"""Putting files into storages, whole or not at all."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, InMemoryStorage

from dam.assets.quarantine import Held
from dam.assets.storing import store_original, store_rendition


def held(path: Path, content: bytes = b"content") -> Held:
    """That content as it lies in quarantine."""
    path.write_bytes(content)
    return Held(path, hashlib.sha256(content).hexdigest(), len(content))


@pytest.fixture(params=["directory", "objects"])
def storage(request, tmp_path):
    """A file system, and a storage that has no paths, as object storage has none."""
    return FileSystemStorage(tmp_path / "stored") if request.param == "directory" else InMemoryStorage()


def test_an_original_is_kept_under_its_content_and_written_once(storage, tmp_path):
    first = held(tmp_path / "a")
    name = store_original(storage, first, ".jpg")
    assert name == f"{first.sha256[:2]}/{first.sha256[2:4]}/{first.sha256}.jpg"
    changed = storage.get_modified_time(name)
    assert store_original(storage, held(tmp_path / "b"), ".jpg") == name
    assert storage.get_modified_time(name) == changed
    assert storage.open(name).read() == b"content"


def test_a_rendition_takes_the_place_of_the_earlier_one(storage, tmp_path):
    for content in (b"first", b"second"):
        (tmp_path / "thumb.webp").write_bytes(content)
        name = store_rendition(storage, tmp_path / "thumb.webp", "0/1/thumb.webp")
        assert name == "0/1/thumb.webp"
        assert storage.open(name).read() == content
    assert storage.listdir("0/1") == ([], ["thumb.webp"])


def test_another_file_system_gets_a_whole_copy(tmp_path, monkeypatch):
    def elsewhere(self, target):
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(Path, "hardlink_to", elsewhere)
    storage = FileSystemStorage(tmp_path / "stored")
    name = store_original(storage, held(tmp_path / "a"), ".jpg")
    kept = Path(storage.path(name))
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777) == (b"content", 0o444)
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_another_failure_is_not_hidden(tmp_path, monkeypatch):
    def full(self, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "hardlink_to", full)
    with pytest.raises(OSError, match="No space left"):
        store_original(FileSystemStorage(tmp_path / "stored"), held(tmp_path / "a"), ".jpg")
