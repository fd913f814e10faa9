"""How far long runs came, on disk, so that the next attempt goes on instead of beginning anew."""

from __future__ import annotations

import os
import time
from hashlib import sha256
from pathlib import Path

from dam import env
from indexing.models import Run

FOLDER = env.HOME / "cache" / "checkpoints"
KEPT = 14 * 24 * 3600
"""Seconds after which a checkpoint that nobody came back for is removed."""


class FileCheckpoint:
    """One file, written anew as a whole each time: see indexing.analysers.contract.Checkpoint."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> bytes | None:
        return self.path.read_bytes() if self.path.is_file() else None

    def save(self, data: bytes) -> None:
        """Keep this in place of what was there. After a loss of power one or the other is there, whole."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(f".{os.getpid()}.new")
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)

    def forget(self) -> None:
        """Remove it, if it is there."""
        self.path.unlink(missing_ok=True)


def of(run: Run) -> FileCheckpoint:
    """The checkpoint of a run: of an asset and its content, an analyser, its version, model and weights."""
    parts = (run.asset.sha256, run.analyser, run.version, run.model, run.weights_sha256, str(run.asset_id))
    return FileCheckpoint(FOLDER / sha256("\n".join(parts).encode()).hexdigest())


def sweep(older: float = KEPT) -> int:
    """Remove checkpoints that were written more than `older` seconds ago. Returns how many."""
    stale = [path for path in FOLDER.glob("*") if time.time() - path.stat().st_mtime > older]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)
