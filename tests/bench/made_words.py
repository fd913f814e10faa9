"""Made words, as common as words are, and facts that are written with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from indexing.engines.coco import LABELS

VOCABULARY = 50_000
SENTENCE = 8
SYLLABLES = [first + second for first in "bdfgklmnprtvz" for second in "aou"]
SOUNDS = ("Music", "Applause", "Bark", "Train", "Rain", "Bell", "Laughter", "Engine")
DAY = "2026-01-01"
NONE = "\\N"
REGION = "0.1\t0.2\t0.3\t0.4"


def word(number: int) -> str:
    """A pronounceable word of its own for each number from 0; the 0th is the most common."""
    letters = ""
    number += len(SYLLABLES)
    while number:
        number, place = divmod(number, len(SYLLABLES))
        letters = SYLLABLES[place] + letters
    return f"{letters}n"


_WORDS = np.array([word(number) for number in range(VOCABULARY)], dtype=object)


def facts_of(asset_ids: Sequence[int], rng: np.random.Generator) -> Iterator[str]:
    """Ten facts of each asset as lines of COPY: asset, kind, text, language, start, end, x, y, w, h,
    confidence, details, source, run, status, created_at."""
    made = _Made(rng, len(asset_ids))
    for asset in asset_ids:
        yield _fact(asset, "caption", made.sentence(), source="file")
        yield _fact(asset, "keyword", made.word(), source="file")
        if asset % 10 < 7:
            yield from _of_photograph(asset, made)
        elif asset % 10 < 9:
            yield from _of_film(asset, made)
        else:
            yield from _of_recording(asset, made)


class _Made:
    """Random words, sentences, labels and shares, drawn many at once: the n-th of anything has a share of
    about 1/n (Zipf), which is what a number has whose logarithm is drawn evenly."""

    def __init__(self, rng: np.random.Generator, assets: int) -> None:
        ranks = self._zipf(rng, 90 * assets, VOCABULARY)
        self._words = iter(_WORDS[ranks])
        self._labels = iter(self._zipf(rng, 6 * assets, len(LABELS)))
        self._shares = iter(rng.random(20 * assets).round(3).tolist())

    def word(self) -> str:
        return str(next(self._words))

    def sentence(self) -> str:
        return " ".join(next(self._words) for _ in range(SENTENCE))

    def label(self) -> str:
        return LABELS[next(self._labels)]

    def sound(self) -> str:
        return SOUNDS[next(self._labels) % len(SOUNDS)]

    def share(self) -> float:
        return float(next(self._shares))

    @staticmethod
    def _zipf(rng: np.random.Generator, count: int, most: int) -> np.ndarray:
        return np.minimum(np.exp(rng.random(count) * np.log(most + 1)).astype(int) - 1, most - 1)


def _of_photograph(asset: int, made: _Made) -> Iterator[str]:
    for kind in ("keyword", "place", "person"):
        yield _fact(asset, kind, made.word(), source="file")
    yield _fact(asset, "text", made.sentence(), confidence=0.4 + 0.6 * made.share())
    yield _fact(asset, "scene", made.word(), confidence=made.share())
    for _ in range(3):
        yield _fact(asset, "object", made.label(), region=REGION, confidence=0.3 + 0.7 * made.share())


def _of_film(asset: int, made: _Made) -> Iterator[str]:
    for number in range(4):
        span = f"{6 * number}\t{6 * number + 5}"
        yield _fact(asset, "speech", made.sentence(), span, confidence=made.share(), language="en")
    for _ in range(4):
        start = round(25 * made.share(), 2)
        span, sure = f"{start}\t{start + 3}", 0.3 + 0.7 * made.share()
        yield _fact(asset, "object", made.label(), span, REGION, confidence=sure)


def _of_recording(asset: int, made: _Made) -> Iterator[str]:
    for number in range(6):
        span = f"{5 * number}\t{5 * number + 5}"
        yield _fact(asset, "speech", made.sentence(), span, confidence=made.share(), language="en")
    for number in range(2):
        span = f"{10 * number}\t{10 * number + 4}"
        yield _fact(asset, "sound", made.sound(), span, confidence=made.share())


def _fact(
    asset: int,
    kind: str,
    text: str,
    span: str = f"{NONE}\t{NONE}",
    region: str = "\t".join([NONE] * 4),
    *,
    confidence: float | None = None,
    language: str = "",
    source: str = "machine",
) -> str:
    sure = NONE if confidence is None else f"{confidence:.3f}"
    run = asset if source == "machine" else NONE
    place = f"{language}\t{span}\t{region}"
    return f"{asset}\t{kind}\t{text}\t{place}\t{sure}\t{{}}\t{source}\t{run}\tproposed\t{DAY}\n"
