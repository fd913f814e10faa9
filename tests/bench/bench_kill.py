"""500 files brought in while worker, database and supervisor are killed: what is lost, and how long it takes.

Run it with `python -m tests.bench.bench_kill`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

import django

COUNT, DUPLICATES, REFUSED = 500, 20, 10
SECONDS = 900


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dam.settings")
    django.setup()
    from tests.services.kill_ingest import Installation, faults, ingest_with_kills, make_files

    home = Path(tempfile.mkdtemp(prefix="mediatheque-kill-"))
    home.chmod(0o711)
    folder = home / "files"
    make_files(folder, COUNT, DUPLICATES, REFUSED)
    installation = Installation(home)
    began = time.monotonic()
    try:
        states = ingest_with_kills(installation, folder, SECONDS)
        wrong = faults(installation, folder)
    finally:
        installation.stop()
        shutil.rmtree(home)
    files = COUNT + DUPLICATES + REFUSED
    print(f"kill -9: {files} files in {time.monotonic() - began:.0f} s with four kills: {states}")
    print(f"kill -9: lost, doubled, cut or left over: {len(wrong)} {wrong[:5]}")


if __name__ == "__main__":
    main()
