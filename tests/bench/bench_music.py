"""Tempo, key and instrument on labelled tunes, tags beside descriptions, loudness beside ffmpeg's, and cost.

Run: python -m tests.bench.bench_music

The constants of tempo and key were chosen on every second tune of music_synth (the first, the third ...);
both halves are printed. Instruments are named with a reference measured on the chosen half alone and judged
on the other; --shipped uses the installed reference, in which the tunes take part without their labels.
"""

from __future__ import annotations

import csv
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import imageio_ffmpeg
import numpy as np

from dam.env import BASE_DIR
from indexing import weights
from indexing.analysers import music_facts
from indexing.analysers.contract import Context
from indexing.analysers.loudness import LoudnessAnalyser
from indexing.analysers.music import CHUNK, stretches
from indexing.analysers.music_passages import overheard
from indexing.analysers.music_summary import Summary, summary
from indexing.analysers.music_terms import Terms
from indexing.engines.music.features import FRAMES_A_SECOND, Features
from indexing.engines.music.hearing import Networks
from indexing.engines.music.musicnn import HOP, RATE
from indexing.engines.music.tempo import tempo_of
from indexing.engines.music.tonality import key_of
from indexing.engines.voice_activity import VoiceActivity
from indexing.media import open_media
from tests.bench.measure_music_reference import heard, networks, usual_of

MEDIA = BASE_DIR.parent / "shared" / "media"
PITCHES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
WITHIN = 0.04
OCTAVES = (1, 2, 1 / 2, 3, 1 / 3)
SAME = {"synth": "synthesizer"}


class Tune(NamedTuple):
    """A labelled tune: the instrument, the key ("" for drums), beats a minute, and what was heard."""

    name: str
    instrument: str
    key: str
    bpm: float
    features: Features
    summary: Summary


def tunes(through: Networks) -> Iterator[Tune]:
    folder = MEDIA / "music_synth"
    with (folder / "manifest.csv").open() as manifest:
        for row in csv.DictReader(manifest):
            features = heard(folder / row["file"], through)
            instrument = SAME.get(row["inst"], row["inst"])
            yield Tune(row["file"], instrument, row["key"], float(row["bpm"]), features, summary(features))


def _librosa(flux: np.ndarray) -> float:
    import librosa

    return float(librosa.feature.tempo(onset_envelope=flux, sr=RATE, hop_length=HOP)[0])


def tempo(found: Sequence[Tune]) -> str:
    """Shares within 4 per cent of the tempo, and of that or a simple multiple, beside librosa's own."""
    own = [each.summary.tempo.bpm if each.summary.tempo else 0.0 for each in found]
    plain = [_librosa(each.features.flux) for each in found]
    return f"ours {_tempo_scores(own, found)}; librosa.feature.tempo {_tempo_scores(plain, found)}"


def _tempo_scores(bpm: Sequence[float], found: Sequence[Tune]) -> str:
    away = np.array(
        [
            [abs(each / (tune.bpm * times) - 1) for times in OCTAVES]
            for each, tune in zip(bpm, found, strict=True)
        ]
    )
    return f"{np.mean(away[:, 0] <= WITHIN):.2f}, allowing octaves {np.mean(away.min(axis=1) <= WITHIN):.2f}"


def keys(found: Sequence[Tune]) -> str:
    """The share of tunes with exactly the right key."""
    labelled = [each for each in found if each.key]
    right = [_is_key(each) for each in labelled]
    none = sum(key_of(each.summary.chroma) is None for each in found if not each.key)
    drums = sum(not each.key for each in found)
    return f"{np.mean(right):.2f} of {len(labelled)}; drums without a key: {none} of {drums}"


def _is_key(tune: Tune) -> bool:
    key = key_of(tune.summary.chroma)
    return key is not None and [PITCHES[key.tonic], key.mode] == tune.key.split()


def instruments(found: Sequence[Tune], terms: Terms) -> str:
    places, told, right = [], 0, 0
    for tune in found:
        scored = terms.scores("instrument", tune.summary.logits)
        places.append(list(scored).index(tune.instrument))
        named = [term for term, score in list(scored.items())[:4] if score >= music_facts.CLEAR["instrument"]]
        told += len(named)
        right += tune.instrument in named
    ranks = ", ".join(f"top {n} {np.mean(np.array(places) < n):.2f}" for n in (1, 2, 4))
    return (
        f"{ranks}; told {told / len(found):.1f} a tune, the labelled one among them {right / len(found):.2f}"
    )


