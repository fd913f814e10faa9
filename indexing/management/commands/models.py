"""Model weights from the command line: list, fetch, verify."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indexing import weights
from indexing.engines.spaces import RENDERED_TEXT, open_space


class Command(BaseCommand):
    help = "List the model weights, fetch what is missing, or verify what is here."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="every model, its licence, its source or why it is missing")
        for action, words in (
            ("fetch", "fetch these, or what the analysers need"),
            ("verify", "check bytes"),
        ):
            actions.add_parser(action, help=words).add_argument("names", nargs="*", metavar="NAME")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        """Do one of the three. Ends with status 1 where something needed is missing or was wrong."""
        if action == "list":
            return self._list()
        shelf = weights.shelf()
        names = options["names"]
        if action == "verify":
            return self._attempt(names or list(shelf.models), self._verify)
        return self._attempt(names, self._fetch) if names else self._attempt(shelf.uses(), self._fetch_for)

    def _list(self) -> None:
        for row in weights.status():
            line = f"{row.name:26}{row.use:12}{row.licence:12}{row.size / 1e6:8.1f} MB  {row.state}"
            self.stdout.write(f"{line}  {row.source or row.reason}")

    def _attempt(self, names: list[str], action: Any) -> None:
        """Act on each name, whatever becomes of the others."""
        failures = 0
        for name in names:
            try:
                action(name)
            except (weights.MissingWeights, ValueError) as problem:
                failures += 1
                self.stderr.write(str(problem))
        if failures:
            raise CommandError(f"{failures} of {len(names)} failed. What needs them stays switched off.")

    def _fetch(self, name: str) -> None:
        weights.fetch(name, Meter(self))
        self._prepare(name)
        self.stdout.write(f"{name}: here")

    def _fetch_for(self, use: str) -> None:
        name = weights.shelf().fetch_for(use, Meter(self))
        self._prepare(name)
        self.stdout.write(f"{use}: {name}")

    def _prepare(self, name: str) -> None:
        """Drawn queries need their mean, which takes seconds: measured here, not by the first search."""
        if name == RENDERED_TEXT:
            self.stdout.write("  preparing drawn queries")
            open_space(name, weights.path(name), os.cpu_count() or 1).encode_text("ready")

    def _verify(self, name: str) -> None:
        wrong = weights.verify(name)
        if wrong:
            raise ValueError("\n".join(wrong))
        self.stdout.write(f"{name}: {'right' if weights.available(name) else 'not here'}")


class Meter:
    """One line for each file that comes, with the percentage: rewritten on a terminal, else every quarter."""

    def __init__(self, command: BaseCommand) -> None:
        self._out = command.stdout
        self._last: tuple[str, int] = ("", -1)

    def __call__(self, name: str, done: int, total: int) -> None:
        percent = 100 * done // max(1, total)
        live = self._out.isatty()
        shown = (name, percent if live else percent // 25 * 25)
        if shown != self._last:
            self._last = shown
            line = f"  {name}: {shown[1]} % of {total / 1e6:.1f} MB"
            self._out.write(f"\r{line}" if live else line, ending="" if live and done < total else "\n")
