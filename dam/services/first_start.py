"""What an empty database is given: a library, and an account whose password serves once."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from dam.collections.models import Library
from dam.services.credentials import write_private
from dam.sharing.accounts import create_account
from dam.sharing.models import User

FIRST_ADDRESS = "admin@localhost"


def ensure_library() -> Library:
    """The oldest library; one called "Library" is made when there is none."""
    return Library.objects.order_by("pk").first() or Library.objects.create(name="Library", slug="library")


def ensure_account(hand_over: Path) -> None:
    """Make the first administrator when nobody has an account, and leave the password in `hand_over`.

    Both or neither are kept: without the file the account is rolled back.
    """
    if User.objects.exists():
        return
    with transaction.atomic():
        user, password = create_account(FIRST_ADDRESS, superuser=True)
        write_private(hand_over, f"{user.email}\n{password}\n")


def take_first_account(hand_over: Path) -> tuple[str, str] | None:
    """The address and one-time password left by `ensure_account`; the file is removed, so this works once."""
    if not hand_over.exists():
        return None
    email, password = hand_over.read_text().split()
    hand_over.unlink()
    return email, password
