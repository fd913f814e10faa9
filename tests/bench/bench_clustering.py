"""A million made faces, clustered as they come. Run: python -m tests.bench.bench_clustering [--faces N]

Identities and the differences between pictures of one person are random directions of 100 effective
dimensions within SFace's 128. Sizes follow Zipf's law. The cosine of two faces of one person is about
0.6 +- 0.12, of two people 0.0 +- 0.1; both are measured and printed, for the faces in use.
No weights are used. Chosen threshold: dam.people.clustering.THRESHOLD, which was not tuned on these faces.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator

import numpy as np

from dam.people.clustering import THRESHOLD, Clusters

STEP = 10_000
DIMENSIONS, EFFECTIVE = 128, 100
PEOPLE_PER_FACE = 0.06
STRENGTH, SPREAD = 0.775, 0.095
"""Mean and deviation of a face's cosine with its identity: 0.775 squared is 0.6."""


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--faces", type=int, default=1_000_000)
    faces = arguments.parse_args().faces
    run(faces, max(1, int(faces * PEOPLE_PER_FACE)))


def run(faces: int, people: int) -> None:
    """Cluster in steps of STEP; print time and memory on the way, quality at the end."""
    rng = np.random.default_rng(7)
    identities = directions(rng, people)
    truth = rng.choice(people, size=faces, p=zipf(people))
    describe(identities, truth, rng)
    before, clusters = peak_megabytes(), Clusters(DIMENSIONS)
    found, seconds, merge_at, waited = np.empty(faces, np.int64), list[float](), STEP, 0.0
    for number, (first, vectors) in enumerate(arriving(identities, truth, rng), start=1):
        began, worked = time.perf_counter(), time.process_time()
        found[first : first + len(vectors)] = clusters.assign(vectors)
        if first + len(vectors) >= merge_at or first + len(vectors) == faces:
            clusters.merge()
            merge_at *= 2
        seconds.append(time.process_time() - worked)
        waited += time.perf_counter() - began
        if number % 5 == 0 or first + len(vectors) == faces:
            report(first + len(vectors), clusters, seconds)
    labels = np.array([clusters.current(group) for group in range(clusters.count)])[found]
    print(f"{waited:.0f} s by the clock, beside whatever else this machine does")
    conclude(seconds, faces, before, truth, labels)


def arriving(
    identities: np.ndarray, truth: np.ndarray, rng: np.random.Generator
) -> Iterator[tuple[int, np.ndarray]]:
    """Each step's first face, and its faces as unit vectors of shape (STEP, 128)."""
    for first in range(0, len(truth), STEP):
        yield first, pictured(identities[truth[first : first + STEP]], rng)


def pictured(people: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A face of each person: its identity, and a direction of its own, by a strength that varies."""
    strength = rng.normal(STRENGTH, SPREAD, len(people)).clip(0.3, 0.98).astype(np.float32)[:, None]
    noise = directions(rng, len(people))
    return unit(strength * people + np.sqrt(1 - strength**2) * noise)


def directions(rng: np.random.Generator, count: int) -> np.ndarray:
    vectors = np.zeros((count, DIMENSIONS), np.float32)
    vectors[:, :EFFECTIVE] = rng.standard_normal((count, EFFECTIVE), np.float32)
    return unit(vectors)


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def zipf(people: int) -> np.ndarray:
    shares = 1 / np.arange(1, people + 1)
    return shares / shares.sum()


def describe(identities: np.ndarray, truth: np.ndarray, rng: np.random.Generator) -> None:
    some = identities[rng.choice(len(identities), 20_000)]
    same = (pictured(some, rng) * pictured(some, rng)).sum(axis=1)
    different = (pictured(some, rng) * pictured(np.roll(some, 1, axis=0), rng)).sum(axis=1)
    sizes = np.bincount(truth, minlength=len(identities))
    print(f"{len(truth):,} faces of {np.count_nonzero(sizes):,} people, the commonest {sizes.max():,} times")
    print(f"cosine: same person {same.mean():.2f} +- {same.std():.2f}", end=", ")
    print(f"different people {different.mean():.2f} +- {different.std():.2f}; threshold {THRESHOLD}")


def report(done: int, clusters: Clusters, seconds: list[float]) -> None:
    groups = np.count_nonzero(clusters.sizes)
    recent = np.mean(seconds[-5:])
    print(
        f"{done:>9,} faces  {groups:>7,} groups  {recent:6.2f} CPU s a step  peak {peak_megabytes():,.0f} MB",
        flush=True,
    )


def conclude(seconds: list[float], faces: int, before: float, truth: np.ndarray, labels: np.ndarray) -> None:
    precision, recall = pairwise(truth, labels)
    tenth = max(1, len(seconds) // 10)
    first, last = np.mean(seconds[:tenth]), np.mean(seconds[-tenth:])
    exponent = np.polyfit(np.log(np.arange(1, len(seconds) + 1)), np.log(np.cumsum(seconds)), 1)[0]
    print(f"{sum(seconds):.0f} processor s, {1e6 * sum(seconds) / faces:.0f} microseconds for each face")
    print(f"processor time per {STEP:,} faces: first tenth {first:.2f} s, last tenth {last:.2f} s", end=", ")
    print(f"ratio {last / first:.1f}")
    print(f"total time grows as faces to the power of {exponent:.2f}")
    print(f"peak memory {peak_megabytes():,.0f} MB, of which {before:,.0f} MB before the first face")
    f1 = 2 * precision * recall / (precision + recall)
    print(f"pairs: precision {precision:.4f}, recall {recall:.4f}, F1 {f1:.4f}")


def pairwise(truth: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Precision and recall of "these two are one person" over all pairs."""
    both = pairs(np.unique(truth.astype(np.int64) * (labels.max() + 1) + labels, return_counts=True)[1])
    return both / pairs(np.bincount(labels)), both / pairs(np.bincount(truth))


def pairs(sizes: np.ndarray) -> float:
    return float((sizes.astype(np.float64) * (sizes - 1) / 2).sum())


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
