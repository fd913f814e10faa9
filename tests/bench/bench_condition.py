"""Recall of damage done on the spot at several strengths, and false alarms on the recordings before it.

Run: python -m tests.bench.bench_condition [recordings] [damages, as "hum"]

Speech is LibriSpeech (a reader's utterances joined to half a minute), music is rendered or librosa's.
The constants of the detectors were chosen on recordings of even number; the others judge them.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
from scipy import signal

from dam.env import BASE_DIR
from indexing.analysers.condition import examined
from indexing.analysers.contract import MediaError
from indexing.media import open_media

MEDIA = BASE_DIR.parent / "shared" / "media"
LONGEST = 30.0  # seconds
MEASURES = {"noise floor"}  # told of every recording; no damage


class Recording(NamedTuple):
    """Sound as it was recorded: float32 (channels, n)."""

    name: str
    rate: int
    samples: np.ndarray


Damage = Callable[[Recording, np.random.Generator], Recording]


def recordings() -> Iterator[Recording]:
    rows = list(csv.DictReader((MEDIA / "speech_librispeech" / "manifest.csv").open()))
    for speaker, group in groupby(rows, key=lambda row: row["speaker"]):
        utterances = [read("speech_librispeech", row["file"]) for row in group]
        middle = len(utterances) // 2
        for number, part in enumerate((utterances[:middle], utterances[middle:])):
            joined = np.concatenate([each.samples for each in part], axis=1)
            yield cut(Recording(f"speech {speaker} {number}", 16000, joined))
    for collection in ("music_librosa", "music_synth"):
        rows = list(csv.DictReader((MEDIA / collection / "manifest.csv").open()))
        for row in rows if collection == "music_librosa" else rows[::3]:
            found = read(collection, row["file"])
            if found.samples.size:
                yield cut(found)


def read(collection: str, file: str) -> Recording:
    """The first seconds of a file; nothing of one that cannot be decoded."""
    media = open_media("audio", MEDIA / collection / file, None)
    try:
        sound = media.sound()
    except MediaError as problem:
        print(f"left out: {file}: {problem}")
        sound = None
    if sound is None:
        return Recording(file, 1, np.zeros((1, 0), np.float32))
    first = next(iter(media.channel_chunks(sound.rate, LONGEST)), np.zeros((1, 0), np.float32))
    return Recording(file, sound.rate, first)


def cut(recording: Recording) -> Recording:
    return recording._replace(samples=recording.samples[:, : int(LONGEST * recording.rate)])


def terms(recording: Recording) -> list[str]:
    """What is told of a recording, fed ten seconds at a time."""
    size = 10 * recording.rate
    blocks = (recording.samples[:, at : at + size] for at in range(0, recording.samples.shape[1], size))
    return [fault.term for fault in examined(blocks, recording.rate) if fault.term not in MEASURES]


def level(recording: Recording) -> float:
    return float(np.sqrt((recording.samples**2).mean()))


def changed(recording: Recording, samples: np.ndarray) -> Recording:
    return recording._replace(samples=samples.astype(np.float32))


def clipped(share: float, gain: float = 1.0) -> Damage:
    def damage(recording: Recording, chance: np.random.Generator) -> Recording:
        height = np.quantile(np.abs(recording.samples), 1 - share)
        return changed(recording, np.clip(recording.samples / height, -1, 1) * gain)

    return damage


def hummed(pitch: float, below: float) -> Damage:
    """Hum `below` dB under the recording's level: the fundamental and four weaker harmonics."""

    def damage(recording: Recording, chance: np.random.Generator) -> Recording:
        seconds = np.arange(recording.samples.shape[1]) / recording.rate
        strengths = (1, 0.5, 0.5, 0.2, 0.2)
        comb = sum(
            strength * np.sin(2 * np.pi * pitch * number * seconds + chance.uniform(0, 6))
            for number, strength in enumerate(strengths, 1)
        )
        return changed(recording, recording.samples + comb * level(recording) * 10 ** (-below / 20))

    return damage


def hissed(below: float) -> Damage:
    def damage(recording: Recording, chance: np.random.Generator) -> Recording:
        noise = chance.normal(0, level(recording) * 10 ** (-below / 20), recording.samples.shape)
        return changed(recording, recording.samples + noise)

    return damage


def dropped(milliseconds: float, attenuation: float) -> Damage:
    """Five dropouts where the sound is loud."""

    def damage(recording: Recording, chance: np.random.Generator) -> Recording:
        samples, length = recording.samples.copy(), int(milliseconds * recording.rate / 1000)
        power = np.convolve((samples**2).mean(axis=0), np.ones(length) / length, "same")
        loud = np.flatnonzero(power > np.quantile(power, 0.7))
        loud = loud[(loud > length) & (loud < samples.shape[1] - 2 * length)]
        for start in chance.choice(loud, 5):
            samples[:, start : start + length] *= 10 ** (-attenuation / 20)
        return changed(recording, samples)

    return damage


def doubled(sign: float, noise: float) -> Damage:
    """Two channels out of the first one, with noise of their own so many dB below."""

    def damage(recording: Recording, chance: np.random.Generator) -> Recording:
        both = np.stack([recording.samples[0], sign * recording.samples[0]])
        return changed(recording, both + chance.normal(0, level(recording) * 10 ** (-noise / 20), both.shape))

    return damage


def muted(recording: Recording, chance: np.random.Generator) -> Recording:
    return changed(recording, np.stack([recording.samples[0], 0 * recording.samples[0]]))


def shifted(offset: float) -> Damage:
    return lambda recording, chance: changed(recording, recording.samples + offset)


