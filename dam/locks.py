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

    See `advisory_locks`.
    """
    with advisory_locks(namespace, [pk]) as ours:
        yield pk in ours


@contextmanager
def advisory_locks(namespace: str, pks: Iterable[int]) -> Iterator[set[int]]:
    """Try to hold the locks of rows; yields at once those rows whose lock is ours until the block ends.

    They are session-level PostgreSQL advisory locks: the server lets go of them when our connection ends,
    however the process died. The same connection may take one twice.
    """
    rows = {_key(namespace, pk): pk for pk in pks}
    keys = _asked("SELECT key FROM unnest(%s::bigint[]) wanted(key) WHERE pg_try_advisory_lock(key)", rows)
    session = connection.connection
    try:
        yield {rows[key] for key in keys}
    finally:
        if keys and connection.connection is session and connection.is_usable():
            _asked("SELECT pg_advisory_unlock(key) FROM unnest(%s::bigint[]) held(key)", keys)


def _asked(statement: str, keys: Iterable[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(keys)])
        return [answer for (answer,) in cursor.fetchall()]


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
