"""Functions that do to the decoding child what hostile files do."""

import os
import resource
import time
from pathlib import Path

import numpy as np

from indexing.analysers.contract import MediaError


def double(number: int) -> int:
    return 2 * number


def hang() -> None:
    time.sleep(600)


def crash() -> None:
    os.abort()


def eat(size: int) -> int:
    return int(np.ones(size, np.uint8).sum())


def refuse() -> None:
    raise MediaError("This is why.")


def fail(path: Path) -> None:
    raise OSError(f"cannot read {str(path)!r}: it is upside down")


def stumble() -> None:
    raise ValueError("invalid literal for int() with base 10")


def limits() -> dict[str, int]:
    names = ("RLIMIT_CORE", "RLIMIT_DATA", "RLIMIT_FSIZE", "RLIMIT_NOFILE")
    return {name: resource.getrlimit(getattr(resource, name))[1] for name in names}


def process() -> int:
    return os.getpid()
