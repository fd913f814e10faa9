"""What happens here when a password was chosen, and when the planner looks around."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.dispatch import receiver

from dam.sharing.accounts import password_chosen
from dam.sharing.links import sweep_visits
from dam.sharing.models import User
from indexing.signals import looking_around


@receiver([password_changed, password_reset, password_set])
def clear_one_time_password(user: User, **_: Any) -> None:
    """Let a person in who has replaced the password that was printed on a terminal."""
    password_chosen(user)


@receiver(looking_around)
def forget_old_visits(**_: Any) -> None:
    """What guests did is kept for a year."""
    sweep_visits()
