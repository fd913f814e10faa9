"""One nearest-neighbour index for each vector space, however many dimensions it has."""

import hashlib

from django.db import connection

from indexing.models import Embedding


def index_name(space: str) -> str:
    """A short, stable name for the index of that space."""
    return f"embedding_{hashlib.sha256(space.encode()).hexdigest()[:12]}"


def ensure_index(space: str, dimensions: int) -> None:
    """Make the partial HNSW index (inner product over unit vectors) of a space where it is missing.

    Writers are held up while it is built, so it is made before the first vector arrives.
    """
    literal = space.replace("'", "''").replace("%", "%%")
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE INDEX IF NOT EXISTS {index_name(space)} ON {Embedding._meta.db_table} "
            f"USING hnsw ((vector::vector({int(dimensions)})) vector_ip_ops) WHERE space = '{literal}'"
        )
