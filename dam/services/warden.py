"""A process that outlives a killed supervisor just long enough to end what it left.

It is run by path, without the project, and reads lines from the supervisor: "+PGID SIGNAL" for a process
group that was started and the signal that asks it to stop, "-PGID" for one that has ended. The end of the
input means that the supervisor is gone.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable

GRACE = 8.0
"""Seconds that the groups have between the polite signal and SIGKILL."""


def groups_left(lines: Iterable[str]) -> dict[int, int]:
    """The process groups still running at the end of the input, each with its signal."""
    groups: dict[int, int] = {}
    for line in lines:
        if line.startswith("+"):
            group, number = line[1:].split()
            groups[int(group)] = int(number)
        else:
            groups.pop(int(line[1:]), None)
    return groups


def signal_group(group: int, number: int) -> bool:
    """Signal every process of a group; False when there is none."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def end_groups(groups: dict[int, int], grace: float = GRACE) -> None:
    """Ask every group to stop, and kill what is left of it after `grace` seconds."""
    alive = [group for group, number in groups.items() if signal_group(group, number)]
    deadline = time.monotonic() + grace
    while alive and time.monotonic() < deadline:
        time.sleep(0.1)
        alive = [group for group in alive if signal_group(group, 0)]
    for group in alive:
        signal_group(group, signal.SIGKILL)


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    end_groups(groups_left(sys.stdin))
