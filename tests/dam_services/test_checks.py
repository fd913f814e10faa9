"""System checks: a setting that cannot work is named before it is used."""

from __future__ import annotations

import pytest
from django.core.checks import Tags, run_checks
from django.test import override_settings

from dam import env
from dam.checks import TAG


def found(tag: str = TAG, databases: list[str] | None = None) -> dict[str, str]:
    messages = run_checks(tags=[tag], databases=databases)
    return {message.id: message.msg for message in messages if message.id.startswith("dam.")}


def test_working_settings_are_silent() -> None:
    assert found() == {}


@pytest.mark.parametrize("url", ["file://srv/media", "file:relative", "s3:///prefix"])
def test_a_storage_that_is_nowhere_is_an_error(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "MEDIA_STORAGE", url)
    assert set(found()) == {"dam.E003"}


def test_a_broker_of_an_unknown_kind_is_an_error() -> None:
    with override_settings(CELERY_BROKER_URL="kafka://localhost"):
        assert found()["dam.E002"] == "BROKER_URL begins with 'kafka'."


def test_another_database_than_postgresql_is_an_error(
    settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert "dam.E001" in found()


def test_a_service_without_an_address_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "DATABASE_URL", None)
    monkeypatch.setattr(env, "BROKER_URL", "redis://localhost")
    assert found(Tags.database) == {}
    asked = found(Tags.database, databases=["default"])
    assert asked == {"dam.W001": "DATABASE_URL is not set and no embedded server runs."}
