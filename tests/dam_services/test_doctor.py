"""The doctor's sentences when something is missing, and when all is well."""

from __future__ import annotations

import shutil
from collections import namedtuple
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import override_settings

from dam import env
from dam.services import questions
from dam.services.doctor import Diagnosis, examine
from dam.services.ports import free_port
from dam.storages import storage_config

Usage = namedtuple("Usage", "total used free")


def ask(question: Callable) -> list[Diagnosis]:
    return list(examine([question]))


@pytest.mark.django_db
def test_a_migrated_database_is_well() -> None:
    answers = ask(questions.database)
    assert [answer.subject for answer in answers] == [
        "database", "extension vector", "extension pg_trgm", "extension unaccent", "migrations",
    ]  # fmt: skip
    assert all(answer.well for answer in answers)


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_named_with_the_way_to_start_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nowhere = connections.create_connection("default")
    nowhere.settings_dict = {**nowhere.settings_dict, "HOST": "127.0.0.1", "PORT": free_port()}
    monkeypatch.setattr(questions, "connection", nowhere)
    (answer,) = ask(questions.database)
    assert not answer.well
    assert "refused" in answer.seen
    assert "manage.py up" in answer.mend


@pytest.mark.django_db
def test_an_extension_that_the_server_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "EXTENSIONS", ("vector", "nonesuch"))
    missing = next(answer for answer in ask(questions.database) if answer.subject == "extension nonesuch")
    assert not missing.well
    assert missing.mend.startswith("Install the extension nonesuch")


@pytest.mark.django_db
def test_an_extension_that_was_dropped_is_made_again_by_setup() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION unaccent CASCADE")
    dropped = next(answer for answer in ask(questions.database) if answer.subject == "extension unaccent")
    assert (dropped.well, dropped.seen) == (False, "not created yet")


def test_a_broker_that_does_not_answer_is_named_without_its_password() -> None:
    with override_settings(CELERY_BROKER_URL=f"redis://:hidden@127.0.0.1:{free_port()}/0"):
        (answer,) = ask(questions.broker)
    assert not answer.well
    assert "hidden" not in str(answer)
    assert "BROKER_URL" in answer.mend


def test_a_storage_that_cannot_be_written_is_named(tmp_path: Path, settings: object) -> None:
    (tmp_path / "media").write_text("a file where a folder should be")
    config = storage_config(f"file://{tmp_path}/media", "originals")
    with override_settings(STORAGES={**settings.STORAGES, "originals": config}):
        answers = {answer.subject: answer for answer in ask(questions.storage)}
    assert not answers["storage of originals"].well
    assert answers["storage of renditions"].well


def test_a_full_disk_is_essential_and_a_small_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for free, essential in ((10_000_000, True), (2_000_000_000, False)):
        monkeypatch.setattr(shutil, "disk_usage", lambda path, free=free: Usage(0, 0, free))
        (answer,) = ask(questions.free_space)
        assert (answer.well, answer.essential) == (False, essential)


def test_an_old_exiftool_is_not_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "exiftool"
    old.write_text("#!/bin/sh\necho 12.57\n")
    old.chmod(0o755)
    monkeypatch.setattr(env, "BASE_DIR", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    (answer,) = ask(questions.exiftool)
    assert (answer.well, answer.seen) == (False, "no version 13 or later was found")


def test_an_exiftool_that_is_nowhere_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "BASE_DIR", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    (answer,) = ask(questions.exiftool)
    assert (answer.well, answer.seen) == (False, "no version 13 or later was found")


def test_missing_weights_are_named_and_are_not_essential(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from indexing import weights

    empty = weights.Shelf(weights.shelf().models, tmp_path)
    monkeypatch.setattr(weights, "shelf", lambda: empty)
    answers = ask(questions.model_weights)
    assert len(answers) == len(empty.uses())
    assert [answer.subject for answer in answers if answer.well] == [
        "model for captions"
    ]  # composed without weights
    assert not any(answer.essential for answer in answers)


def test_an_analyser_that_is_left_out_is_named_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    from indexing.analysers import registry
    from indexing.analysers.collection import Problem

    monkeypatch.setattr(registry, "problems", lambda: [Problem("text", "tesseract is not installed")])
    (answer,) = ask(questions.analysers)
    assert (answer.subject, answer.well, answer.essential) == ("analyser text", False, False)
    assert "tesseract" in answer.seen


def test_a_question_that_fails_does_not_stop_the_others() -> None:
    def broken() -> list[Diagnosis]:
        raise OSError("the disk is on fire")

    answers = list(examine([broken, questions.python]))
    assert [answer.well for answer in answers] == [False, True]
    assert "on fire" in str(answers[0])


def test_the_command_fails_and_counts_when_something_essential_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ill = Diagnosis("heart", False, "does not beat", "Start it.")
    optional = Diagnosis("hat", False, "none", "Buy one.", essential=False)
    command = "dam.management.commands.doctor.examine"
    monkeypatch.setattr(command, lambda: [ill, optional])
    out = StringIO()
    with pytest.raises(CommandError, match="1 essential thing is missing"):
        call_command("doctor", stdout=out)
    assert "MISSING  heart: does not beat" in out.getvalue()
    assert "Start it." in out.getvalue()
    monkeypatch.setattr(command, lambda: [optional])
    call_command("doctor", stdout=out)
    assert out.getvalue().endswith("Everything essential is here.\n")


def test_a_search_server_that_does_not_answer_is_said_and_is_not_essential(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(env, "ELASTICSEARCH_URL", "http://search.example:9200")
    (answer,) = ask(questions.elasticsearch)
    assert (answer.well, answer.essential) == (False, False)
    assert "PostgreSQL" in answer.mend
