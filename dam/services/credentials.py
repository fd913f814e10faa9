"""The port and password of an embedded server, kept between starts and readable by the owner only."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from dam.services.ports import free_port, is_free
from dam.services.processes import wait_until

LAST_MOMENT = 2.0


@dataclass(frozen=True)
class Credentials:
    """Where a server listens on the loopback interface, and what it asks for."""

    port: int
    password: str


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, all of it or nothing."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600, exist_ok=False)
    with draft.open("w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)


def load(path: Path) -> Credentials:
    """The kept credentials, made and written on first use."""
    if path.exists():
        return Credentials(**json.loads(path.read_text()))
    path.parent.mkdir(parents=True, exist_ok=True)
    return _keep(path, Credentials(free_port(), secrets.token_urlsafe(24)))


def load_with_free_port(path: Path) -> Credentials:
    """The kept credentials; the port is chosen anew when somebody else holds it for longer than a moment.

    The moment is for the processes of a server that has just been killed.
    """
    kept = load(path)
    wait_until(lambda: is_free(kept.port), LAST_MOMENT)
    port = free_port(kept.port)
    return kept if port == kept.port else _keep(path, replace(kept, port=port))


def _keep(path: Path, credentials: Credentials) -> Credentials:
    write_private(path, json.dumps(asdict(credentials)))
    return credentials
