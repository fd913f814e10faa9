"""Measures what is usual of music and writes indexing/analysers/music_reference.toml.

Run: python -m tests.bench.measure_music_reference

The reference is music_librosa (recordings, without those that are no music) and music_synth (rendered tunes);
both sets weigh the same, and so does each file in its set. Only the numbers are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from dam.env import BASE_DIR
from indexing import weights
from indexing.analysers.music import CHUNK
from indexing.analysers.music_terms import REFERENCE, vocabulary
from indexing.engines.music.features import Features, Listener
from indexing.engines.music.hearing import Networks
from indexing.engines.music.musicnn import RATE, MusicNN
from indexing.engines.yamnet import Yamnet
from indexing.media import open_media

MEDIA = BASE_DIR.parent / "shared" / "media"
NO_MUSIC = ("-0000.ogg", "robin", "humpback", "pibble", "Let's")
"""In names of files of music_librosa: readings, animals, and one that is there twice."""
HEADER = """# What is usual of music: mean and deviation of networks' logits and of two signals.
# Measured by tests/bench/measure_music_reference.py on {count} recordings of music_librosa and music_synth.
"""


def networks() -> Networks:
    """The networks of this installation, on one thread."""
    return Networks(MusicNN(weights.path("musicnn")), Yamnet(weights.path("yamnet")))


def heard(path: Path, through: Networks) -> Features:
    """All of a file as one passage."""
    listener = Listener(through)
    for chunk in open_media("audio", path, None).sample_chunks(RATE, CHUNK):
        listener.add(chunk)
    return listener.finish()


def files() -> list[Path]:
    found = sorted((MEDIA / "music_librosa").glob("*.ogg"))
    music = [path for path in found if not any(part in path.name for part in NO_MUSIC)]
    return music + sorted((MEDIA / "music_synth").glob("*.ogg"))


def usual_of(names: Sequence[str], sets: Sequence[Sequence[Features]]) -> dict[str, list[float]]:
    """Mean and deviation of the logits of every output that speaks for a term, over the files of the sets."""
    wanted = {output for terms in vocabulary().values() for outputs in terms.values() for output in outputs}
    means = {
        name: [[float(each.logits[:, number].mean()) for each in one] for one in sets]
        for number, name in enumerate(names)
        if name in wanted
    }
    return {name: _usual(values) for name, values in means.items()}


def written(names: Sequence[str], sets: Sequence[Sequence[Features]]) -> str:
    """The reference as TOML, from the features of each file of each set."""
    lines = [HEADER.format(count=sum(map(len, sets))), "[outputs]"]
    lines += [f'"{name}" = {values}' for name, values in usual_of(names, sets).items()]
    signals = {"level": 2, "flux": 5}
    lines += ["", "[signal]"]
    for name, digits in signals.items():
        values = [[float(getattr(each, name).mean()) for each in one] for one in sets]
        lines.append(f"{name} = {_usual(values, digits)}")
    return "\n".join(lines) + "\n"


def _usual(sets: Sequence[Sequence[float]], digits: int = 3) -> list[float]:
    """Mean and deviation of a value of each file: sets weigh the same, and files within a set."""
    shares = np.array([1 / len(sets) / len(one) for one in sets for _ in one])
    values = np.array([value for one in sets for value in one])
    mean = float(shares @ values)
    return [round(mean, digits), round(float(np.sqrt(shares @ (values - mean) ** 2)), digits)]


def _sets(through: Networks) -> Iterator[list[Features]]:
    for name in ("music_librosa", "music_synth"):
        yield [heard(path, through) for path in files() if path.parent.name == name]


def main() -> None:
    if not MEDIA.is_dir():
        print(f"The media are not here: {MEDIA}")
        return
    through = networks()
    REFERENCE.write_text(written(through.names, list(_sets(through))))
    print(f"{REFERENCE} is written.")


if __name__ == "__main__":
    main()
