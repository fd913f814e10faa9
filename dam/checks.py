"""Django's system checks for settings that an operator can get wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from dam import env

TAG = "mediatheque"
BROKERS = {"redis", "rediss", "valkey", "valkeys", "amqp", "amqps", "pyamqp", "sentinel", "memory"}


@register(TAG)
def database_is_postgresql(**_: Any) -> Sequence[CheckMessage]:
    """Only PostgreSQL has the vectors, trigrams and arrays that everything here stands on."""
    engine = settings.DATABASES["default"]["ENGINE"]
    if engine == "django.db.backends.postgresql":
        return []
    return [
        Error(
            f"DATABASE_URL names {engine}.", hint="Use postgresql://USER:PASSWORD@HOST/NAME.", id="dam.E001"
        )
    ]


@register(Tags.database)
def services_are_known(databases: Sequence[str] | None = None, **_: Any) -> Sequence[CheckMessage]:
    """Without an address there is nothing to talk to, which is fine until a command wants the database."""
    if not databases:
        return []
    missing = [name for name in ("DATABASE_URL", "BROKER_URL") if getattr(env, name) is None]
    hint = "Start Mediatheque with `manage.py up`, or set the variable."
    return [
        checks.Warning(f"{name} is not set and no embedded server runs.", hint=hint, id="dam.W001")
        for name in missing
    ]


@register(TAG)
def broker_is_known(**_: Any) -> Sequence[CheckMessage]:
    """A mistyped scheme would only fail when the first task is sent."""
    scheme = urlsplit(settings.CELERY_BROKER_URL).scheme
    if scheme in BROKERS:
        return []
    return [Error(f"BROKER_URL begins with {scheme!r}.", hint="Use redis:// or amqp://.", id="dam.E002")]


@register(TAG)
def storage_can_hold_files(**_: Any) -> Sequence[CheckMessage]:
    """MEDIA_STORAGE must name an absolute folder or a bucket."""
    parts = urlsplit(env.MEDIA_STORAGE)
    if parts.scheme == "file" and (parts.netloc or not parts.path.startswith("/")):
        hint = "Three slashes and an absolute path: file:///srv/media."
        return [
            Error(f"MEDIA_STORAGE {env.MEDIA_STORAGE!r} is not an absolute path.", hint=hint, id="dam.E003")
        ]
    if parts.scheme == "s3" and not parts.hostname:
        hint = "Use s3://KEY:SECRET@BUCKET/PREFIX?endpoint=URL."
        return [Error("MEDIA_STORAGE names no bucket.", hint=hint, id="dam.E003")]
    return []
