"""Finding the files to bring in."""

from __future__ import annotations

import os
import socket
import threading
import time
import tracemalloc
from pathlib import Path

import pytest

from dam.assets.discover import (
    LINKED_FOLDER,
    LONE_SIDECAR,
    discover,
    path_of,
    safe_name,
    sidecars_of,
    source_of,
)
from dam.assets.quarantine import NOT_A_FILE
from dam.assets.watching import settled


def write(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def reasons(*paths: Path) -> dict[str, str]:
    """The name of each file found, and why it cannot be taken."""
    return {each.name: each.reason for each in discover(paths)}


def test_files_of_nested_folders_are_found_and_system_files_passed_over(tmp_path):
    for name in ("a.jpg", "deep/er/b.mp4", ".hidden.jpg", ".git/c.jpg", "Thumbs.db", "deep/.DS_Store"):
        write(tmp_path / name)
    assert reasons(tmp_path) == {"a.jpg": "", "b.mp4": ""}


def test_a_hidden_file_is_taken_when_it_is_named_itself(tmp_path):
    assert reasons(write(tmp_path / ".a.jpg")) == {".a.jpg": ""}


def test_a_link_to_a_file_is_read_and_a_link_to_a_folder_is_explained(tmp_path):
    write(tmp_path / "real" / "a.jpg")
    (tmp_path / "linked.jpg").symlink_to(tmp_path / "real" / "a.jpg")
    (tmp_path / "real" / "up").symlink_to(tmp_path)
    assert reasons(tmp_path) == {"a.jpg": "", "linked.jpg": "", "up": LINKED_FOLDER}


def test_a_link_in_a_circle_and_one_to_nothing_are_refused(tmp_path):
    (tmp_path / "circle.jpg").symlink_to(tmp_path / "circle.jpg")
    (tmp_path / "nothing.jpg").symlink_to(tmp_path / "absent.jpg")
    assert reasons(tmp_path) == {
        "circle.jpg": "The link leads in a circle.",
        "nothing.jpg": "The file is no longer there.",
    }


def test_pipes_and_sockets_are_refused_without_opening_them(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s.jpg"))
        assert reasons(tmp_path) == {"pipe.jpg": NOT_A_FILE, "s.jpg": NOT_A_FILE}
    assert reasons(Path("/dev/null")) == {"null": NOT_A_FILE}


def test_a_folder_that_may_not_be_read_is_accounted_for(tmp_path):
    closed = tmp_path / "closed"
    write(closed / "a.jpg")
    write(tmp_path / "b.jpg")
    outcome = tmp_path / "outcome"
    child = os.fork()
    if child == 0:
        closed.chmod(0o000)
        tmp_path.chmod(0o777)
        for parent in tmp_path.parents[:3]:
            parent.chmod(parent.stat().st_mode | 0o011)
        os.setuid(65534)
        outcome.write_text(repr(reasons(tmp_path)))
        os._exit(0)
    os.waitpid(child, 0)
    closed.chmod(0o700)
    assert outcome.read_text() == repr(
        {"b.jpg": "", "closed": "This folder cannot be read: Permission denied."}
    )


test_a_folder_that_may_not_be_read_is_accounted_for = pytest.mark.skipif(
    os.geteuid() != 0, reason="becoming another account needs root"
)(test_a_folder_that_may_not_be_read_is_accounted_for)


@pytest.mark.parametrize("sidecar", ["photo.jpg.xmp", "photo.xmp", "photo.XMP"])
def test_a_sidecar_travels_with_its_file(tmp_path, sidecar):
    photo = write(tmp_path / "photo.jpg")
    beside = write(tmp_path / sidecar)
    assert reasons(tmp_path) == {"photo.jpg": ""}
    assert sidecars_of(photo) == [beside]


def test_a_sidecar_of_nothing_is_refused(tmp_path):
    write(tmp_path / "lone.xmp")
    write(tmp_path / "other.jpg")
    assert reasons(tmp_path) == {"lone.xmp": LONE_SIDECAR, "other.jpg": ""}


@pytest.mark.parametrize(
    "name", [b"plain.jpg", b"two\nlines.jpg", b"latin-\xe9.jpg", b"100%.jpg", b"\xff\xfe"]
)
def test_any_name_survives_the_way_into_the_database_and_back(tmp_path, name):
    path = Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name)))  # noqa: PTH118 - bytes
    write(path)
    [found] = discover([path])
    found.source.encode()
    assert path_of(found.source) == path


def test_a_relative_path_is_made_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert source_of(Path("a.jpg")) == str(tmp_path / "a.jpg")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\a.jpg", "a.jpg"),
        ("a\r\nb.jpg", "a\ufffd\ufffdb.jpg"),
        ("x\x00.jpg", "x\ufffd.jpg"),
        ("gpj.\u202eexe", "gpj.\ufffdexe"),
        ("", "unnamed"),
        ("é 写真.jpg", "é 写真.jpg"),
    ],
)
def test_names_are_made_fit_to_be_shown(name, shown):
    assert safe_name(name) == shown


def test_a_very_long_name_keeps_its_extension():
    shown = safe_name("n" * 3000 + ".jpeg")
    assert len(shown) == 1000
    assert shown.endswith("n.jpeg")


def test_a_path_too_long_for_the_system_is_refused(tmp_path):
    [found] = discover([tmp_path / ("n" * 300 + ".jpg")])
    assert found.reason == "The path of this file is too long."


def test_the_walk_keeps_little_in_memory(tmp_path):
    for number in range(3000):
        (tmp_path / f"{number:05}.jpg").touch()
    assert sum(1 for _ in discover([tmp_path])) == 3000  # what the first walk loads is not what it keeps
    tracemalloc.start()
    for _ in discover([tmp_path]):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_a_watched_file_is_given_only_when_nobody_writes_to_it_any_more(tmp_path):
    stop, given = threading.Event(), []

    def collect():
        for batch in batches:
            given.extend((found.name, time.monotonic()) for found in batch)

    batches = settled([tmp_path], stop, rest=0.6)
    assert next(batches) == []
    thread = threading.Thread(target=collect)
    thread.start()
    growing = tmp_path / "growing.jpg"
    with growing.open("ab") as file:
        for _ in range(4):
            file.write(b"more")
            file.flush()
            last = time.monotonic()
            time.sleep(0.3)
    write(tmp_path / "folder" / "whole.jpg")
    write(tmp_path / ".hidden.jpg")
    deadline = time.monotonic() + 10
    while len(given) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    thread.join(10)
    assert sorted(name for name, _ in given) == ["growing.jpg", "whole.jpg"]
    assert dict(given)["growing.jpg"] - last >= 0.6
