"""A made library of any size: assets, facts, vectors and the search index, written by bulk COPY.

Ten facts and one vector for each asset; words are as common as words are (Zipf), and vectors lie as those of
pictures do: around a common direction, in few dimensions of many. 70 % of the assets are photographs, 20 %
films, 10 % recordings. Three libraries hold 80, 19 and 1 % of them, each with a member; one in a hundred
lies in a collection.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from django.db import connection

from search import relevance, sql
from tests.bench.made_words import VOCABULARY, facts_of, word

if TYPE_CHECKING:
    from dam.sharing.models import User

DIMENSIONS = 512
LATENT = 96
COMMON_SHARE, OWN_NOISE = 0.7, 0.25
BATCH = 20_000
INDEX_BATCH = 5_000
WORKERS = 2
BUILD_MEMORY = "3GB"
ASSETS = """
    INSERT INTO assets_asset (id, library_id, sha256, size, original, original_name, kind, media_type, title,
        width, height, duration, technical, taken_at, added_at, rendered_at, rendering_attempts,
        rendering_error)
    SELECT n, CASE WHEN n %% 100 = 99 THEN %(small)s WHEN n %% 100 >= 80 THEN %(middle)s ELSE %(large)s END,
        encode(sha256(n::text::bytea), 'hex'), 1000000 + n, 'made/' || n,
        'DSC_' || lpad(n::text, 7, '0') || '.jpg',
        CASE WHEN n %% 10 < 7 THEN 'image' WHEN n %% 10 < 9 THEN 'video' ELSE 'audio' END,
        CASE WHEN n %% 10 < 7 THEN 'image/jpeg' WHEN n %% 10 < 9 THEN 'video/mp4' ELSE 'audio/mpeg' END,
        CASE WHEN n %% 5 > 0 THEN ''
             ELSE initcap((%(words)s::text[])[1 + floor(exp(drawn * ln(%(vocabulary)s)))::int]) END,
        4000, 3000, CASE WHEN n %% 10 >= 7 THEN 30 + n %% 600 END, '{}',
        timestamptz '1960-01-01' + drawn * interval '66 years',
        timestamptz '2020-01-01' + n * interval '1 second', now(), 0, ''
    FROM generate_series(1, %(size)s) AS n
    CROSS JOIN LATERAL (SELECT (hashint8(n) & 1048575) / 1048576.0 AS drawn) AS chance
"""
RUNS = """
    INSERT INTO indexing_run (id, asset_id, analyser, version, model, weights_sha256, state, attempts, error)
    SELECT id, id, 'clip', '1', 'made', '', 'done', 1, '' FROM assets_asset
"""
ITEMS = """
    INSERT INTO collections_collectionitem (collection_id, asset_id, position, added_at)
    SELECT %(collection)s, id, 0, now() FROM assets_asset WHERE id %% 100 = 50
"""
FACTS = """
    COPY indexing_annotation (asset_id, kind, text, language, start, "end", x, y, w, h, confidence, details,
        source, run_id, status, created_at) FROM STDIN
