"""Locks that every process sharing the database respects, and that die with the process that holds them."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection


def _key(namespace: str, pk: int) -> int:
    digest = hashlib.sha256(f"{namespace}:{pk}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


@contextmanager
def advisory_lock(namespace: str, pk: int) -> Iterator[bool]:
    """Try to hold the lock of one row; yields at once, True where it is ours until the block ends.

    It is a session-level PostgreSQL advisory lock: the server lets go of it when our connection ends,
    however the process died. The same connection may take it twice.
    """
    key = _key(namespace, pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        row = cursor.fetchone()
    held, session = bool(row and row[0]), connection.connection
    try:
        yield held
    finally:
        if held and connection.connection is session and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def held(namespace: str, pks: Iterable[int]) -> set[int]:
    """Those of the rows whose lock some process holds now."""
    keys = {_key(namespace, pk): pk for pk in pks}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks JOIN pg_database d "
            "ON d.oid = database AND d.datname = current_database() "
            "WHERE locktype = 'advisory' AND objsubid = 1 AND granted"
        )
        return {keys[key] for (key,) in cursor.fetchall() if key in keys}
