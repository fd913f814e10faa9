"""`manage.py up`: run the whole installation on this machine until Ctrl-C."""

from __future__ import annotations

import os
import sys
import time
import webbrowser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dam import env
from dam.management.commands.setup import HAND_OVER
from dam.services import installation
from dam.services.embedded import ServiceError
from dam.services.first_start import take_first_account
from dam.services.ports import free_port, is_free
from dam.services.supervisor import (
    AlreadyRunningError,
    ChildFailedError,
    StopRequestedError,
    Supervisor,
    only_one,
)

USUAL_PORT = 8000


class Command(BaseCommand):
    help = "Start the database, the queue, the web and the workers; Ctrl-C stops them all."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
        parser.add_argument("--port", type=int, help=f"the web's port (default {USUAL_PORT} or a free one)")
        parser.add_argument(
            "--workers", default="", metavar="NAME=N,...", help="processes: web, io, cpu, gpu"
        )
        parser.add_argument("--no-browser", action="store_true", help="do not open the library")
        parser.add_argument("--no-sample", action="store_true", help="leave an empty library empty")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            workers = installation.parse_workers(options["workers"])
            with only_one(env.SERVICES_DIR / "up.lock"):
                self._run(workers, self._port(options["port"]), options)
        except AlreadyRunningError as problem:
            raise CommandError(f"Mediatheque already runs in {env.HOME} (process {problem}).") from problem
        except (ChildFailedError, ServiceError, ValueError, OSError) as problem:
            raise CommandError(str(problem)) from problem
        except StopRequestedError:
            self.stdout.write("Stopped before everything had started.")

    def _run(self, workers: Mapping[str, int], port: int, options: Mapping[str, Any]) -> None:
        began = time.monotonic()
        servers = installation.embedded_servers()
        try:
            with Supervisor(env.SERVICES_DIR, env.HOME / "log", self._say) as supervisor:
                for variable, server in servers.items():
                    supervisor.start(installation.server_child(variable, server))
                supervisor.run_to_end(installation.manage_child("setup", "setup", "--keep-password"))
                self._start_application(supervisor, workers, options["host"], port)
                self._welcome(port, time.monotonic() - began, options["no_browser"])
                if not options["no_sample"]:
                    supervisor.start(installation.manage_child("sample", "setup", "--sample", once=True))
                supervisor.run()
                self.stdout.write("Stopping ...")
        finally:
            for variable in servers:
                installation.url_path(variable).unlink(missing_ok=True)
        self.stdout.write("Everything has stopped.")

    def _start_application(
        self, supervisor: Supervisor, workers: Mapping[str, int], host: str, port: int
    ) -> None:
        supervisor.start(installation.web_child(host, port, workers["web"]), seconds=180)
        supervisor.start(installation.manage_child("planner", "plan", "--watch"))
        for queue, processes in workers.items():
            if queue != "web" and processes:
                supervisor.start(installation.worker_child(queue, processes))

    def _port(self, asked: int | None) -> int:
        if asked and not is_free(asked):
            raise CommandError(f"Port {asked} is taken by another program: choose another with --port.")
        return asked or free_port(USUAL_PORT)

    def _welcome(self, port: int, seconds: float, no_browser: bool) -> None:
        address = f"http://localhost:{port}/"
        self.stdout.write(f"\nMediatheque is at {address} (started in {seconds:.1f} s). Ctrl-C stops it.")
        account = take_first_account(HAND_OVER)
        if account:
            self.stdout.write("Sign in as {} with the one-time password {}".format(*account))
        self.stdout.write("")
        self.stdout.flush()
        if not no_browser and _has_display():
            webbrowser.open(address)

    def _say(self, name: str, line: str) -> None:
        """Show a line; when the terminal has gone, the logs still have it."""
        try:
            self.stdout.write(f"{name:>10} | {line}")
            self.stdout.flush()
        except OSError:
            self.stdout = type(self.stdout)(open(os.devnull, "w"))  # noqa: SIM115, PTH123


def _has_display() -> bool:
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
