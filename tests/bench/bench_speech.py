"""Word error rate, real-time factor and memory of speech to text. Run: python -m tests.bench.bench_speech

Text is compared in lower case without punctuation, every run of spaces as one; numbers stay as written.
"""

from __future__ import annotations

import csv
import resource
import sys
import time

import jiwer
import soundfile

from dam.env import BASE_DIR
from indexing import weights
from indexing.analysers.speech import Engine, transcriber_class

READINGS = BASE_DIR.parent / "shared" / "media" / "speech_librispeech"
NORMALISER = jiwer.Compose(
    [
        jiwer.ToLowerCase(),
        jiwer.RemovePunctuation(),
        jiwer.RemoveMultipleSpaces(),
        jiwer.Strip(),
        jiwer.ReduceToListOfListOfWords(),
    ]
)


def word_error_rate(true: list[str], heard: list[str]) -> float:
    """Errors for each true word, over all of them."""
    return float(jiwer.wer(true, heard, reference_transform=NORMALISER, hypothesis_transform=NORMALISER))


def measure(engine: Engine, model: str, count: int) -> None:
    rows = list(csv.DictReader((READINGS / "manifest.csv").open()))[:count]
    sounds = [soundfile.read(READINGS / row["file"], dtype="float32")[0] for row in rows]
    transcriber = transcriber_class(engine)(weights.path(model), 2)
    begin, busy = time.perf_counter(), time.process_time()
    heard = [" ".join(part.text for part in transcriber.transcribe(sound)) for sound in sounds]
    taken, busy = time.perf_counter() - begin, time.process_time() - busy
    length = sum(len(sound) for sound in sounds) / 16_000
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{engine}, {model}: {len(rows)} utterances, {length:.0f} s, two threads")
    print(f"  word error rate {word_error_rate([row['transcript'] for row in rows], heard):.3f}")
    print(f"  real-time factor {taken / length:.3f}, processor time {busy / length:.3f} of the sound's")
    print(f"  peak memory so far {memory:.0f} MB", flush=True)


def main(count: int = 50) -> None:
    if not READINGS.is_dir():
        print(f"The labelled recordings are not here: {READINGS}")
        return
    for engine in ("faster-whisper", "whisperx"):
        for model in ("whisper-base", "whisper-tiny-en"):
            if not weights.available(model):
                print(weights.shelf().reason(model))
                continue
            try:
                measure(engine, model, count)
            except ImportError as problem:
                print(f"{engine} cannot be used here: {problem}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
