"""The children that make up an installation on one machine."""

from __future__ import annotations

import http.client
import os
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from dam import env
from dam.services.child import ChildSpec, python_child
from dam.services.credentials import write_private
from dam.services.embedded import EmbeddedServer
from dam.services.postgres import EmbeddedPostgres
from dam.services.valkey import EmbeddedValkey

MANAGE = str(env.BASE_DIR / "manage.py")
DEFAULT_WORKERS = {"web": 2, "io": 2, "cpu": 1}
"""Processes for the web and for each queue; a queue that is not named has no worker here."""
KNOWN_WORKERS = ("web", "io", "cpu", "gpu")
WEB_THREADS = 8


def embedded_servers() -> dict[str, EmbeddedServer]:
    """The servers that the operator has not replaced, by the name of the variable that replaces them."""
    servers: dict[str, EmbeddedServer] = {
        "DATABASE_URL": EmbeddedPostgres(env.SERVICES_DIR / "postgres"),
        "BROKER_URL": EmbeddedValkey(env.SERVICES_DIR / "valkey"),
    }
    return {variable: server for variable, server in servers.items() if not os.environ.get(variable)}


def url_path(variable: str) -> Path:
    """Where dam.env looks for the address of an embedded server."""
    return env.SERVICES_DIR / {"DATABASE_URL": "database.url", "BROKER_URL": "broker.url"}[variable]


def server_child(variable: str, server: EmbeddedServer) -> ChildSpec:
    """The spec of an embedded server; its address is written down when it is prepared here."""
    server.stop()
    server.prepare()
    write_private(url_path(variable), f"{server.url}\n")
    return ChildSpec(
        name=server.name.lower(),
        launch=server.launch,
        ready=server.answers,
        stop_signal=server.stop_signals[0][0],
        grace=server.stop_signals[0][1],
        serves_others=True,
    )


def manage_child(name: str, *words: str, once: bool = False) -> ChildSpec:
    """The spec of a child that runs a management command."""
    return python_child(name, [MANAGE, *words], once=once)


def worker_child(queue: str, processes: int) -> ChildSpec:
    """The spec of Celery's worker of one queue."""
    words = [
        "-m",
        "celery",
        "-A",
        "dam.celery",
        "worker",
        "-Q",
        queue,
        "-c",
        str(processes),
        "-n",
        f"{queue}@%h",
    ]
    return python_child(
        f"worker-{queue}", [*words, "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    )


def web_child(host: str, port: int, processes: int) -> ChildSpec:
    """The spec of the web server; it is ready when it answers a request."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    words = [
        "-m",
        "gunicorn",
        "dam.wsgi",
        "--config",
        "python:dam.services.web",
        "--bind",
        f"{host}:{port}",
    ]
    counts = [
        "--workers",
        str(processes),
        "--threads",
        str(WEB_THREADS),
        "--no-control-socket",
    ]
    return python_child("web", [*words, *counts], ready=lambda: web_answers(host, port))


def web_answers(host: str, port: int) -> bool:
    """True when the web server answers a request, whatever the answer."""
    connection = http.client.HTTPConnection(host if host != "0.0.0.0" else "127.0.0.1", port, timeout=5)  # noqa: S104
    try:
        connection.request("HEAD", "/", headers={"Host": "localhost"})
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def parse_workers(text: str) -> Mapping[str, int]:
    """`io=4,gpu=1` laid over the defaults. Raises ValueError for an unknown name or a bad number."""
    asked = dict(DEFAULT_WORKERS)
    for entry in filter(None, text.split(",")):
        name, _, count = entry.partition("=")
        if name not in KNOWN_WORKERS or not count.isdigit():
            raise ValueError(f"{entry!r} is not one of {', '.join(KNOWN_WORKERS)} with a number, like io=2.")
        asked[name] = int(count)
    if not asked["web"]:
        raise ValueError("The web needs at least one process.")
    return asked
