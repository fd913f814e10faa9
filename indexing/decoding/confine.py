"""Bind the calling process to limits, for good. Imports little: it runs before every ffmpeg."""

import ctypes
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def confine(memory: int, output: int, open_files: int, cpu_seconds: int = 0) -> None:
    """Limit private memory and file sizes (bytes), open files and processor time (0: unlimited), leave no
    core dump, and (on Linux) die with the parent."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_DATA, memory)
    lower(resource.RLIMIT_FSIZE, output)
    lower(resource.RLIMIT_NOFILE, open_files)
    if cpu_seconds:
        lower(resource.RLIMIT_CPU, cpu_seconds)


def lower(limit: int, value: int) -> None:
    """Lower one soft and hard limit; never raise what the operator has set lower."""
    _, hard = resource.getrlimit(limit)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (value, value))
