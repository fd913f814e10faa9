"""`manage.py plan [--watch]`: send what is waiting to the workers."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from dam.assets import jobs
from dam.people import housekeeping
from dam.watchlists import looking
from indexing import checkpoints, pipeline, signals, spaces, tasks

SHORTEST, LONGEST = 1.0, 10.0
"""Seconds between two looks, at least and at most."""
SHARE = 0.05
"""The share of its time that an idle planner may keep the database busy."""


class Command(BaseCommand):
    help = "Plan what is missing or stale and send it to the workers, once or for as long as it runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--watch", action="store_true", help="go on until stopped")

    def handle(self, *args: Any, **options: Any) -> None:
        for space, dimensions in pipeline.spaces():
            spaces.ensure_index(space, dimensions)
        self._look()
        while options["watch"]:
            close_old_connections()
            began = time.monotonic()
            busy = self._look()
            took = time.monotonic() - began
            time.sleep(SHORTEST if busy else min(LONGEST, max(SHORTEST, took / SHARE)))

    def _look(self) -> int:
        housekeeping.look()
        looking.look()
        checkpoints.sweep()
        signals.look_around()
        files, runs = jobs.resume(), pipeline.plan()
        tasks.send(runs)
        if files or runs:
            self.stdout.write(f"Sent {files} files to ingest and {len(runs)} analyses.")
        return files + len(runs)
