"""`manage.py search rebuild` and `manage.py search verify`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dam.collections.models import Library
from search import documents
from search.backends.elasticsearch import indexing
from search.backends.elasticsearch.address import Address, Away, configured
from search.documents import Extent

TELL_EVERY = 5.0
"""Seconds between two lines about how far the work has come."""

INTERRUPTED = 130
"""The exit status of a command that was interrupted, by the convention of shells: 128 + SIGINT."""


class Command(BaseCommand):
    """Derive the search index anew, or compare it with the facts and mend it."""

    help = (
        "Rebuild the search index, or verify it against the facts and repair what differs. Work that was "
        "interrupted goes on with --after. `verify --check` repairs nothing and ends with the exit status "
        "1 where something differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["rebuild", "verify"])
        parser.add_argument("--library", metavar="SLUG", help="only the assets of this library")
        parser.add_argument("--after", metavar="ID", type=int, default=0, help="only assets with higher ids")
        parser.add_argument("--check", action="store_true", help="verify: repair nothing, say what differs")

    def handle(self, *args: Any, action: str, check: bool, **options: Any) -> None:
        if check and action == "rebuild":
            raise CommandError("--check is for verify; a rebuild changes the index.")
        extent = Extent(_library(options["library"]), options["after"])
        self._indexed(action, extent, check)
        if place := _elsewhere():
            self._mirrored(action, extent, check, place)

    def _indexed(self, action: str, extent: Extent, check: bool) -> None:
        """The index in PostgreSQL."""
        told = _Progress(self.stdout.write, extent.after)
        try:
            if action == "rebuild":
                count = documents.rebuild_all(extent, told)
                self.stdout.write(f"Rebuilt the documents of {count:,} assets.")
            else:
                self._tell(documents.verify(extent, told, repair=not check), check)
        except KeyboardInterrupt as interrupt:
            message = f"Interrupted; go on with --after {told.last}."
            raise CommandError(message, returncode=INTERRUPTED) from interrupt

    def _tell(self, result: documents.Verification, check: bool) -> None:
        counted = f"Checked {result.checked:,} assets; {len(result.differing):,} did not fit their facts"
        if check and result.differing:
            raise CommandError(f"{counted}. Run it without --check to rebuild them.")
        self.stdout.write(f"{counted}." if check else f"{counted} and were rebuilt.")

    def _mirrored(self, action: str, extent: Extent, check: bool, place: Address) -> None:
        """The index in Elasticsearch."""
        if check:
            self.stdout.write("Elasticsearch was not asked: there it is compared and mended in one.")
            return
        try:
            self.stdout.write(f"Elasticsearch: {_mirrored(action, extent, place)}")
        except (Away, RuntimeError, ValueError) as problem:
            raise CommandError(f"The index in Elasticsearch is as it was: {problem}") from problem


class _Progress:
    """Says how far a long work has come, and from where it can be taken up again."""

    def __init__(self, write: Callable[[str], object], last: int) -> None:
        self._write = write
        self._told = time.monotonic()
        self.last = last

    def __call__(self, done: int, last: int) -> None:
        self.last = last
        if time.monotonic() - self._told >= TELL_EVERY:
            self._write(f"{done:,} assets, to id {last} (go on from here with --after {last})")
            self._told = time.monotonic()


def _library(slug: str | None) -> int | None:
    if slug is None:
        return None
    pk = Library.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if pk is None:
        known = ", ".join(Library.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise CommandError(f"There is no library “{slug}”. There are: {known or 'none'}.")
    return pk


def _elsewhere() -> Address | None:
    try:
        return configured()
    except ValueError as problem:
        raise CommandError(str(problem)) from problem


def _mirrored(action: str, extent: Extent, place: Address) -> str:
    """A whole index is built anew or compared; a part of it is sent again, which mends it as well."""
    if not extent.is_everything:
        batches = list(extent.batches())
        for ids in batches:
            indexing.index(place, ids, patient=True)
        return f"sent {sum(map(len, batches)):,} assets again."
    if action == "rebuild":
        return f"a new index of {indexing.rebuild(place):,} assets is in use."
    checked, mended = indexing.verify(place)
    return f"checked {checked:,} assets; {mended:,} differed and were mended."
