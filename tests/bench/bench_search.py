"""Search through the database: recall on photographs, and latency. Run: python -m tests.bench.bench_search

Recall: the labelled photographs have vectors and no words; each is looked for by a person's caption of it,
through search.service. Latency: 20,000 made assets with captions, speech and random vectors; the same
queries as a bare nearest-neighbour statement on the HNSW index, and through the service.
"""

from __future__ import annotations

import csv
import hashlib
import random
import statistics
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageOps

from tests.bench.system import BASE_DIR, whole_system

if TYPE_CHECKING:
    from dam.assets.models import Asset
    from dam.sharing.models import User

PHOTOS = BASE_DIR.parent / "shared" / "media" / "photos_coco"
DEPTHS = (1, 5, 10)
COUNT = 20_000
ROUNDS = 5
VOCABULARY = 5_000
QUERIES = ("a dog on the beach", "word12 word40", '"word7 word8"', "word3 -word5", "wordd1234x", "")


def main() -> None:
    with whole_system():
        if PHOTOS.is_dir():
            measure_recall()
        else:
            print(f"The labelled photographs are not here: {PHOTOS}")
        measure_latency()


def measure_recall() -> None:
    """Print how often a photograph is among the first answers to its own caption."""
    from indexing.engines.spaces import current_space
    from indexing.weights import path
    from search.service import search

    try:
        space = current_space(path)
    except LookupError as missing:
        print(f"Recall is not measured. {missing}")
        return
    rows = list(csv.DictReader((PHOTOS / "manifest.csv").open()))
    library, user = make_library()
    assets = add_assets(library, (row["file"] for row in rows))
    add_vectors(assets, space.name, (space.encode_images([picture(row["file"])])[0] for row in rows))
    ranks = []
    for asset, row in zip(assets, rows, strict=True):
        found = [hit.asset.pk for hit in search(user, row["caption1"], per_page=max(DEPTHS)).hits]
        ranks.append(found.index(asset.pk) if asset.pk in found else None)
    print(f"{space.name} through search.service: {len(rows)} photographs, query = first caption")
    for depth in DEPTHS:
        share = sum(rank is not None and rank < depth for rank in ranks) / len(ranks)
        print(f"  recall@{depth:<3}{share:.3f}   chance {depth / len(rows):.3f}")


def measure_latency() -> None:
    """Print the median time of each query as a multiple of a bare nearest-neighbour statement's."""
    from indexing.engines.spaces import PREFERENCE

    space, rng = PREFERENCE[-1], np.random.default_rng(1)
    library, user = make_library()
    assets = add_assets(library, (f"made/{number}.jpg" for number in range(COUNT)))
    began = time.perf_counter()
    add_vectors(assets, space, (unit(rng.normal(size=512)) for _ in assets))
    print(f"{COUNT:,} vectors stored and indexed in {time.perf_counter() - began:.0f} s")
    add_facts(assets)
    bare = median_seconds(lambda: bare_nearest(space, unit(rng.normal(size=512))))
    print(f"bare HNSW statement, 200 neighbours: {1000 * bare:.1f} ms")
    for query in QUERIES:
        report(user, query, bare)


def report(user: User, query: str, bare: float) -> None:
    from search.service import search

    began = time.perf_counter()
    results = search(user, query)
    first = time.perf_counter() - began
    seconds = median_seconds(lambda: search(user, query))
    print(
        f"  {query!r:24} {1000 * seconds:7.1f} ms = {seconds / bare:5.1f} x bare, "
        f"first time {1000 * first:.0f} ms, {results.total} found"
    )


def make_library() -> tuple[Any, User]:
    """A library and one of its viewers."""
    from tests import factories

    library = factories.make_library()
    return library, factories.make_member(library)


def add_assets(library: Any, names: Iterable[str]) -> list[Asset]:
    from dam.assets.models import Asset

    return Asset.objects.bulk_create(
        Asset(
            library=library,
            sha256=hashlib.sha256(name.encode()).hexdigest(),
            size=1,
            original=name,
            original_name=name.rpartition("/")[2],
            kind="image",
            media_type="image/jpeg",
        )
        for name in names
    )


def add_vectors(assets: list[Asset], space: str, vectors: Iterable[np.ndarray]) -> None:
    from indexing.models import Embedding, Run
    from indexing.spaces import ensure_index

    runs = Run.objects.bulk_create(
        Run(asset=asset, analyser="clip", version="1", model=space, state="done") for asset in assets
    )
    rows = (
        Embedding(asset=asset, run=run, space=space, vector=vector)
        for asset, run, vector in zip(assets, runs, vectors, strict=True)
    )
    Embedding.objects.bulk_create(rows, batch_size=1000)
    ensure_index(space, 512)


def add_facts(assets: list[Asset]) -> None:
    """Captions and speech of words as common as words are: the n-th has a share of 1/n (Zipf)."""
    from indexing.models import Annotation
    from search import documents

    words = [f"word{number}" for number in range(1, VOCABULARY)]
    shares = [1 / number for number in range(1, VOCABULARY)]
    rng = random.Random(1)
    facts = (
        Annotation(asset=asset, kind=kind, text=" ".join(rng.choices(words, shares, k=12)), source="file")
        for asset in assets
        for kind in ("caption", "speech", "speech", "text")
    )
    Annotation.objects.bulk_create(facts, batch_size=2000)
    began = time.perf_counter()
    documents.rebuild(asset.pk for asset in assets)
    seconds = time.perf_counter() - began
    print(f"{len(assets):,} documents built in {seconds:.0f} s, {len(assets) / seconds:.0f} a second")
    analyse_tables()


def analyse_tables() -> None:
    """What autovacuum does a minute later."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def bare_nearest(space: str, vector: np.ndarray) -> None:
    from django.db import connection

    literal = "[" + ",".join(map(str, vector.tolist())) + "]"
    with connection.cursor() as cursor:
        cursor.execute("SET hnsw.ef_search = 200")
        cursor.execute(
            "SELECT asset_id FROM indexing_embedding WHERE space = %s "
            "ORDER BY (vector::vector(512)) <#> %s::vector(512) LIMIT 200",
            [space, literal],
        )
        cursor.fetchall()


def median_seconds(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def picture(name: str) -> np.ndarray:
    with Image.open(PHOTOS / name) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def unit(vector: np.ndarray) -> np.ndarray:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


if __name__ == "__main__":
    main()
