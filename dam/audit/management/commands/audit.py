"""`manage.py audit verify`: whether the audit trail is what was sealed; `seal`: seal what waits."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dam.audit import chain


class Command(BaseCommand):
    help = "Check the chain of the audit trail, or seal what has not been sealed yet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("work", choices=["verify", "seal"])

    def handle(self, *args: Any, **options: Any) -> None:
        if options["work"] == "seal":
            while chain.seal():
                continue
        found = chain.verify()
        if found.problem:
            raise CommandError(f"The audit trail is broken. {found.problem}")
        self.stdout.write(f"{found.entries} entries, whole; {found.unsealed} of them wait for their seal.")
        if found.number:
            self.stdout.write(f"Seal of entry {found.number}: {found.seal}")
            self.stdout.write("Kept elsewhere, it proves later that nothing before it was changed.")
