"""What happens in the other rooms is written down here."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from rest_framework.authtoken.models import Token

from dam.assets.models import Asset
from dam.audit import chain
from dam.audit.following import Followed, follow
from dam.audit.recording import record
from dam.collections.models import Library
from dam.people.models import Consent, Erasure, LibraryRecognition
from dam.sharing.models import Membership, ShareLink, User
from dam.webhooks.models import Endpoint
from indexing.signals import looking_around


def _membership(row: Membership) -> str:
    place = row.collection or row.library
    return f"{row.user.email}: {row.get_role_display()} of {place}"


def _erasure(row: Erasure) -> str:
    return f"{row.person or row.library}: {row}"


FOLLOWED = (
    Followed(User, "user", ("email", "is_active", "is_superuser"), label=lambda user: user.email),
    Followed(Membership, "membership", ("role",), label=_membership),
    Followed(Library, "library", ("name", "slug", "indexing_paused", "public")),
    Followed(Consent, "consent", tells_removed=False),
    Followed(LibraryRecognition, "recognition", tells_removed=False),
    Followed(Erasure, "erasure", label=_erasure, tells_removed=False),
    Followed(
        Asset,
        "asset",
        moments={"trashed_at": ("asset.trashed", "asset.restored")},
        tells_made=False,
    ),
    Followed(
        ShareLink,
        "link",
        (
            "title", "expires_at", "password", "max_visits", "may_download", "shows_transcript",
            "shows_people", "shows_places", "token_hash",
        ),
        secret=frozenset({"password", "token_hash"}),
        moments={"revoked_at": ("link.revoked", "link.restored")},
    ),
    Followed(Token, "token", label=lambda token: f"of {token.user.email}"),
    Followed(
        Endpoint,
        "webhook",
        ("url", "events", "active", "secret"),
        secret=frozenset({"secret"}),
        moments={"removed_at": ("webhook.removed", "webhook.restored")},
        tells_removed=False,
    ),
)  # fmt: skip


def connect() -> None:
    """Listen to the house. Connecting twice does no harm."""
    for each in FOLLOWED:
        follow(each)
    user_logged_in.connect(signed_in, dispatch_uid="audit.signed_in")
    user_logged_out.connect(signed_out, dispatch_uid="audit.signed_out")
    user_login_failed.connect(refused, dispatch_uid="audit.refused")
    for signal in (password_changed, password_reset, password_set):
        signal.connect(password_chosen, dispatch_uid="audit.password_chosen")
    looking_around.connect(seal, dispatch_uid="audit.seal")


def signed_in(user: User, **_: Any) -> None:
    """Somebody has signed in."""
    record("session.begun", user, user, label=user.email)


def signed_out(user: User | None, **_: Any) -> None:
    """Somebody has signed out; the sign-out of nobody is no act."""
    if user is not None:
        record("session.ended", user, user, label=user.email)


def refused(credentials: dict[str, Any], **_: Any) -> None:
    """A wrong password, or an address that nobody has. What was typed is kept only where it names an account:
    people type their passwords into the wrong field."""
    typed = str(credentials.get("email") or credentials.get("username") or credentials.get("login") or "")
    account = User.objects.filter(email__iexact=typed).first() if typed else None
    record("session.refused", target=account, label=account.email if account else "an unknown account")


def password_chosen(user: User, **_: Any) -> None:
    """Somebody has a new password."""
    record("password.changed", user, user, label=user.email)


def seal(**_: Any) -> None:
    """What was written since the planner looked around last takes its place in the chain."""
    chain.seal()
