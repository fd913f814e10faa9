"""What this machine can bear: memory, cores, and whether a GPU is there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

GIGABYTE = 2**30


def bears(needs: Mapping[str, float]) -> bool:
    """Whether a model with these needs works here in bearable time.

    `memory` is gigabytes, of which the machine must have twice as many, for there is more than the model;
    `cores` is how many processors it wants where there is no GPU.
    """
    enough_memory = memory() >= 2 * needs.get("memory", 0) * GIGABYTE
    return enough_memory and (cores() >= needs.get("cores", 0) or has_gpu())


def memory() -> int:
    """Bytes of main memory, or those that the control group of this process is limited to."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(whole, _limit(Path("/sys/fs/cgroup/memory.max")) or whole)


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0))


@lru_cache
def has_gpu() -> bool:
    """Whether CTranslate2 finds a GPU that it can use."""
    import ctranslate2

    return bool(ctranslate2.get_cuda_device_count())


def _limit(path: Path) -> int | None:
    """The number in a file of the kernel; None where there is no limit."""
    text = path.read_text().strip() if path.is_file() else ""
    return int(text) if text.isdigit() else None
