"""The account that servers run as when the installation is started by root, and what it can reach."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STATE_DIR = Path("/var/lib/mediatheque")
CACHE_DIR = Path("/var/cache/mediatheque")


@dataclass(frozen=True)
class Account:
    """A system account that may be dropped to."""

    name: str
    uid: int
    gid: int

    def popen_options(self) -> dict[str, Any]:
        """What subprocess needs to run a command as this account, with none of root's groups."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        """True when this account may pass through the folder and every folder above it."""
        return self._passes("-x", folder)

    def can_run(self, program: Path) -> bool:
        """True when this account may read and execute the program."""
        return self._passes("-x", program) and self._passes("-r", program)

    def _passes(self, test: str, path: Path) -> bool:
        command = ["test", test, str(path)]
        return subprocess.run(command, cwd="/", check=False, **self.popen_options()).returncode == 0

    def own(self, path: Path, mode: int) -> None:
        """Give a file or folder to this account with that mode."""
        os.chown(path, self.uid, self.gid)
        path.chmod(mode)


def server_account() -> Account | None:
    """The account to drop to: "nobody" when root runs the installation, else None (stay who we are)."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def reachable_folder(wanted: Path, account: Account | None, state_dir: Path = STATE_DIR) -> Path:
    """Make and return the folder that `wanted` names, where the account can reach it.

    Below a closed folder (a checkout in /root) a new folder of `state_dir` is made and `wanted` becomes a
    link to it, so nobody's permissions are loosened. The folder is the account's own, mode 0700.
    """
    wanted.parent.mkdir(parents=True, exist_ok=True)
    if account is None or account.can_enter(wanted.parent):
        wanted.mkdir(mode=0o700)
    else:
        wanted.symlink_to(_new_state_folder(wanted, state_dir), target_is_directory=True)
    folder = wanted.resolve()
    if account:
        account.own(folder, 0o700)
    return folder


def _new_state_folder(wanted: Path, state_dir: Path) -> Path:
    _make_public(state_dir)
    place = Path(tempfile.mkdtemp(prefix="installation-", dir=state_dir))
    place.chmod(0o711)
    (place / "belongs-to").write_text(f"{wanted}\n")
    folder = place / wanted.stem
    folder.mkdir(mode=0o700)
    return folder


def runnable_copy(
    folders: list[Path], program: Path, name: str, account: Account | None, cache_dir: Path = CACHE_DIR
) -> Path:
    """Return a path of `program` that the account can execute.

    Where it cannot reach the program in place, `folders` (siblings, one of which holds it) are copied once,
    owned by root and readable by all, into `cache_dir`/`name`.
    """
    if account is None or account.can_run(program):
        return program
    target = cache_dir / name
    if not target.exists():
        _copy_public(folders, target)
    if target.stat().st_uid != os.geteuid():
        raise PermissionError(f"{target} belongs to somebody else: remove it, it holds programs.")
    return target / program.relative_to(folders[0].parent)


def _copy_public(folders: list[Path], target: Path) -> None:
    _make_public(target.parent)
    copy = Path(tempfile.mkdtemp(prefix=".copy-", dir=target.parent))
    for folder in folders:
        shutil.copytree(folder, copy / folder.name, symlinks=True)
    for path in [copy, *copy.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    copy.rename(target)


def _make_public(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o755)