def limited(hertz: float) -> Damage:
    def damage(recording: Recording, chance: np.random.Generator) -> Recording:
        filters = signal.ellip(10, 0.5, 60, hertz, fs=recording.rate, output="sos")
        return changed(recording, signal.sosfilt(filters, recording.samples, axis=1))

    return damage


def upsampled(recording: Recording, chance: np.random.Generator) -> Recording:
    samples = signal.resample_poly(recording.samples, 2, 1, axis=1)
    return Recording(recording.name, recording.rate * 2, samples.astype(np.float32))


def speeded(percent: float) -> Damage:
    """Recorded with hum of 50 Hz and played that much too fast."""

    def damage(recording: Recording, chance: np.random.Generator) -> Recording:
        humming = hummed(50, 25)(recording, chance)
        length = humming.samples.shape[1]
        at = np.arange(0, length - 1, 1 + percent / 100)
        return changed(
            humming, np.stack([np.interp(at, np.arange(length), each) for each in humming.samples])
        )

    return damage


DAMAGES: Mapping[str, tuple[str, Damage]] = {
    "clipping, 0.05 % of the samples": ("clipping", clipped(0.0005)),
    "clipping, 0.5 %": ("clipping", clipped(0.005)),
    "clipping, 5 %": ("clipping", clipped(0.05)),
    "clipping, 0.5 %, then 12 dB quieter": ("clipping", clipped(0.005, 0.25)),
    "hum 50 Hz, 40 dB below": ("mains hum 50 Hz", hummed(50, 40)),
    "hum 50 Hz, 30 dB below": ("mains hum 50 Hz", hummed(50, 30)),
    "hum 50 Hz, 20 dB below": ("mains hum 50 Hz", hummed(50, 20)),
    "hum 60 Hz, 30 dB below": ("mains hum 60 Hz", hummed(60, 30)),
    "hum at 47.6 Hz, 30 dB below": ("wrong speed suspected", hummed(47.6, 30)),
    "4 % too fast, with hum 25 dB below": ("wrong speed suspected", speeded(4)),
    "8 % too slow, with hum 25 dB below": ("wrong speed suspected", speeded(-8)),
    "hiss 40 dB below": ("hiss", hissed(40)),
    "hiss 30 dB below": ("hiss", hissed(30)),
    "hiss 20 dB below": ("hiss", hissed(20)),
    "dropouts of 5 ms to nothing": ("dropout", dropped(5, 200)),
    "dropouts of 20 ms to nothing": ("dropout", dropped(20, 200)),
    "dropouts of 100 ms to nothing": ("dropout", dropped(100, 200)),
    "dropouts of 20 ms by 40 dB": ("dropout", dropped(20, 40)),
    "dropouts of 20 ms by 20 dB": ("dropout", dropped(20, 20)),
    "one channel twice": ("duplicated channels", doubled(1, 200)),
    "one channel twice, noise 50 dB below": ("duplicated channels", doubled(1, 50)),
    "one channel inverted, noise 50 dB below": ("inverted polarity", doubled(-1, 50)),
    "one channel silent": ("silent channel", muted),
    "DC offset 1 %": ("DC offset", shifted(0.01)),
    "telephone (3.4 kHz)": ("telephone bandwidth", limited(3400)),
    "twice the rate": ("nothing above", upsampled),
}


def main() -> None:
    some = int(sys.argv[1]) if len(sys.argv) > 1 else None
    kept = list(recordings())[:some]
    before = [terms(each) for each in kept]
    print(f"signal rules, no weights; {len(kept)} recordings, {sum(map(seconds, kept)):.0f} s")
    false_alarms(kept, before)
    recall(kept, before, sys.argv[2] if len(sys.argv) > 2 else "")
    speed()


def seconds(recording: Recording) -> float:
    return recording.samples.shape[1] / recording.rate


def false_alarms(kept: Sequence[Recording], before: Sequence[Sequence[str]]) -> None:
    """What is told of the recordings as they came. Some of it is true: they were not made in a laboratory."""
    named = defaultdict(list)
    for recording, told in zip(kept, before, strict=True):
        for term in sorted(set(told)):
            named[term].append(recording.name[-24:])
    for term, names in sorted(named.items()):
        print(f"undamaged, yet {term}: {len(names)} of {len(kept)} ({'; '.join(names[:6])})")


def recall(kept: Sequence[Recording], before: Sequence[Sequence[str]], wanted: str) -> None:
    """How many damaged recordings are told so; those that were told so before do not count.

    Precision is the share of right terms among all that the damage added.
    """
    for name, (term, damage) in ((name, each) for name, each in DAMAGES.items() if wanted in name):
        right: dict[bool, list[bool]] = {True: [], False: []}
        other = Counter[str]()
        for number, (recording, old) in enumerate(zip(kept, before, strict=True)):
            if not any(each.startswith(term) for each in old):
                new = terms(damage(recording, np.random.default_rng(number)))
                right[number % 2 == 0].append(any(each.startswith(term) for each in new))
                right_terms = (term, "hum ") if term == "wrong speed suspected" else (term,)
                other.update({each for each in new if not each.startswith(right_terms)} - set(old))
        shares = {half: np.mean(values) if values else float("nan") for half, values in right.items()}
        found = sum(sum(values) for values in right.values())
        precision = found / max(1, found + other.total())
        print(f"{name:40s} recall {shares[True]:.2f} chosen on, {shares[False]:.2f} other half", end="; ")
        print(f"precision {precision:.2f} {dict(other) or ''}")


def speed() -> None:
    block = np.random.default_rng(1).normal(0, 0.1, (2, 44100 * 10)).astype(np.float32)
    begin = time.process_time()
    examined(iter([block] * 6), 44100)
    print(f"processor seconds for a minute of stereo at 44.1 kHz: {time.process_time() - begin:.2f}")


if __name__ == "__main__":
    main()
