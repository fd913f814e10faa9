"""What happens here when django-allauth says that a password was chosen."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.dispatch import receiver

from dam.sharing.accounts import password_chosen
from dam.sharing.models import User


@receiver([password_changed, password_reset, password_set])
def clear_one_time_password(user: User, **_: Any) -> None:
    """Let a person in who has replaced the password that was printed on a terminal."""
    password_chosen(user)
