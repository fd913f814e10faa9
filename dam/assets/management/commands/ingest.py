"""`manage.py ingest PATH...`: bring in files and folders, and show how it goes."""

from __future__ import annotations

import sys
from argparse import BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.text import slugify

from dam.assets import jobs
from dam.assets.discover import Found, discover
from dam.assets.following import follow, require_services
from dam.assets.models import IngestJob
from dam.assets.watching import settled
from dam.collections.models import Collection, Library


class Command(BaseCommand):
    help = "Bring files and folders into the library. The workers must be able to read the paths."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--collection", metavar="NAME", help="where to put them; made if missing")
        parser.add_argument("--library", metavar="SLUG", help="needed where there are several libraries")
        parser.add_argument("--watch", action="store_true", help="go on with what appears in the folders")
        parser.add_argument(
            "--wait",
            action=BooleanOptionalAction,
            default=sys.stdout.isatty(),
            help="wait until every file has been dealt with (the default on a terminal)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        paths = [checked(path) for path in options["paths"]]
        require_services()
        library = library_of(options["library"])
        collection = collection_of(library, options["collection"])
        if options["watch"]:
            self._watch(library, collection, paths)
            return
        job = jobs.start_job(None, library, collection, label_of(paths), paths)
        jobs.resume()
        self.stdout.write(f"Job {job.pk}: {job.items.count()} files found.")
        if options["wait"]:
            follow(job, self)

    def _watch(self, library: Library, collection: Collection | None, paths: list[Path]) -> None:
        job = watch_job(library, collection, paths)
        self.stdout.write(f"Job {job.pk} watches {', '.join(map(str, paths))}. Ctrl-C ends it.")
        try:
            batches = settled(paths)
            next(batches)
            jobs.add(job, discover(paths))
            jobs.resume()
            for batch in batches:
                self._take(job, batch)
        except KeyboardInterrupt:
            self.stdout.write("The watch has ended; what was found is still brought in.")

    def _take(self, job: IngestJob, batch: list[Found]) -> None:
        if batch:
            jobs.add(job, batch, again=True)
            self.stdout.write("".join(f"{found.name}\n" for found in batch), ending="")
            jobs.resume()


def checked(path: Path) -> Path:
    """The path, made absolute. Raises CommandError where nothing is there or it may not be looked at."""
    try:
        path.lstat()
    except PermissionError as error:
        raise CommandError(f"There is no permission to look at {path}.") from error
    except OSError as error:
        raise CommandError(f"There is no such file or folder: {path} ({error.strerror}).") from error
    return path.absolute()


def library_of(slug: str | None) -> Library:
    """The library of that slug, or the only one; the first one is made. Raises CommandError otherwise."""
    if slug:
        library = Library.objects.filter(slug=slug).first()
        if library is None:
            raise CommandError(f"There is no library {slug!r}. {known_libraries()}")
        return library
    if Library.objects.count() > 1:
        raise CommandError(f"Say which library with --library. {known_libraries()}")
    return Library.objects.first() or Library.objects.create(name="Library", slug=slugify("Library"))


def known_libraries() -> str:
    """A sentence that names the libraries there are."""
    slugs = ", ".join(Library.objects.order_by("slug").values_list("slug", flat=True))
    return f"There are: {slugs}." if slugs else "There is none yet."


def collection_of(library: Library, name: str | None) -> Collection | None:
    """The top collection of that name in the library, made where missing."""
    if not name:
        return None
    return Collection.objects.get_or_create(library=library, parent=None, name=name)[0]


def label_of(paths: list[Path]) -> str:
    """What a job of these paths is called."""
    first = str(paths[0]).encode(errors="replace").decode()
    return first if len(paths) == 1 else f"{first} and {len(paths) - 1} more"


def watch_job(library: Library, collection: Collection | None, paths: list[Path]) -> IngestJob:
    """The job of this watch: the same one each time, so that known files are not read again."""
    for path in paths:
        if not path.is_dir():
            raise CommandError(f"Only folders can be watched: {path}.")
    label = f"Watching {label_of(paths)}"[:500]
    known = IngestJob.objects.filter(library=library, collection=collection, label=label).first()
    return known or jobs.start_job(None, library, collection, label)
