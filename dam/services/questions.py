"""What an installation needs, asked one thing at a time."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from kombu import Connection
from kombu.exceptions import KombuError

from dam import env
from dam.assets import exiftool as tool
from dam.services.doctor import Diagnosis, question

PYTHON = (3, 11)
EXTENSIONS = ("vector", "pg_trgm", "unaccent")
SCARCE, PLENTY = 500_000_000, 5_000_000_000
"""Bytes of free space below which ingest is bound to fail, and above which there is nothing to say."""


@question
def python() -> Iterator[Diagnosis]:
    """Is this Python new enough?"""
    mend = "Install Python 3.11 or later and run `make run` again."
    yield Diagnosis("Python", sys.version_info >= PYTHON, sys.version.split()[0], mend)


@question
def database() -> Iterator[Diagnosis]:
    """Can the database be reached, and does it have what the migrations make?"""
    mend = "Start it with `manage.py up`, or set DATABASE_URL to a PostgreSQL that has pgvector."
    try:
        connection.ensure_connection()
    except OperationalError as problem:
        yield Diagnosis("database", False, str(problem).strip().splitlines()[0], mend)
        return
    yield Diagnosis("database", True, f"PostgreSQL {connection.pg_version // 10000}")  # type: ignore[attr-defined]
    yield from _extensions()
    yield _migrations()


def _extensions() -> Iterator[Diagnosis]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, installed_version FROM pg_available_extensions WHERE name = ANY(%s)",
            [list(EXTENSIONS)],
        )
        versions = dict(cursor.fetchall())
    for name in EXTENSIONS:
        seen = versions.get(name) or ("not created yet" if name in versions else "not available")
        mend = (
            "Run `manage.py setup`."
            if name in versions
            else f"Install the extension {name} on the database server, then run `manage.py setup`."
        )
        yield Diagnosis(f"extension {name}", bool(versions.get(name)), seen, mend)


def _migrations() -> Diagnosis:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    seen = f"{waiting} not applied" if waiting else "all applied"
    return Diagnosis("migrations", not waiting, seen, "Run `manage.py setup`.")


@question
def broker() -> Iterator[Diagnosis]:
    """Can tasks be sent?"""
    mend = "Start it with `manage.py up`, or set BROKER_URL to a Valkey, Redis or RabbitMQ."
    link = Connection(settings.CELERY_BROKER_URL, connect_timeout=3)
    refusals: tuple[type[BaseException], ...] = (KombuError, *link.connection_errors)
    try:
        link.ensure_connection(max_retries=1, interval_start=0)
        yield Diagnosis("broker", True, link.as_uri())
    except refusals as problem:
        yield Diagnosis("broker", False, f"{link.as_uri()}: {problem}", mend)
    finally:
        link.release()


@question
def storage() -> Iterator[Diagnosis]:
    """Can files be written, read and removed where originals and renditions are kept?"""
    for area in ("originals", "renditions"):
        mend = f"Let this account write to {env.MEDIA_STORAGE.partition('?')[0]}, or set MEDIA_STORAGE."
        try:
            name = storages[area].save("doctor-probe", ContentFile(b"probe"))
            with storages[area].open(name) as stream:
                same = stream.read() == b"probe"
            storages[area].delete(name)
            yield Diagnosis(
                f"storage of {area}", same, "writable" if same else "gives back other bytes", mend
            )
        except Exception as problem:  # noqa: BLE001 (every backend has errors of its own)
            yield Diagnosis(f"storage of {area}", False, str(problem), mend)


@question
def free_space() -> Iterator[Diagnosis]:
    """Is there room where uploads wait and embedded servers write?"""
    free = shutil.disk_usage(_existing(env.HOME)).free
    mend = f"Make room on the disk of {env.HOME}, or move it with MEDIATHEQUE_HOME."
    yield Diagnosis("free space", free > PLENTY, f"{free / 1e9:.1f} GB", mend, essential=free < SCARCE)


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)


@question
def ffmpeg() -> Iterator[Diagnosis]:
    """Can proxies be made?"""
    import imageio_ffmpeg

    mend = "Run `make run` again, which installs imageio-ffmpeg, or set IMAGEIO_FFMPEG_EXE."
    try:
        program = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError as problem:
        yield Diagnosis("ffmpeg", False, str(problem), mend)
        return
    words = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stdout.split()
    yield Diagnosis(
        "ffmpeg", words[:2] == ["ffmpeg", "version"], " ".join(words[1:3]) or "does not run", mend
    )


@question
def exiftool() -> Iterator[Diagnosis]:
    """Is there an ExifTool that reads today's files?"""
    mend = "Run `npm ci --ignore-scripts` (make run does), or install ExifTool 13 or later."
    found = tool.version()
    yield Diagnosis("ExifTool", found is not None, found or "no version 13 or later was found", mend)


@question
def elasticsearch() -> Iterator[Diagnosis]:
    """Does the search server answer, if one is named, and does it have an index?"""
    if not env.ELASTICSEARCH_URL:
        yield Diagnosis("Elasticsearch", True, "not used; PostgreSQL searches", essential=False)
        return
    address = importlib.import_module("search.backends.elasticsearch.address")
    indexing = importlib.import_module("search.backends.elasticsearch.indexing")
    mend = "Start it, or mend or unset ELASTICSEARCH_URL; PostgreSQL searches until then."
    try:
        place = address.configured()
        found = indexing.state(place)
    except (address.Away, ValueError) as problem:
        yield Diagnosis("Elasticsearch", False, str(problem), mend, essential=False)
        return
    held = "no index" if found.documents is None else f"{found.documents:,} assets"
    mend = "Run `manage.py search rebuild`; PostgreSQL searches until then."
    seen = f"{found.version} at {place.host}, {held}"
    yield Diagnosis("Elasticsearch", found.documents is not None, seen, mend, essential=False)


@question
def model_weights() -> Iterator[Diagnosis]:
    """Which models are here? Without one its analyser rests, and nothing else breaks."""
    shelf = importlib.import_module("indexing.weights").shelf()
    mend = "Run `manage.py models fetch`; until then its analyser rests."
    for use in shelf.uses():
        name = shelf.chosen(use)
        seen = shelf.reason(name) or name
        yield Diagnosis(f"model for {use}", shelf.available(name), seen, mend, essential=False)


@question
def analysers() -> Iterator[Diagnosis]:
    """Is every analyser of this installation sound?"""
    registry = importlib.import_module("indexing.analysers.registry")
    mend = "Mend or uninstall it; until then it is left out, and nothing else breaks."
    for problem in registry.problems():
        yield Diagnosis(f"analyser {problem.name}", False, problem.reason, mend, essential=False)


@question
def account() -> Iterator[Diagnosis]:
    """May root be running this by mistake?"""
    as_root = os.geteuid() == 0
    mend = "It works, with PostgreSQL run as nobody; an ordinary account is safer."
    yield Diagnosis("account", not as_root, "root" if as_root else "not root", mend, essential=False)
