"""Faces found, told apart and brought together on portraits. Run: python -m tests.bench.bench_faces"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from dam.people.clustering import THRESHOLD, cluster
from indexing import weights
from indexing.engines.face_detector import FaceDetector
from indexing.engines.face_likeness import CENTRE, SAME, SLOPE, same_person
from indexing.engines.face_quality import FLOOR
from tests.bench import labelled_faces as faces
from tests.bench.labelled_faces import Engines, Labelled, pairs

THREADS = 2
Numbers = dict[tuple[str, str], int]


def detection(detector: FaceDetector) -> None:
    """Faces that were found against those that are labelled, and the time a picture takes."""
    wanted = found = 0
    seconds = 0.0
    for _, people, rgb in faces.portraits():
        begin = time.perf_counter()
        seen = detector.detect(rgb)
        seconds += time.perf_counter() - begin
        wanted, found = wanted + len(people), found + len(seen)
    print(f"detection: {found} boxes for {wanted} labelled faces")
    print(f"  {1000 * seconds / len(list(faces.portraits())):.0f} ms a picture of up to 2560 pixels")


def crowd(detector: FaceDetector, sample: Sequence[Labelled]) -> None:
    """One picture of 300 faces, made of the portraits."""
    cells = [np.pad(face.pixels, ((8, 8), (8, 8), (0, 0)), "edge") for face in sample if face.quality > 0.9]
    rows = [np.concatenate([cells[(20 * row + i) % len(cells)] for i in range(20)], 1) for row in range(15)]
    picture = np.concatenate(rows)
    begin = time.perf_counter()
    found = detector.detect(picture)
    seconds = time.perf_counter() - begin
    print(
        f"  300 faces in {picture.shape[1]}x{picture.shape[0]} pixels: {len(found)} found in {seconds:.1f} s"
    )


def verification(title: str, same: np.ndarray, different: np.ndarray) -> None:
    """Accuracy and error rates at the calibrated threshold, and how true the probabilities are."""
    accepted, mistaken = float((same >= SAME).mean()), float((different >= SAME).mean())
    cosines = np.concatenate([same, different])
    truth = np.concatenate([np.ones(len(same)), np.zeros(len(different))])
    balance = np.concatenate([np.full(len(each), 0.5 / len(each)) for each in (same, different)])
    brier = float((balance * (same_person(cosines) - truth) ** 2).sum())
    print(f"{title}: {len(same)} pairs of one person, {len(different)} of two")
    print(f"  at cosine {SAME}: accuracy {(accepted + 1 - mistaken) / 2:.4f}, ", end="")
    print(f"same taken for two {1 - accepted:.4f}, two for the same {mistaken:.4f}; Brier {brier:.4f}")
    print(f"  cosines: same {_quantiles(same)}; different {_quantiles(different)}")


def curve(same: np.ndarray, different: np.ndarray) -> tuple[float, float]:
    """Centre and slope of the logistic curve fitted with even odds."""
    cosines = np.concatenate([same, different])[:, None]
    truth = np.concatenate([np.ones(len(same)), np.zeros(len(different))])
    fitted = LogisticRegression(class_weight="balanced", C=1e6).fit(cosines, truth)
    slope = float(fitted.coef_[0, 0])
    return -float(fitted.intercept_[0]) / slope, slope


def halves(
    known: Sequence[Labelled], worse: Sequence[Labelled], unknown: Sequence[Labelled], numbers: Numbers
) -> None:
    """The curve fitted to either half of the people, and to all of them."""
    people = sorted({face.person for face in known})
    for title, half in (("half of the", people[::2]), ("the other", people[1::2]), ("all", people)):
        ours = select(known, lambda face, half=half: face.person in half)
        poor = select(worse, lambda face, half=half: face.person in half)
        same, different = gathered(ours, poor, unknown, numbers)
        centre, slope = curve(same, different)
        print(f"  fitted to {title} people: centre {centre:.3f}, slope {slope:.0f}")
    print(f"  in use: centre {CENTRE}, slope {SLOPE:.0f}")


def gathered(
    known: Sequence[Labelled], worse: Sequence[Labelled], unknown: Sequence[Labelled], numbers: Numbers
) -> tuple[np.ndarray, np.ndarray]:
    """Every pair of the portraits among themselves, with the worsened ones and with strangers."""
    parts = [pairs(known, known, numbers), pairs(known, worse, numbers)]
    parts += [pairs(known, unknown, numbers), pairs(unknown, unknown, numbers)]
    same, different = (np.concatenate(each) for each in zip(*parts, strict=True))
    return same, different


def clustering(sample: Sequence[Labelled]) -> None:
    """Pairwise F1 of the people room's clusters; each picture's copies count as faces too."""
    labels = cluster(np.stack([face.vector for face in sample]))
    people = np.array([face.person for face in sample])
    upper = np.triu_indices(len(sample), 1)
    together, same = labels[upper[0]] == labels[upper[1]], people[upper[0]] == people[upper[1]]
    right = int((together & same).sum())
    f1 = 2 * right / (int(together.sum()) + int(same.sum()))
    print(f"clustering at {THRESHOLD}: {len(sample)} faces of {len(set(people))} people ", end="")
    print(f"in {len(set(labels))} groups; pairwise F1 {f1:.3f}")


def select(sample: Sequence[Labelled], wanted: Callable[[Labelled], bool]) -> list[Labelled]:
    return [face for face in sample if wanted(face)]


def _quantiles(cosines: np.ndarray) -> str:
    return " ".join(f"{value:.2f}" for value in np.percentile(cosines, (0, 1, 50, 99, 100)))


def main() -> None:
    if not faces.FACES.is_dir() or not faces.STRANGERS.is_dir():
        print(f"The labelled pictures are not here: {faces.FACES}, {faces.STRANGERS}")
        return
    for name in ("yunet", "sface"):
        model = weights.shelf().models[name]
        print(f"{model.title}, {model.licence}")
        if not weights.available(name):
            print(weights.shelf().reason(name))
            return
    engines = Engines(THREADS)
    known = faces.labelled(engines)
    numbers = faces.photographs(known)
    made_worse = faces.changed(engines)
    worse, unknown = select(made_worse, lambda face: face.quality >= FLOOR), faces.strangers(engines)
    detection(engines.detector)
    crowd(engines.detector, known)
    verification("portraits", *pairs(known, known, numbers))
    print(f"({len(made_worse) - len(worse)} of {len(made_worse)} worsened faces lie below the quality floor)")
    verification("portraits against worsened ones", *pairs(known, worse, numbers))
    same, _ = pairs(worse, worse, numbers)
    verification("worsened ones, and strangers", same, pairs(unknown, unknown, numbers)[1])
    halves(known, worse, unknown, numbers)
    clustering(known)
    clustering([*known, *worse, *unknown])


if __name__ == "__main__":
    main()
