"""The acts that the audit trail tells of, by name, and how a person reads them."""

from __future__ import annotations

ACTIONS: dict[str, str] = {
    "session.begun": "signed in",
    "session.ended": "signed out",
    "session.refused": "failed to sign in",
    "password.changed": "chose a new password",
    "user.made": "made an account",
    "user.changed": "changed an account",
    "user.removed": "deleted an account",
    "membership.made": "gave a role",
    "membership.changed": "changed a role",
    "membership.removed": "took a role away",
    "library.made": "made a library",
    "library.changed": "changed the settings of a library",
    "library.removed": "deleted a library",
    "consent.made": "recorded a consent",
    "recognition.made": "declared a basis for recognition",
    "erasure.made": "erased what a consent or a basis had allowed",
    "asset.trashed": "put in the trash",
    "asset.restored": "took out of the trash",
    "asset.removed": "purged for good",
    "asset.downloaded": "downloaded the original",
    "asset.exported": "exported",
    "link.made": "made a share link",
    "link.changed": "changed a share link",
    "link.revoked": "revoked a share link",
    "link.restored": "opened a revoked share link again",
    "link.removed": "lost a share link",
    "link.downloaded": "downloaded by a share link",
    "token.made": "made an API token",
    "token.removed": "ended an API token",
    "webhook.made": "made a webhook",
    "webhook.changed": "changed a webhook",
    "webhook.removed": "deleted a webhook",
    "webhook.restored": "took the deletion of a webhook back",
    "audit.exported": "exported the audit trail",
}


def register(name: str, reading: str) -> None:
    """Add an act of another room, once. Raises ValueError where the name is taken by another."""
    if ACTIONS.setdefault(name, reading) != reading:
        raise ValueError(f"The act {name!r} is already registered as {ACTIONS[name]!r}.")
