"""`manage.py setup`: bring the database up to date and give an empty one what it needs."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser

from dam import env
from dam.assets.models import Asset
from dam.checks import TAG
from dam.services.first_start import ensure_account, ensure_library, take_first_account

HAND_OVER = env.SERVICES_DIR / "first-account"


class Command(BaseCommand):
    help = "Migrate the database; make the first library and account; with --sample load the sample library."

    requires_system_checks = [TAG]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--keep-password", action="store_true", help="leave a new password to `up`")
        parser.add_argument(
            "--sample", action="store_true", help="only load the sample into an empty library"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sample"]:
            return self._load_sample()
        call_command("migrate", interactive=False, verbosity=1)
        ensure_library()
        ensure_account(HAND_OVER)
        made = None if options["keep_password"] else take_first_account(HAND_OVER)
        if made:
            self.stdout.write("First account: {}, one-time password: {}".format(*made))
        return None

    def _load_sample(self) -> None:
        if "sample" in get_commands() and not Asset.objects.exists():
            call_command("sample")
