"""Accounts, and who may do what in which library."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models

from dam.sharing.link_models import LinkVisit as LinkVisit
from dam.sharing.link_models import ShareLink as ShareLink


class EmailUserManager(UserManager["User"]):
    """Makes users that are known by their e-mail address alone."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:  # type: ignore[override]
        """Return a new user with a hashed password. Raises ValueError without an address."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:  # type: ignore[override]
        """Return a new administrator of the whole installation."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person with an account. Installation administrators are superusers and see every library."""

    username = None  # type: ignore[assignment,misc]
    email = models.EmailField(unique=True)
    one_time_password = models.BooleanField(
        default=False, help_text="The password was made by the system and must be changed at first sign-in."
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = EmailUserManager()  # type: ignore[misc]

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class Role(models.IntegerChoices):
    """What a member may do; each role may do all that the ones before it may."""

    VIEWER = 10, "viewer"
    CONTRIBUTOR = 20, "contributor"
    ARCHIVIST = 30, "archivist"
    ADMINISTRATOR = 40, "administrator"


class Membership(models.Model):
    """A role in a library, or in one collection of it and all the collections below."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    library = models.ForeignKey("collections.Library", models.CASCADE, related_name="memberships")
    collection = models.ForeignKey(
        "collections.Collection", models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    role = models.IntegerField(choices=Role.choices, default=Role.VIEWER)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "library", "collection"], nulls_distinct=False, name="one_role_per_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} of {self.collection or self.library}"
