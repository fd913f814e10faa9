"""Bytes from a web address, or a package from a registry through its own client, in bounded time."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import IO
from urllib.parse import urlsplit

import requests

CONNECT_SECONDS = 2
SILENT_SECONDS = 60
"""A server or a client that has brought no byte for that long is given up."""
CHUNK = 1 << 20
Report = Callable[[int], None]


class DownloadError(Exception):
    """The bytes could not be had; the message is for a person."""


class Web:
    """Downloads over HTTP. A host that did not answer is not asked again."""

    def __init__(self) -> None:
        self._silent: dict[str, str] = {}

    def save(self, url: str, target: Path, limit: int, report: Report) -> None:
        """Write the bytes of an address to `target`. Raises DownloadError; also beyond `limit` bytes."""
        self._knock(url)
        try:
            with requests.get(url, stream=True, timeout=(CONNECT_SECONDS, SILENT_SECONDS)) as answer:
                answer.raise_for_status()
                _write(answer.iter_content(CHUNK), target, limit, report)
        except requests.RequestException as problem:
            raise DownloadError(f"the server did not deliver ({type(problem).__name__})") from problem

    def _knock(self, url: str) -> None:
        host = urlsplit(url).netloc
        if host not in self._silent:
            self._silent[host] = "" if requests.utils.get_environ_proxies(url) else _connects(url)
        if self._silent[host]:
            raise DownloadError(self._silent[host])


def _connects(url: str) -> str:
    """Why the host of an address cannot be reached, or nothing. Name resolution has no time limit of its
    own, so it is waited for from outside."""
    parts = urlsplit(url)
    outcome = ["the network does not answer"]

    def connect() -> None:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            socket.create_connection((parts.hostname or "", port), timeout=CONNECT_SECONDS).close()
            outcome[0] = ""
        except OSError as problem:
            outcome[0] = f"cannot be reached ({problem.strerror or problem})"

    attempt = Thread(target=connect, daemon=True)
    attempt.start()
    attempt.join(CONNECT_SECONDS + 1)
    return outcome[0]


def _write(chunks: Iterable[bytes], target: Path, limit: int, report: Report = lambda done: None) -> None:
    done = 0
    with target.open("wb") as file:
        for chunk in chunks:
            done += len(chunk)
            if done > limit:
                raise DownloadError("it is larger than it should be")
            file.write(chunk)
            report(done)


def fetch_wheel(requirement: str, folder: Path, report: Report) -> None:
    """Put a wheel, packed or unpacked, into the folder. Nothing of it is run: source packages are refused.

    uv is asked first because it made the environment, then pip, so that the index either of them is
    configured for is used. Raises DownloadError.
    """
    clients = [client for client in (_uv(folder), _pip(folder)) if client]
    if not clients:
        raise DownloadError("neither uv nor pip is installed")
    reasons = []
    for client in clients:
        try:
            return _run([*client, "--no-deps", "--only-binary", ":all:", requirement], folder, report)
        except DownloadError as problem:
            reasons.append(str(problem))
    raise DownloadError("; ".join(reasons))


CARRIED_FOR = "3.13"
"""The Python that a carrier may ask for: what is in it is data, and runs in none."""


def _uv(folder: Path) -> list[str] | None:
    beside = str(Path(sys.executable).parent)
    uv = shutil.which("uv", path=os.pathsep.join([beside, os.environ.get("PATH", "")]))
    if not uv:
        return None
    cache, content = str(folder / "cache"), str(folder / "content")
    where = ["--python", sys.executable, "--cache-dir", cache, "--target", content]
    return [uv, "pip", "install", "--quiet", "--python-version", CARRIED_FOR, *where]


def _pip(folder: Path) -> list[str] | None:
    own = [sys.executable, "-m", "pip"] if find_spec("pip") else None
    found = shutil.which("pip")
    pip = own or ([found] if found else None)
    where = ["--ignore-requires-python", "--dest", str(folder)]
    return [*pip, "download", "--quiet", *where] if pip else None


def fetch_tarball(package: str, folder: Path, report: Report) -> None:
    """Put the tarball of an npm package into the folder. Raises DownloadError."""
    npm = shutil.which("npm")
    if not npm:
        raise DownloadError("npm is not installed")
    where = ["--pack-destination", str(folder), "--cache", str(folder / "cache")]
    _run([npm, "pack", "--silent", "--ignore-scripts", *where, package], folder, report)


def save_member(folder: Path, member: str, target: Path, limit: int) -> None:
    """Take one file out of the package in the folder. Raises DownloadError where it has no such file."""
    with _open_member(folder, member) as file:
        _write(iter(lambda: file.read(CHUNK), b""), target, limit)


def _open_member(folder: Path, member: str) -> IO[bytes]:
    unpacked = folder / "content" / member
    if unpacked.is_file():
        return unpacked.open("rb")
    try:
        for wheel in folder.glob("*.whl"):
            return zipfile.ZipFile(wheel).open(member)
        for tarball in folder.glob("*.tgz"):
            return tarfile.open(tarball).extractfile(f"package/{member}") or _absent(member)
    except (KeyError, zipfile.BadZipFile, tarfile.TarError) as problem:
        raise DownloadError(f"the package has no readable {member}") from problem
    return _absent(member)


def _absent(member: str) -> IO[bytes]:
    raise DownloadError(f"the package has no {member}")


def _run(command: Sequence[str], folder: Path, report: Report) -> None:
    """Run a client and report how much it has brought into the folder. Raises DownloadError."""
    log = folder / "log"
    with (
        log.open("wb") as said,
        subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        ) as client,
    ):
        try:
            _watch(client, folder, report)
        finally:
            _stop(client)
    if client.returncode:
        words = log.read_text(errors="replace").strip().splitlines()[-3:]
        raise DownloadError(f"{Path(command[0]).name}: {' '.join(words) or 'failed without a word'}")


def _watch(client: subprocess.Popen[bytes], folder: Path, report: Report) -> None:
    brought, since = 0, time.monotonic()
    while client.poll() is None:
        size = _size(folder)
        if size != brought:
            brought, since = size, time.monotonic()
            report(size)
        if time.monotonic() - since > SILENT_SECONDS:
            raise DownloadError(f"the registry has brought nothing for {SILENT_SECONDS} seconds")
        time.sleep(0.1)


def _stop(client: subprocess.Popen[bytes]) -> None:
    if client.poll() is None:
        os.killpg(client.pid, signal.SIGKILL)
        client.wait()


def _size(folder: Path) -> int:
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(path) / name).lstat().st_size
            except FileNotFoundError:
                continue
    return total
