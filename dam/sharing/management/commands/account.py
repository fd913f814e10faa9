"""Make accounts and renew passwords from a terminal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dam.collections.models import Library
from dam.sharing.accounts import AccountError, create_account, renew_password
from dam.sharing.models import Role


class Command(BaseCommand):
    help = "Make an account, or give one a new one-time password."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="make an account and print its one-time password")
        create.add_argument("email")
        create.add_argument("--role", choices=[role.label for role in Role], help="needs --library")
        create.add_argument("--library", metavar="SLUG", help="the library to join, as a viewer by default")
        create.add_argument("--superuser", action="store_true", help="administers the whole installation")
        password = actions.add_parser("password", help="print a new one-time password")
        password.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            password = self._create(**options) if options["action"] == "create" else self._renew(**options)
        except AccountError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"One-time password: {password}")

    def _create(self, email: str, role: str | None, library: str | None, superuser: bool, **_: Any) -> str:
        place = Library.objects.filter(slug=library).first() if library else None
        if library and place is None:
            raise CommandError(f"There is no library {library!r}.")
        user, password = create_account(
            email, superuser=superuser, library=place, role=Role[role.upper()] if role else None
        )
        self.stdout.write(f"Account: {user.email}")
        return password

    def _renew(self, email: str, **_: Any) -> str:
        return renew_password(email)