"""
VECTORS = "COPY indexing_embedding (asset_id, run_id, space, vector) FROM STDIN (FORMAT binary)"


@dataclass(frozen=True)
class MadeLibrary:
    """`members` are of the large, the middle and the small library; `administrator` sees everything."""

    size: int
    space: str
    members: tuple[User, User, User]
    administrator: User
    collection: int


class MadeVectors:
    """Unit vectors (n, DIMENSIONS) of float32 from one distribution; the same seed, the same vectors."""

    def __init__(self, seed: int) -> None:
        self._basis = _basis()
        self._scale = (1 / np.sqrt(np.arange(1, LATENT + 1))).astype(np.float32)
        self._scale /= np.linalg.norm(self._scale)
        self._rng = np.random.default_rng(seed)

    def draw(self, count: int) -> np.ndarray:
        own = self._rng.standard_normal((count, LATENT), dtype=np.float32) * self._scale
        noise = self._rng.standard_normal((count, DIMENSIONS), dtype=np.float32) / DIMENSIONS**0.5
        vectors = COMMON_SHARE * self._basis[0] + own @ self._basis[1:] + OWN_NOISE * noise
        unit: np.ndarray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


@lru_cache
def _basis() -> np.ndarray:
    """Orthogonal directions (LATENT + 1, DIMENSIONS), the same in every run."""
    directions = np.random.default_rng(0).normal(size=(DIMENSIONS, LATENT + 1))
    basis: np.ndarray = np.linalg.qr(directions)[0].T.astype(np.float32)
    return basis


def build(size: int, space: str) -> MadeLibrary:
    """Fill an empty database. Prints how long each part took."""
    made = _places(size, space)
    with _timed("facts"), _without_indexes("indexing_annotation"):
        _copy_facts(size)
    with _timed("vectors"), _without_indexes("indexing_embedding"):
        _copy_vectors(size, space)
    _run("ANALYZE")
    with (
        _timed("documents"),
        _without_indexes("search_momentdocument", "search_assetdocument", "search_word"),
    ):
        _derive(size)
    with _timed("nearest-neighbour index"):
        _index_vectors(space)
    _run("VACUUM ANALYZE")
    return made


def _places(size: int, space: str) -> MadeLibrary:
    from dam.collections.models import Collection
    from tests.factories import make_library, make_member, make_user

    large, middle, small = (make_library(name) for name in ("Large", "Middle", "Small"))
    ids = {"large": large.pk, "middle": middle.pk, "small": small.pk}
    collection = Collection.objects.create(library=large, name="One in a hundred")
    words = [word(number) for number in range(VOCABULARY)]
    _run(ASSETS, {**ids, "size": size, "words": words, "vocabulary": VOCABULARY})
    _run(RUNS)
    _run(ITEMS, {"collection": collection.pk})
    members = make_member(large), make_member(middle), make_member(small)
    return MadeLibrary(size, space, members, make_user(is_superuser=True), collection.pk)


def _copy_facts(size: int) -> None:
    rng = np.random.default_rng(1)
    with connection.cursor() as cursor, cursor.copy(FACTS) as copy:
        for first in range(1, size + 1, BATCH):
            copy.write("".join(facts_of(range(first, min(first + BATCH, size + 1)), rng)))


def _copy_vectors(size: int, space: str) -> None:
    """In PostgreSQL's binary format: the number of fields, then each with its length in bytes."""
    vectors, name = MadeVectors(seed=1), space.encode()
    row = np.dtype(
        [
            ("fields", ">i2"),
            *(("asset_length", ">i4"), ("asset", ">i8"), ("run_length", ">i4"), ("run", ">i8")),
            *(("space_length", ">i4"), ("space", f"S{len(name)}"), ("vector_length", ">i4")),
            *(("dimensions", ">i2"), ("unused", ">i2"), ("vector", ">f4", DIMENSIONS)),
        ]
    )
    with connection.cursor() as cursor, cursor.copy(VECTORS) as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        for first in range(1, size + 1, BATCH):
            ids = np.arange(first, min(first + BATCH, size + 1))
            rows = np.zeros(len(ids), row)
            rows["fields"], rows["asset"], rows["run"], rows["space"] = 4, ids, ids, name
            rows["asset_length"], rows["run_length"], rows["space_length"] = 8, 8, len(name)
            rows["vector_length"], rows["dimensions"] = 4 + 4 * DIMENSIONS, DIMENSIONS
            rows["vector"] = vectors.draw(len(ids))
            copy.write(rows.tobytes())
        copy.write(b"\xff\xff")


def _derive(size: int) -> None:
    """The index by its own statements, on WORKERS connections; the vocabulary is known."""
    firsts = range(1, size + 1, INDEX_BATCH)
    with ThreadPoolExecutor(WORKERS) as workers:
        list(
            workers.map(_derive_batch, (range(first, min(first + INDEX_BATCH, size + 1)) for first in firsts))
        )
    words = [word(number) for number in range(VOCABULARY)]
    _run(
        "INSERT INTO search_word (word) SELECT unnest(%(words)s::text[]) ON CONFLICT DO NOTHING",
        {"words": words},
    )


def _derive_batch(ids: range) -> None:
    parameters = {"ids": list(ids), **relevance.table()}
    for statement in ("SET jit = off", sql.INSERT_MOMENTS, sql.UPSERT_DOCUMENTS):
        _run(statement, parameters)
    connection.close()


def _index_vectors(space: str) -> None:
    from indexing.spaces import ensure_index

    _run(f"SET maintenance_work_mem = '{BUILD_MEMORY}'")
    ensure_index(space, DIMENSIONS)


@contextmanager
def _without_indexes(*tables: str) -> Iterator[None]:
    """The tables' indexes are dropped and built again afterwards, and foreign keys are not checked meanwhile.
    Those stay that constraints need, and those by asset, which the statements need."""
    found = (
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique "
        "AND pg_get_indexdef(indexrelid) NOT LIKE '%%btree (asset_id)'"
    )
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(found, [list(tables)])
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    _run(f"SET maintenance_work_mem = '{BUILD_MEMORY}'")
    for _, definition in indexes:
        _run(definition)
    _run("SET session_replication_role = origin")


@contextmanager
def _timed(part: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"  {part}: {time.perf_counter() - began:.0f} s", flush=True)


def _run(statement: str, parameters: Mapping[str, object] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
