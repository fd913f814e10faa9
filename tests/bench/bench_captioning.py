"""Do captions keep the rules of broadcasters? Run: python -m tests.bench.bench_captioning"""

from __future__ import annotations

import csv
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence

import av
import numpy as np
from numpy.typing import NDArray

from dam.env import BASE_DIR
from dam.export.captioning.captions import captions
from dam.export.captioning.rules import AHEAD, LATE
from dam.export.spoken import Segment, SpokenWord
from indexing.engines.speech import Segment as Heard
from tests.export.caption_rules import cues_of, faults
from tests.export.spoken_made import recording, said

SPEECH = BASE_DIR.parent / "shared" / "media" / "speech_librispeech"
MODEL = "whisper-tiny-en"
RATE = 16_000
PAUSE = 0.6
"""Seconds of silence between two utterances of a recording."""
FAST = (15, 17, 20, 25, 30)
"""Characters a second of synthetic speech without a pause."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dam.settings")
    import django

    django.setup()
    if not SPEECH.is_dir():
        print(f"The labelled speech ({SPEECH}) is not here.")
        return
    texts = [row["transcript"].capitalize() + "." for row in _rows()]
    for name, segments in _recordings(texts):
        print(f"{name}: {measured(segments)}")


def _rows() -> list[dict[str, str]]:
    with (SPEECH / "manifest.csv").open() as rows:
        return list(csv.DictReader(rows))


def _recordings(texts: Sequence[str]) -> Iterator[tuple[str, list[Segment]]]:
    from indexing import weights

    if weights.available(MODEL):
        print(f"words by {MODEL} ({weights.shelf().models[MODEL].licence})")
        yield "five readers", _transcribed()
    else:
        print(f"the weights {MODEL} are not here: known texts, spread evenly")
        spans = _placed([len(text) / 15 for text in texts])
        yield "known texts", [said(text, *span) for text, span in zip(texts, spans, strict=True)]
    for rate in FAST:
        spans = _placed([len(text) / rate for text in texts], pause=0.0)
        made = [said(text, *span) for text, span in zip(texts, spans, strict=True)]
        yield f"synthetic, {rate} characters a second without a pause", made
    turns = [said(text, number * 1.0, number + 0.8, f"Speaker {number % 3}") for number, text in _short()]
    yield "turns of 0.8 s by three speakers", turns


def _short() -> Iterator[tuple[int, str]]:
    yield from enumerate(["No.", "Yes!", "Did you?", "Of course I did.", "When was that?", "Last week."] * 50)


def _placed(lengths: Sequence[float], pause: float = PAUSE) -> list[tuple[float, float]]:
    starts = np.concatenate([[0.0], np.cumsum(np.array(lengths) + pause)[:-1]])
    return [(float(start), float(start) + length) for start, length in zip(starts, lengths, strict=True)]


def _transcribed() -> list[Segment]:
    """All utterances as one recording, reader after reader."""
    from indexing import weights
    from indexing.analysers.speech import transcriber_class

    transcriber = transcriber_class("faster-whisper")(weights.path(MODEL), 2)
    made, passed = [], 0.0
    for reader in sorted({row["speaker"] for row in _rows()}):
        sound = _joined(reader)
        made += [_later(each, passed, reader) for each in transcriber.transcribe(sound)]
        passed += len(sound) / RATE
    return made


def _later(segment: Heard, seconds: float, reader: str) -> Segment:
    words = [
        SpokenWord(word.text, word.start + seconds, word.end + seconds, reader) for word in segment.words
    ]
    return Segment(segment.text, segment.start + seconds, segment.end + seconds, "en", words)


def _joined(reader: str) -> NDArray[np.float32]:
    silence = np.zeros(int(PAUSE * RATE), np.float32)
    sounds = [_decoded(row["file"]) for row in _rows() if row["speaker"] == reader]
    return np.concatenate([part for sound in sounds for part in (sound, silence)])


def _decoded(name: str) -> NDArray[np.float32]:
    with av.open(str(SPEECH / name)) as file:
        resampler = av.AudioResampler("flt", "mono", RATE)
        frames = [out for frame in file.decode(audio=0) for out in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def measured(segments: Sequence[Segment]) -> str:
    """How many captions there are, which rules they break, and how far they stand from their words."""
    from dam.export.formats import webvtt

    end = max(segment.end for segment in segments)
    began = time.process_time()
    made = captions(segments, end)
    spent = time.process_time() - began
    cues = cues_of(webvtt.render(recording(*segments, duration=end)))
    broken: Counter[str] = faults(cues)
    late = np.array([caption.late for caption in made]) / 1000
    speed = sum(len(segment.text) for segment in segments) / end
    return (
        f"{end:.0f} s, {speed:.1f} characters a second, {len(cues)} captions; "
        f"broken rules: {dict(broken) or 0}; "
        f"{(late > LATE / 1000).sum()} more than {LATE / 1000} s late, the latest {late.max():.1f} s "
        f"(never more than {AHEAD / 1000} s ahead while there is time); "
        f"{1 if cues[-1].end > 1000 * end + 1 else 0} beyond the end; {1000 * spent / len(cues):.2f} ms each"
    )


if __name__ == "__main__":
    main()
