"""Speakers told apart and brought together across recordings. Run: python -m tests.bench.bench_voices"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_curve

from dam.people.biometrics import VOICE
from dam.people.clustering import THRESHOLDS, cluster
from indexing import weights
from indexing.engines.voice_embedder import VoiceEmbedder
from indexing.engines.voice_likeness import CENTRE, SLOPE, same_person
from tests.bench import labelled_voices as voices
from tests.bench.labelled_voices import CHANGES, Heard, Stretch, pairs

MODEL = "wespeaker-resnet34"
SECONDS = (1.5, 3.0)
"""How long the stretches are that are compared."""
CALIBRATED = 3.0
"""The length from which the curve is taken."""
WORSENED = 2
"""One in so many stretches is made worse, which takes most of the time."""
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
Set = Callable[[float], list[Stretch]]
SETS: dict[str, Set] = {
    "speech_librispeech": voices.readers,
    "spoken_digits": voices.digits,
    "diarization_ami, across recordings of one meeting": voices.meetings,
}


def equal_error(same: np.ndarray, different: np.ndarray) -> tuple[float, float]:
    """The error rate where as many pairs of one person are refused as of two accepted, and its cosine."""
    truth = np.concatenate([np.ones(len(same)), np.zeros(len(different))])
    accepted, found, cosines = roc_curve(truth, np.concatenate([same, different]))
    at = int(np.argmin(np.abs(1 - found - accepted)))
    return float((1 - found[at] + accepted[at]) / 2), float(cosines[at])


def verification(embedder: VoiceEmbedder, seconds: float) -> Heard:
    """Equal error rates for each set and across readers and digits together, whose vectors are returned."""
    samples = []
    for title, cut in SETS.items():
        stretches = cut(seconds)
        began = time.process_time()
        samples.append(voices.heard(stretches, embedder))
        cost = (time.process_time() - began) / (len(stretches) * seconds)
        report(f"{title}, {seconds} s", samples[-1])
        print(f"  {cost:.3f} CPU s per second of speech")
    both = voices.joined(*samples[:2])
    report(f"readers and digits together, {seconds} s", both)
    return both


def report(title: str, sample: Heard) -> None:
    """Equal error rate over all pairs of a set."""
    same, different = pairs(sample, sample)
    print(f"{title}: {len(sample.people)} stretches of {len(set(sample.people))} people, ", end="")
    print(f"{len(same)} pairs of one and {len(different)} of two")
    rate, cosine = equal_error(same, different)
    print(f"  EER {100 * rate:.2f} % at {cosine:.2f}; ", end="")
    print(f"same {_quantiles(same)}; different {_quantiles(different)}")


def worsened(clean: Heard, worse: Sequence[Heard]) -> None:
    """Equal error rates where one side is a worse recording than the other."""
    for change, sample in zip(CHANGES, worse, strict=True):
        same, different = pairs(clean, sample)
        rate, cosine = equal_error(same, different)
        print(f"clean against {change.__name__}: EER {100 * rate:.2f} % at {cosine:.2f}; ", end="")
        print(f"same {_quantiles(same)}; different {_quantiles(different)}")


def gathered(clean: Heard, worse: Sequence[Heard], people: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Every pair of those people: clean with clean, and clean with each worse recording."""
    ours = voices.of(clean, people)
    parts = [pairs(ours, ours), *(pairs(ours, voices.of(each, people)) for each in worse)]
    same, different = (np.concatenate(each) for each in zip(*parts, strict=True))
    return same, different


def curve(same: np.ndarray, different: np.ndarray) -> tuple[float, float]:
    """Centre and slope of the logistic curve fitted with even odds."""
    cosines = np.concatenate([same, different])[:, None]
    truth = np.concatenate([np.ones(len(same)), np.zeros(len(different))])
    fitted = LogisticRegression(class_weight="balanced", C=1e6).fit(cosines, truth)
    slope = float(fitted.coef_[0, 0])
    return -float(fitted.intercept_[0]) / slope, slope


def reliability(same: np.ndarray, different: np.ndarray) -> None:
    """How true the probabilities in use are, with even odds: what was said, and what was so."""
    said = same_person(np.concatenate([same, different]))
    truth = np.concatenate([np.ones(len(same)), np.zeros(len(different))])
    weight = np.concatenate([np.full(len(each), 0.5 / len(each)) for each in (same, different)])
    print(f"  Brier {float((weight * (said - truth) ** 2).sum()):.4f}; said, and so, by share of pairs:")
    for low, high in pairwise(BINS):
        here = (said >= low) & (said < high)
        if here.any():
            share = weight[here].sum()
            mean, right = ((weight * each)[here].sum() / share for each in (said, truth))
            print(f"    {low:.1f} to {high:.1f}: said {mean:.3f}, so {right:.3f} ({100 * share:.1f} %)")


def calibration(clean: Heard, worse: Sequence[Heard]) -> None:
    """The curve fitted to either half of the people, and how true the one in use is on each."""
    people = sorted(set(clean.people))
    for title, half in (("half of the", people[::2]), ("the other", people[1::2])):
        same, different = gathered(clean, worse, half)
        centre, slope = curve(same, different)
        print(f"{title} people: fitted centre {centre:.3f}, slope {slope:.1f}; in use {CENTRE}, {SLOPE}")
        reliability(same, different)


def grouping(clean: Heard, worse: Sequence[Heard]) -> None:
    """Pairwise F1 of the people room's groups, by threshold, on either half of the people."""
    everything = voices.joined(clean, *worse)
    people = sorted(set(clean.people))
    for title, half in (("half of the", people[::2]), ("the other", people[1::2])):
        sample = voices.of(everything, half)
        scores = {round(0.2 + 0.05 * step, 2): 0.0 for step in range(11)} | {THRESHOLDS[VOICE]: 0.0}
        for threshold in scores:
            scores[threshold] = _f1(sample.people, cluster(sample.vectors, threshold))
        told = " ".join(f"{at}: {score:.3f}" for at, score in sorted(scores.items()))
        print(f"groups, {title} people, {len(sample.people)} stretches: {told}; in use {THRESHOLDS[VOICE]}")


def _f1(people: np.ndarray, labels: np.ndarray) -> float:
    upper = np.triu_indices(len(people), 1)
    together, same = labels[upper[0]] == labels[upper[1]], people[upper[0]] == people[upper[1]]
    return 2 * int((together & same).sum()) / (int(together.sum()) + int(same.sum()))


def _quantiles(cosines: np.ndarray) -> str:
    return " ".join(f"{value:.2f}" for value in np.percentile(cosines, (0, 1, 50, 99, 100)))


def main() -> None:
    if not voices.READERS.is_dir() or not voices.DIGITS.is_dir():
        print(f"The labelled speech is not here: {voices.READERS}, {voices.DIGITS}")
        return
    model = weights.shelf().models[MODEL]
    print(f"{model.title}, {model.licence}")
    if not weights.available(MODEL):
        print(weights.shelf().reason(MODEL))
        return
    embedder = VoiceEmbedder(weights.path(MODEL), threads=1)
    heard = {seconds: verification(embedder, seconds) for seconds in SECONDS}
    clean = heard[CALIBRATED]
    stretches = [*voices.readers(CALIBRATED), *voices.digits(CALIBRATED)][::WORSENED]
    worse = [voices.heard(stretches, embedder, change) for change in CHANGES]
    worsened(clean, worse)
    calibration(clean, worse)
    grouping(clean, worse)


if __name__ == "__main__":
    main()
