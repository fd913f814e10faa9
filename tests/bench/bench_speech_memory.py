"""Memory of speech to text over a long recording.

Run: python -m tests.bench.bench_speech_memory [hours] [seconds]. Readings are looped into a temporary file of
that many hours (3), which goes through decoding, windows, real weights (tiny.en) and checkpoints as any
recording does. To bound the time, only the first seconds (20) of each window of five minutes are given to the
model; without a bound, say 300. Memory of ffmpeg, which decodes in a process of its own, is not counted.
"""

from __future__ import annotations

import csv
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soundfile

from indexing import weights
from indexing.analysers.contract import Context
from indexing.analysers.speech import Speech
from indexing.engines.speech import RATE, Segment, Transcriber
from indexing.engines.speech_faster_whisper import FasterWhisper
from indexing.media import open_media
from tests.bench.bench_speech import READINGS

MODEL = "whisper-tiny-en"


class Beginning:
    """A transcriber that hears the first seconds of each window only."""

    def __init__(self, whole: Transcriber, seconds: float) -> None:
        self._whole = whole
        self._samples = int(seconds * RATE)

    def transcribe(
        self, samples: np.ndarray, language: str = "", hints: Sequence[str] = ()
    ) -> Iterator[Segment]:
        yield from self._whole.transcribe(samples[: self._samples], language, hints)


class Bounded(Speech):
    """The analyser with such a transcriber."""

    def __init__(self, seconds: float) -> None:
        super().__init__(model=MODEL)
        self._beginning = Beginning(FasterWhisper(weights.path(MODEL), 2), seconds)

    def _transcriber(self, context: Context) -> Transcriber:
        return self._beginning


class Meter:
    """A checkpoint that keeps nothing and notes the megabytes of this process after each window."""

    def __init__(self) -> None:
        self.seen: list[float] = []
        self.largest = 0

    def load(self) -> bytes | None:
        return None

    def save(self, data: bytes) -> None:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        self.seen.append(pages * resource.getpagesize() / 2**20)
        self.largest = len(data)


def loop(path: Path, hours: float) -> None:
    """All readings with a second of silence after each, again and again."""
    rows = list(csv.DictReader((READINGS / "manifest.csv").open()))
    wanted = int(hours * 3600 * RATE)
    with soundfile.SoundFile(path, "w", RATE, 1, subtype="PCM_16") as file:
        while file.tell() < wanted:
            for row in rows:
                sound = soundfile.read(READINGS / row["file"], dtype="float32")[0]
                file.write(np.pad(sound, (0, RATE))[: wanted - file.tell()])


def main(hours: float = 3, seconds: float = 20) -> None:
    if not READINGS.is_dir() or not weights.available(MODEL):
        print(f"The labelled recordings or the weights {MODEL} are not here.")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.wav"
        loop(path, hours)
        meter, begin, busy = Meter(), time.perf_counter(), time.process_time()
        media = open_media("audio", path, hours * 3600)
        found = list(Bounded(seconds).analyse(media, Context(weights.path, checkpoint=meter)))
        taken, busy = time.perf_counter() - begin, time.process_time() - busy
    report(hours, seconds, meter, len(found), taken, busy)


def report(hours: float, seconds: float, meter: Meter, found: int, taken: float, busy: float) -> None:
    third = max(1, len(meter.seen) // 3)
    early, late = max(meter.seen[:third]), max(meter.seen[-third:])
    licence, windows = weights.shelf().models[MODEL].licence, len(meter.seen)
    print(f"{MODEL} ({licence}), {hours:g} h, the first {seconds:g} s of each of {windows} windows heard")
    print(f"  {found} sentences, {taken:.0f} s, of which {busy:.0f} s of processor time")
    print(f"  megabytes after each window: {' '.join(f'{each:.0f}' for each in meter.seen)}")
    print(f"  at most {early:.0f} MB in the first third, {late:.0f} MB in the last")
    print(f"  growth {100 * (late / early - 1):+.1f} percent")
    print(f"  the last checkpoint {meter.largest / 2**20:.2f} MB", flush=True)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
