"""Words, meaning and both on captioned photographs. Run: python -m tests.bench.bench_search_quality

Each photograph is looked for by its first human caption. In the first table it is known by what the
analysers found (objects and tags); in the second by its other four captions, written by people. "All words"
is what the search does without a model; "any word" ranks by the words that there are, and is the stronger
rival. What words are worth beside likeness was chosen on every other photograph; the figures to quote are of
the other half. All of them are in the library in every case.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from tests.bench.system import BASE_DIR, whole_system

PHOTOS = BASE_DIR.parent / "shared" / "media" / "photos_coco"
DEPTHS = (1, 5, 10)
WORTHS = (0.0, 0.3, 0.6, 1.0, 1.5, 2.0, 3.0)
Ranking = Callable[[str], Sequence[int]]


class Photo(NamedTuple):
    """A photograph: its captions, its vector, and what was found on it as (kind, text, confidence)."""

    file: str
    captions: Sequence[str]
    vector: np.ndarray
    found: Sequence[tuple[str, str, float]]


def main() -> None:
    if not PHOTOS.is_dir():
        print(f"The labelled photographs are not here: {PHOTOS}")
        return
    with whole_system():
        try:
            name, photos = analysed()
        except LookupError as missing:
            print(f"Quality is not measured. {missing}")
            return
        measure(name, photos)


def analysed() -> tuple[str, list[Photo]]:
    """The space's name, and the photographs as the analysers see them. Raises LookupError without weights."""
    from indexing import weights
    from indexing.engines.detector import open_detector
    from indexing.engines.spaces import current_space
    from indexing.vocabulary import vectors
    from indexing.vocabulary.labels import curated
    from indexing.vocabulary.tagger import Tagger, calibration
    from tests.bench.measure_vocabulary import pixels

    space, model = current_space(weights.path), weights.chosen("objects")
    detector, shipped = open_detector(model, weights.path(model), threads=2), vectors.shipped(space.name)
    background = vectors.background(shipped)
    if background is None:
        raise LookupError(f"There are no vectors of labels in the space {space.name}.")
    tagger = Tagger(curated(), vectors.kept(shipped), background, calibration())

    def analyse(row: dict[str, str]) -> Photo:
        path = PHOTOS / row["file"]
        things = detector.detect(np.asarray(Image.open(path).convert("RGB")))
        vector = space.encode_images([pixels(path)])[0]
        tags = tagger.tags(vector, {thing.label for thing in things} or None)
        found = [("object", thing.label, thing.confidence) for thing in things]
        found += [(tag.label.kind, tag.label.name, tag.confidence) for tag in tags]
        return Photo(row["file"], [row[f"caption{number}"] for number in range(1, 6)], vector, found)

    return space.name, [analyse(row) for row in csv.DictReader((PHOTOS / "manifest.csv").open())]


def measure(space: str, photos: Sequence[Photo]) -> None:
    """Print both tables and how the worth of words was chosen."""
    from search import ranking

    chosen = ranking.WORTH_OF_WORDS
    sweeps = {}
    for title, facts in (("what analysers found", _found), ("four other captions", _written)):
        user, ids = _library(space, photos, facts)
        queries = [photo.captions[0] for photo in photos]
        print(f"== facts: {title}; {len(photos)} photographs, {space}")
        for name, rank in _rankings(user).items():
            places = _places(rank, queries, ids)
            print(f"  {name:22} {_told(places[::2])} | other half {_told(places[1::2])}", flush=True)
        for worth in WORTHS:
            ranking.WORTH_OF_WORDS = worth
            places = _places(_rankings(user)["hybrid"], queries[::2], ids[::2])
            sweeps[title, worth] = sum(_recall(places, depth) for depth in DEPTHS)
            print(f"    worth of words {worth:4}: {_told(places)} on the half to choose by", flush=True)
        ranking.WORTH_OF_WORDS = chosen
    best = max(WORTHS, key=lambda worth: sum(score for (_, each), score in sweeps.items() if each == worth))
    print(f"best on the half to choose by, both tables together: {best}; in use: {chosen}")


def _rankings(user: Any) -> dict[str, Ranking]:
    from dam.assets.models import Asset
    from search.backends import vectors
    from search.backends.postgres import PostgresBackend
    from search.meaning import understand
    from search.parser import parse
    from search.service import search

    assets = Asset.objects.visible_to(user)
    return {
        "all words": lambda text: PostgresBackend(assets).lexical(parse(text), max(DEPTHS)).assets,
        "any word": lambda text: _by_any_word(assets, text),
        "meaning": lambda text: [
            each.asset_id for each in vectors.nearest(understand(text), assets, max(DEPTHS))
        ],
        "hybrid": lambda text: [hit.asset.pk for hit in search(user, text, per_page=max(DEPTHS)).hits],
    }


def _by_any_word(assets: Any, text: str) -> list[int]:
    from search.backends import lexicon
    from search.backends.scoring import Words
    from search.words import words

    terms = lexicon.look_up(words(text), assets)
    sought = Words.of(term for term in terms.values() if not term.is_stop_word)
    held = sought.held(list(assets.values_list("pk", flat=True))) if sought else {}
    return sorted(held, key=lambda pk: -held[pk])[: max(DEPTHS)]


def _library(
    space: str, photos: Sequence[Photo], facts: Callable[..., Iterable[Any]]
) -> tuple[Any, list[int]]:
    """A library of the photographs with their vectors and those facts; its viewer, and the assets' ids."""
    from django.core.cache import cache

    from indexing.models import Annotation
    from search import documents
    from tests.bench.bench_search import add_assets, add_vectors, analyse_tables, make_library

    cache.clear()
    library, user = make_library()
    assets = add_assets(library, (f"{library.pk}-{number}.jpg" for number in range(len(photos))))
    add_vectors(assets, space, (photo.vector for photo in photos))
    for asset, photo in zip(assets, photos, strict=True):
        Annotation.objects.bulk_create(facts(asset, photo))
    ids = [asset.pk for asset in assets]
    documents.rebuild(ids)
    analyse_tables()
    return user, ids


def _found(asset: Any, photo: Photo) -> Iterable[Any]:
    from indexing.models import Annotation

    run = asset.runs.get()
    for kind, text, confidence in photo.found:
        yield Annotation(
            asset=asset,
            kind=kind,
            text=text,
            confidence=confidence,
            source="machine",
            run=run,
            status="proposed",
        )


def _written(asset: Any, photo: Photo) -> Iterable[Any]:
    from indexing.models import Annotation

    for caption in photo.captions[1:]:
        yield Annotation(asset=asset, kind="caption", text=caption, source="person", status="accepted")


def _places(rank: Ranking, queries: Sequence[str], ids: Sequence[int]) -> list[int | None]:
    """At which place each photograph was found, from 0; None where it was not among the first."""
    answers = [list(rank(query)) for query in queries]
    return [found.index(pk) if pk in found else None for found, pk in zip(answers, ids, strict=True)]


def _recall(places: Sequence[int | None], depth: int) -> float:
    return sum(place is not None and place < depth for place in places) / len(places)


def _told(places: Sequence[int | None]) -> str:
    return ", ".join(f"recall@{depth} {_recall(places, depth):.3f}" for depth in DEPTHS)


if __name__ == "__main__":
    main()
