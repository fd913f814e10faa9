"""`manage.py search rebuild` and `manage.py search verify`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import documents
from search.backends.elasticsearch import indexing
from search.backends.elasticsearch.address import Address, Away, configured


class Command(BaseCommand):
    """Derive the search index anew, or compare it with the facts and mend it."""

    help = "Rebuild the search index, or verify it against the facts and repair what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["rebuild", "verify"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        getattr(self, f"_{action}")()
        try:
            if place := configured():
                getattr(self, f"_{action}_elsewhere")(place)
        except (Away, RuntimeError, ValueError) as problem:
            raise CommandError(f"The index in Elasticsearch is as it was: {problem}") from problem

    def _rebuild(self) -> None:
        self.stdout.write(f"Rebuilt the documents of {documents.rebuild_all():,} assets.")

    def _verify(self) -> None:
        result = documents.verify()
        self.stdout.write(
            f"Checked {result.checked:,} assets; {len(result.repaired):,} did not fit their facts "
            "and were rebuilt."
        )

    def _rebuild_elsewhere(self, place: Address) -> None:
        self.stdout.write(f"Elasticsearch: a new index of {indexing.rebuild(place):,} assets is in use.")

    def _verify_elsewhere(self, place: Address) -> None:
        checked, mended = indexing.verify(place)
        self.stdout.write(f"Elasticsearch: checked {checked:,} assets; {mended:,} differed and were mended.")
