"""Accounts made by an administrator, each with a password that serves once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from rest_framework.authtoken.models import Token

from dam.sharing.models import Membership, Role, User

if TYPE_CHECKING:
    from dam.collections.models import Library

PASSWORD_BYTES = 12


class AccountError(ValueError):
    """Why an account cannot be made or changed, in words for a person."""


def create_account(
    email: str, *, superuser: bool = False, library: Library | None = None, role: int | None = None
) -> tuple[User, str]:
    """Make an account, and a membership of the library where one is given.

    Returns the user and a random password that must be changed at first sign-in; it is kept nowhere
    else. Raises AccountError for a bad or taken address, an unknown role, or a role without a library.
    """
    address = _free_address(email)
    if role is not None and (library is None or role not in Role.values):
        raise AccountError("A role is one of the known ones and is held in a library: name both.")
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    create = User.objects.create_superuser if superuser else User.objects.create_user
    with transaction.atomic():
        user = create(address, password, one_time_password=True)
        if library is not None:
            Membership.objects.create(user=user, library=library, role=role or Role.VIEWER)
    return user, password


def renew_password(email: str) -> str:
    """Replace the account's password by a random one that serves once, end its tokens, and return it.

    Raises AccountError where nobody has that address.
    """
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise AccountError(f"Nobody has the address {email}.")
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    user.set_password(password)
    user.one_time_password = True
    with transaction.atomic():
        user.save(update_fields=["password", "one_time_password"])
        end_tokens(user)
    return password


def password_chosen(user: User) -> None:
    """Write down that the person has chosen a password of their own; tokens of the old one end."""
    user.one_time_password = False
    with transaction.atomic():
        user.save(update_fields=["one_time_password"])
        end_tokens(user)


def end_tokens(user: User) -> None:
    """Make the user's API token worthless."""
    Token.objects.filter(user=user).delete()


def _free_address(email: str) -> str:
    address = User.objects.normalize_email(email.strip()).lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise AccountError(f"{email!r} is not an e-mail address.") from error
    if User.objects.filter(email=address).exists():
        raise AccountError(f"{address} already has an account.")
    return address
