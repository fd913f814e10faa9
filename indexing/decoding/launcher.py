"""Start a program within limits.

Usage: `python -I -S launcher.py MEMORY OUTPUT OPEN_FILES CPU_SECONDS PROGRAM WORD...` (bytes, seconds).

A process of its own rather than a preexec_fn, which is unsafe in a process with threads.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(__file__))  # noqa: PTH120
from confine import confine  # type: ignore[import-not-found]

confine(*map(int, sys.argv[1:5]))
os.execv(sys.argv[5], sys.argv[5:])  # noqa: S606
