"""Decoded frames of films on disk, so that the next analyser need not decode the film again."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyvips

from indexing.analysers.contract import Frame
from indexing.decoding.films import fitted

LONG_SIDE = 1280
"""Pixels at which frames are kept."""
SMALLEST = 320
"""Frames wanted smaller are only being compared with each other: they are not kept."""
QUALITY = 95
ROOM = 0.8
"""The share of the bytes allowed that is left when the oldest frames are dropped."""

Decode = Callable[[Sequence[float], int], Iterator[Frame]]


class KeptFrames:
    """The frames of one film, as JPEG files in a folder that any process may read, fill or delete.

    `root` holds the frames of all films, at most `allowed` bytes and those of one film in progress; the
    longest unused go first. `identity` is that of the film's bytes.
    """

    def __init__(self, root: Path, identity: str, allowed: int) -> None:
        self.root = root
        self.folder = root / identity[:2] / identity
        self.allowed = allowed

    def frames(self, seconds: Sequence[float], long_side: int, decode: Decode) -> Iterator[Frame]:
        """The frames at those seconds, ascending; those not kept yet come from one pass of `decode`."""
        wanted = sorted(set(seconds))
        missing = [second for second in wanted if not self._path(second).exists()]
        fresh = decode(missing, LONG_SIDE) if missing else iter(())
        unkept = set(missing)
        for second in wanted:
            if second in unkept:
                with contextlib.suppress(OSError):  # a full disk: the frame is decoded again below
                    self._keep(second, next(fresh).pixels)
            yield Frame(second, self._shown(second, long_side, decode))
        if missing:
            self._make_room()

    def _path(self, second: float) -> Path:
        return self.folder / f"{round(second * 1000)}.jpg"

    def _keep(self, second: float, pixels: np.ndarray) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(_image(pixels).jpegsave_buffer(Q=QUALITY, keep="none"))
        Path(name).replace(self._path(second))

    def _shown(self, second: float, long_side: int, decode: Decode) -> np.ndarray:
        """The kept frame at that size; decoded again where somebody deleted or damaged it meanwhile."""
        path = self._path(second)
        try:
            os.utime(path)
            return _opened(path, long_side)
        except (OSError, pyvips.Error):
            with contextlib.suppress(OSError):
                path.unlink()
            return next(decode([second], long_side)).pixels

    def _make_room(self) -> None:
        found = sorted(_files(self.root), key=lambda each: each[1].st_mtime)
        total = sum(state.st_size for _, state in found)
        if total <= self.allowed:
            return
        for path, state in found:
            path.unlink(missing_ok=True)
            total -= state.st_size
            if total <= ROOM * self.allowed:
                break
        _drop_empty(self.root)


def _files(root: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for path in root.glob("*/*/*"):
        with contextlib.suppress(FileNotFoundError):
            yield path, path.stat()


def _drop_empty(root: Path) -> None:
    for folder in root.glob("*/*"):
        with contextlib.suppress(OSError):
            folder.rmdir()


def _opened(path: Path, long_side: int) -> np.ndarray:
    header = pyvips.Image.new_from_file(str(path))
    width, height = fitted(header.width, header.height, long_side)
    image = pyvips.Image.thumbnail(str(path), width, height=height, size="force")
    return np.ndarray((image.height, image.width, 3), np.uint8, image.write_to_memory())


def _image(pixels: np.ndarray) -> pyvips.Image:
    return pyvips.Image.new_from_array(np.ascontiguousarray(pixels)).copy(interpretation="srgb")
