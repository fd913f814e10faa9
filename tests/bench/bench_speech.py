"""Word error rate and time of speech to text beside bare faster-whisper.

Run: python -m tests.bench.bench_speech [utterances] [models]. Both hear each utterance in turn, in a process,
with the same weights, threads and settings, so that what else the machine does weighs on both. Text is
compared in lower case without punctuation, every run of spaces as one; numbers stay as written.
"""

from __future__ import annotations

import csv
import json
import random
import re
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import jiwer
import numpy as np
import soundfile

from dam.env import BASE_DIR
from indexing import weights
from indexing.analysers.speech import Engine, transcriber_class
from indexing.engines.speech import RATE

READINGS = BASE_DIR.parent / "shared" / "media" / "speech_librispeech"
THREADS = 2
NORMALISER = jiwer.Compose(
    [
        jiwer.ToLowerCase(),
        jiwer.RemovePunctuation(),
        jiwer.RemoveMultipleSpaces(),
        jiwer.Strip(),
        jiwer.ReduceToListOfListOfWords(),
    ]
)
FOREIGN = (
    "Wojciechowski", "Oberammergau", "Llanfairpwll", "Ouagadougou", "Fitzwilliam", "Szymanowski",
    "daguerreotype", "Chattanooga", "Ngorongoro", "Tsitsikamma",
)  # fmt: skip
"""Names that nobody says in the readings: hints that ought to do nothing."""

Hear = Callable[[np.ndarray, Sequence[str]], str]


@dataclass
class Heard:
    """What one way of hearing understood, and what it cost."""

    texts: list[str] = field(default_factory=list)
    seconds: float = 0.0
    processor: float = 0.0

    def hear(self, way: Hear, sound: np.ndarray, hints: Sequence[str]) -> None:
        begin, busy = time.perf_counter(), time.process_time()
        self.texts.append(way(sound, hints))
        self.seconds += time.perf_counter() - begin
        self.processor += time.process_time() - busy


def word_error_rate(true: list[str], heard: list[str]) -> float:
    """Errors for each true word, over all of them."""
    return float(jiwer.wer(true, heard, reference_transform=NORMALISER, hypothesis_transform=NORMALISER))


def ours(engine: Engine, model: str) -> Hear:
    """The project's transcriber; what it suppresses does not count."""
    transcriber = transcriber_class(engine)(weights.path(model), THREADS)
    return lambda sound, hints: " ".join(
        part.text for part in transcriber.transcribe(sound, "", hints) if not part.suppressed
    )


def bare(model: str) -> Hear:
    """faster-whisper as it comes, with the settings that the project uses where it has such a setting."""
    from faster_whisper import WhisperModel

    whisper = WhisperModel(
        str(weights.path(model)),
        device="cpu",
        compute_type="int8",
        cpu_threads=THREADS,
        local_files_only=True,
    )
    settings: dict[str, Any] = {
        "beam_size": 5, "temperature": 0.0, "vad_filter": True, "word_timestamps": True,
        "vad_parameters": {"min_silence_duration_ms": 500, "speech_pad_ms": 200},
        "condition_on_previous_text": False, "hallucination_silence_threshold": 2.0,
    }  # fmt: skip
    return lambda sound, hints: " ".join(part.text for part in whisper.transcribe(sound, **settings)[0])


def recall(rows: Sequence[dict[str, str]], heard: Heard) -> float:
    """The share of the rare words that are spelled right."""
    found = [
        word in re.findall(r"[\w']+", text.lower())
        for row, text in zip(rows, heard.texts, strict=True)
        for word in json.loads(row["rare_words_json"])
    ]
    return sum(found) / len(found) if found else float("nan")


def compare(
    rows: Sequence[dict[str, str]], ways: dict[str, Hear], hints: Callable[[dict[str, str]], Sequence[str]]
) -> dict[str, Heard]:
    """Every way hears every utterance, one after the other."""
    results = {name: Heard() for name in ways}
    length = 0.0
    for row in rows:
        sound = soundfile.read(READINGS / row["file"], dtype="float32")[0]
        length += len(sound) / RATE
        for name, way in ways.items():
            results[name].hear(way, sound, hints(row))
    for name, heard in results.items():
        errors = word_error_rate([row["transcript"] for row in rows], heard.texts)
        print(
            f"  {name:24} word error rate {errors:.4f}, rare words {recall(rows, heard):.3f}, "
            f"real-time factor {heard.seconds / length:.3f}, processor time {heard.processor / length:.3f}"
        )
    return results


def true_hints(rows: Sequence[dict[str, str]]) -> Callable[[dict[str, str]], Sequence[str]]:
    """The rare words of an utterance among a dozen of others."""
    every = [word for row in rows for word in json.loads(row["rare_words_json"])]

    def chosen(row: dict[str, str]) -> Sequence[str]:
        chance = random.Random(row["file"])
        hints = json.loads(row["rare_words_json"]) + chance.sample(every, min(12, len(every)))
        return chance.sample(hints, len(hints))

    return chosen


def measure(rows: Sequence[dict[str, str]], model: str) -> None:
    title = weights.shelf().models[model]
    print(f"{title.title} ({model}, {title.licence}): {len(rows)} utterances, {THREADS} threads")
    own = ours("faster-whisper", model)
    both = compare(rows, {"ours": own, "bare faster-whisper": bare(model)}, lambda row: ())
    mine, its = both.values()
    print(f"  ours takes {mine.seconds / its.seconds:.2f} of the time of bare faster-whisper,")
    print(f"  {mine.processor / its.processor:.2f} of its processor time")
    compare(rows, {"ours, right hints": own}, true_hints(rows))
    wrong = compare(rows, {"ours, wrong hints": own}, lambda row: FOREIGN)["ours, wrong hints"]
    made_up = sum(name.casefold() in text.casefold() for text in wrong.texts for name in FOREIGN)
    print(f"  hints that nobody said were heard {made_up} times")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory so far {memory:.0f} MB", flush=True)


def main(count: int = 50, *models: str) -> None:
    if not READINGS.is_dir():
        print(f"The labelled recordings are not here: {READINGS}")
        return
    rows = list(csv.DictReader((READINGS / "manifest.csv").open()))
    rows = rows[:: max(1, len(rows) // count)][:count]
    for model in models or ("whisper-base",):
        if weights.available(model):
            measure(rows, model)
        else:
            print(weights.shelf().reason(model))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:])
