"""`manage.py doctor`: what is missing, in words, and how to mend it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dam.services import questions  # noqa: F401 (registers them)
from dam.services.doctor import examine


class Command(BaseCommand):
    help = "Say what is missing and how to mend it; the status is 1 when something essential is."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        unwell = 0
        for diagnosis in examine():
            unwell += diagnosis.essential and not diagnosis.well
            self.stdout.write(str(diagnosis))
        if unwell:
            raise CommandError(f"{unwell} essential {'thing is' if unwell == 1 else 'things are'} missing.")
        self.stdout.write("Everything essential is here.")