def descriptions(through: Networks, terms: Terms) -> None:
    """What is said of each recording of music_librosa, beside its description."""
    activity = VoiceActivity()
    folder = MEDIA / "music_librosa"
    with (folder / "manifest.csv").open() as manifest:
        rows = [row for row in csv.DictReader(manifest) if row["licence_line"]]
    for row in rows:
        sound = open_media("audio", folder / row["file"], None).sample_chunks(RATE, CHUNK)
        if not overheard(sound, activity):
            print(f"  {row['description'][:70]}\n    no music, so no tags")
            continue
        features = heard(folder / row["file"], through)
        each = summary(features)
        scored = {kind: terms.scores(kind, each.logits) for kind in music_facts.CLEAR}
        said = [
            f"{term} {score:.1f}"
            for kind, most in music_facts.MOST.items()
            for term, score in list(scored[kind].items())[:most]
            if score >= music_facts.CLEAR[kind]
        ]
        key, bpm = key_of(each.chroma), tempo_of(features.flux, FRAMES_A_SECOND)
        form = "".join(part.label for part in stretches((0.0, features.seconds), features, features.seconds))
        print(
            f"  {row['description'][:70]}\n    {', '.join(said) or 'no tags'}; {bpm and round(bpm.bpm)} BPM, "
            f"{key and key.name}, energy {music_facts.energy(each, terms)}, valence "
            f"{music_facts.valence(each, terms, key)}, form {form}"
        )


def loudness() -> None:
    """The greatest difference from ffmpeg's ebur128 filter."""
    worst = {"integrated": 0.0, "range": 0.0, "true peak": 0.0}
    for path in sorted((MEDIA / "music_librosa").glob("*.ogg")):
        media = open_media("audio", path, None)
        (fact,) = LoudnessAnalyser().analyse(media, Context(weights.path))
        theirs = _ebur128(path)
        ours = (fact.number, fact.details["range"], fact.details["true_peak"])
        for name, own, other in zip(worst, ours, theirs, strict=True):
            if own is not None:
                worst[name] = max(worst[name], abs(own - other))
    print(
        "loudness, greatest difference from ffmpeg's ebur128:",
        ", ".join(f"{k} {v:.1f}" for k, v in worst.items()),
    )


def _ebur128(path: Path) -> tuple[float, float, float]:
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    words = [ffmpeg, "-hide_banner", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stderr.split("Summary:")[-1]
    found = [re.search(rf"{name}:\s+(-?[\d.]+|-inf)", said) for name in ("I", "LRA", "Peak")]
    integrated, span, peak = (float(each[1]) if each else 0.0 for each in found)
    return integrated, span, peak


def main() -> None:
    if not MEDIA.is_dir() or not all(weights.available(name) for name in ("musicnn", "yamnet")):
        print(f"The labelled media ({MEDIA}) or the weights of musicnn and yamnet are not here.")
        return
    shelf = {row.name: row for row in weights.shelf().status()}
    for name in ("musicnn", "yamnet"):
        print(f"{name} ({shelf[name].licence}): {weights.shelf().models[name].title}")
    through = networks()
    began = time.process_time()
    found = list(tunes(through))
    minutes = sum(each.features.seconds for each in found) / 60
    cost = (time.process_time() - began) / minutes
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(found)} tunes, {cost:.2f} CPU seconds a minute on one thread, {most:.0f} MB at most")
    terms = Terms(through.names)
    for name, half in (("chosen half", found[::2]), ("other half", found[1::2])):
        print(f"{name}: tempo {tempo(half)}\n  key {keys(half)}")
    if "--shipped" in sys.argv:
        print(f"instruments with the shipped reference: {instruments(found, terms)}")
    usual = usual_of(through.names, [[each.features for each in found[::2]]])
    judged = instruments(found[1::2], Terms(through.names, usual))
    print(f"instruments, reference from the chosen half, judged on the other: {judged}")
    print("tags beside the descriptions of music_librosa:")
    descriptions(through, terms)
    loudness()


if __name__ == "__main__":
    main()
