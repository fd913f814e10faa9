"""Search in made libraries of growing size. Run: python -m tests.bench.bench_search_scale [SIZE ...]

For each size (10,000 and 100,000 unless told; 1,000,000 takes an hour to build): the time of every kind of
query through the service, beside a bare nearest-neighbour statement; how much of the exact answer the vector
index gives, with and without filters; and the first page of the library. Each query is asked for by words or
vectors that were not asked before; the first rounds warm the caches. The reader is a member of the large
library; the last lines are of the small one's.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tests.bench.system import whole_system

if TYPE_CHECKING:
    from dam.sharing.models import User
    from tests.bench.made_library import MadeLibrary

SIZES = (10_000, 100_000)
ROUNDS, WARMING = 20, 3
NEIGHBOURS = 200
RECALL_AT, RECALL_QUERIES = 10, 20
FIRST_ASSETS = 200


class Timing(NamedTuple):
    """Milliseconds."""

    p50: float
    p95: float


def main(sizes: list[int]) -> None:
    timings = {size: _measure(size) for size in sizes}
    for smaller, larger in itertools.pairwise(sizes):
        print(f"growth of p95 from {smaller:,} to {larger:,} assets")
        for name in timings[smaller].keys() & timings[larger].keys():
            print(f"  {name:34} {timings[larger][name].p95 / timings[smaller][name].p95:5.1f} x")


def _measure(size: int) -> dict[str, Timing]:
    with whole_system():
        from indexing.engines.spaces import PREFERENCE
        from tests.bench import made_library

        print(f"== {size:,} assets")
        made = made_library.build(size, PREFERENCE[-1])
        return measure(made)


def measure(made: MadeLibrary) -> dict[str, Timing]:
    """Print all figures of a library that was built."""
    _understand_made_vectors(made.space)
    bare = _timed(_bare(made.space))
    timings = {"bare nearest neighbours": bare}
    for name, ask in _questions(made).items():
        timings[name] = _timed(ask)
    for name, (p50, p95) in timings.items():
        print(f"  {name:34} p50 {p50:7.1f} ms, p95 {p95:7.1f} ms, {p95 / bare.p95:5.1f} x bare", flush=True)
    for name, share in _recall(made).items():
        print(f"  recall@{RECALL_AT} of the index, {name:18} {share:.3f}", flush=True)
    return timings


def _questions(made: MadeLibrary) -> dict[str, Callable[[int], object]]:
    """What is asked, by name: each takes the number of the round."""
    from search.filters import Filters
    from search.service import search

    reader, small = made.members[0], made.members[2]

    def asks(text: Callable[[int], str], user: User = reader, **filters: Any) -> Callable[[int], object]:
        return lambda number: search(user, text(number), Filters(**filters))

    in_collection = {"collection": made.collection}
    return {
        "library page": lambda number: _first_page(reader, Filters()),
        "library page, films": lambda number: _first_page(reader, Filters(kind="video")),
        "library page, a year": lambda number: _first_page(reader, _year(number)),
        "library page, a collection": lambda number: _first_page(reader, Filters(**in_collection)),
        "word, rare, quoted": asks(lambda number: f'"{_word(20_000 + number)}"'),
        "word, middle, quoted": asks(lambda number: f'"{_word(500 + number)}"'),
        "word, common, quoted": asks(lambda number: f'"{_word(number)}"'),
        "phrase": asks(lambda number: f'"{_word(number)} {_word(20 + number)}"'),
        "field": asks(lambda number: f"caption:{_word(300 + number)}"),
        "object": asks(lambda number: f"object:{_label(number)}"),
        "filter by type and year": asks(lambda number: f"type:video date:{1970 + number}"),
        "time join": asks(lambda number: f"said:{_word(50 + number)} WITH object:person WITHIN 5s"),
        "meaning": _meaning_alone(made),
        "hybrid, rare word": asks(lambda number: _word(20_100 + number)),
        "hybrid, middle word": asks(lambda number: _word(600 + number)),
        "hybrid, common word": asks(_word),
        "hybrid, three words": asks(
            lambda number: f"{_word(number)} {_word(90 + number)} {_word(900 + number)}"
        ),
        "hybrid in a collection (1 %)": asks(lambda number: _word(700 + number), **in_collection),
        "hybrid, small library (1 %)": asks(lambda number: _word(800 + number), small),
    }


def _word(number: int) -> str:
    from tests.bench.made_words import word

    return word(number)


def _label(number: int) -> str:
    from indexing.engines.coco import LABELS

    return next(label for label in LABELS[number:] if " " not in label)


def _year(number: int) -> Any:
    from datetime import date

    from search.filters import Filters

    return Filters(date_from=date(1970 + number, 1, 1), date_to=date(1970 + number, 12, 31))


def _first_page(user: User, filters: Any) -> None:
    from search.service import search

    assert search(user, "", filters, per_page=FIRST_ASSETS).hits


def _meaning_alone(made: MadeLibrary) -> Callable[[int], object]:
    from dam.assets.models import Asset
    from search.backends import vectors

    meanings = _meanings(made.space, seed=5)
    return lambda number: vectors.nearest(
        next(meanings), Asset.objects.visible_to(made.members[0]), NEIGHBOURS
    )


def _meanings(space: str, seed: int) -> Iterator[Any]:
    from search.meaning import FLOOR_CENTRED, Meaning
    from tests.bench.made_library import MadeVectors

    drawn = MadeVectors(seed)
    while True:
        yield Meaning(space, drawn.draw(1)[0], centres_images=True, floor=FLOOR_CENTRED)


def _understand_made_vectors(name: str) -> None:
    """A space that draws the vector of a query from the same distribution as the library's."""
    from search import meaning
    from tests.bench.made_library import DIMENSIONS, MadeVectors

    class MadeSpace:
        dimensions, centres_images, description = DIMENSIONS, True, "made"

        def encode_text(self, query: str) -> np.ndarray:
            return MadeVectors(seed=zlib.crc32(query.encode())).draw(1)[0]

    MadeSpace.name = name  # type: ignore[attr-defined]
    meaning.current_space = lambda weights: MadeSpace()  # type: ignore[assignment]


