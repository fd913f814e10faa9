"""Remembers which process groups run, so that none outlives a killed supervisor.

They are told to a warden, a process that ends them when the supervisor is gone, and written to a file, from
which the next start ends what is left even if the warden was killed too.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from dam.services import warden
from dam.services.credentials import write_private
from dam.services.processes import is_alive, process_started

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class GroupRecord:
    """The running process groups: each leader's id and start time, and the signal that stops the group."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._groups: dict[int, tuple[int, int]] = {}
        self._warden: subprocess.Popen[bytes] | None = None

    def add(self, pid: int, stop_signal: int) -> None:
        """Remember a group that has just been started."""
        self._groups[pid] = (process_started(pid), int(stop_signal))
        self._write()
        self._tell_warden(f"+{pid} {int(stop_signal)}")

    def remove(self, pid: int) -> None:
        """Forget a group that has ended."""
        self._groups.pop(pid, None)
        self._write()
        self._tell_warden(f"-{pid}")

    def close(self) -> None:
        """Let the warden go; it ends whatever has not been removed."""
        if self._warden is not None:
            self._warden.communicate()
            self._warden = None

    def end_leftovers(self) -> int:
        """End the groups that an earlier supervisor wrote down and that still run; return how many.

        A number that the system has since given to another process, or an earlier boot's, is left alone.
        """
        left = {pid: number for pid, (started, number) in self._read().items() if _is_ours(pid, started)}
        warden.end_groups(left)
        self._groups.clear()
        self._write()
        return len(left)

    def _tell_warden(self, line: str) -> None:
        """Pass a change on; a warden that was killed is replaced by one that knows all groups."""
        if self._warden is None or self._warden.poll() is not None:
            self._warden = subprocess.Popen(
                [sys.executable, "-I", warden.__file__],
                stdin=subprocess.PIPE,
                start_new_session=True,
                cwd="/",
            )
            line = "\n".join(f"+{pid} {number}" for pid, (_, number) in self._groups.items())
        if self._warden.stdin is not None and line:
            self._warden.stdin.write(f"{line}\n".encode())
            self._warden.stdin.flush()

    def _write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_private(self.path, json.dumps({"boot": _boot(), "groups": self._groups}))

    def _read(self) -> dict[int, tuple[int, int]]:
        if not self.path.exists():
            return {}
        kept = json.loads(self.path.read_text())
        if not kept["boot"] or kept["boot"] != _boot():
            return {}
        return {int(pid): (started, number) for pid, (started, number) in kept["groups"].items()}


def _boot() -> str:
    """The id of this boot; "" where the system has none, and then nothing is ever ended by its number."""
    return BOOT_ID.read_text().strip() if BOOT_ID.exists() else ""


def _is_ours(pid: int, started: int) -> bool:
    return is_alive(pid) and process_started(pid) == started
