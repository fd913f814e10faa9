"""`manage.py precision [LIBRARY ...]`: count anew how right each label is, by what people decided."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dam.collections.models import Library
from dam.review import measuring


class Command(BaseCommand):
    help = "Measure the precision of each label now, instead of when the planner comes round."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("libraries", nargs="*", metavar="LIBRARY", help="slugs; all where none is given")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure them one after the other. Fails where a slug names no library."""
        wanted = set(options["libraries"])
        libraries = Library.objects.filter(slug__in=wanted) if wanted else Library.objects.all()
        if unknown := wanted - set(libraries.values_list("slug", flat=True)):
            raise CommandError(f"There is no library {', '.join(sorted(unknown))}.")
        measured = measuring.measure_all(libraries.values_list("pk", flat=True))
        self.stdout.write(f"Measured {measured} libraries.")