def _bare(space: str) -> Callable[[int], object]:
    from tests.bench.bench_search import bare_nearest

    meanings = _meanings(space, seed=6)
    return lambda number: bare_nearest(space, next(meanings).vector)


def _recall(made: MadeLibrary) -> dict[str, float]:
    """How many of the exact nearest assets the service's statement finds, without a floor."""
    from dam.assets.models import Asset
    from search.filters import Filters

    everything = Asset.objects.visible_to(made.administrator)
    mine = Asset.objects.visible_to(made.members[0])
    films = Filters(kind="video").apply(mine, made.members[0])
    held = Filters(collection=made.collection).apply(mine, made.members[0])
    small = Asset.objects.visible_to(made.members[2])
    narrowed = {"no filter": everything, "a library": mine, "films": films, "a collection, 1 %": held}
    return {
        name: _recall_among(made.space, assets)
        for name, assets in {**narrowed, "a library, 1 %": small}.items()
    }


def _recall_among(space: str, assets: Any) -> float:
    from search.backends import vectors

    shares = []
    for meaning in itertools.islice(_meanings(space, seed=7), RECALL_QUERIES):
        exact = _exact(meaning, assets)
        found = vectors.nearest_apart(meaning, assets, NEIGHBOURS)
        by_product = {neighbour.asset_id for neighbour in found}
        shares.append(len(exact & by_product) / len(exact))
    return statistics.mean(shares)


def _exact(meaning: Any, assets: Any) -> set[int]:
    """The first assets by inner product, which is what the index orders by, each one compared."""
    from django.db import connection, transaction

    from search.backends import vectors

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off; SET LOCAL jit = off")
        rows = vectors.near(meaning, assets).values_list("asset", flat=True)[:RECALL_AT]
        return set(rows)


def _timed(ask: Callable[[int], object]) -> Timing:
    seconds = []
    for number in range(WARMING + ROUNDS):
        began = time.perf_counter()
        ask(number)
        seconds.append(1000 * (time.perf_counter() - began))
    kept = sorted(seconds[WARMING:])
    return Timing(statistics.median(kept), kept[int(0.95 * (len(kept) - 1))])


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
