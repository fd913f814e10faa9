"""Audio description: does it ever meet speech, how many pauses does it use, and what does speaking it cost.

Run: python -m tests.bench.bench_narration

Films are made here of read sentences (speech_librispeech) with pauses of 0.4 to 14 seconds between them, and
of captions that people wrote (photos_coco) for scenes of 3 to 20 seconds. Speech is where a reading is louder
than -45 dBFS, and what lies less than 0.3 seconds apart in it. `transcribed` is told where the readings lie,
`heard` has nothing but the voice detector. Nothing is tuned on it.
"""

from __future__ import annotations

import csv
import os
import random
import resource
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dam.settings")

import django
import numpy as np

from dam.env import BASE_DIR
from indexing import weights
from indexing.analysers.contract import Context, Finding, Place
from indexing.analysers.describing import SHORTEST, Span, pauses
from indexing.analysers.narration import Narration
from indexing.engines.speech import RATE
from indexing.media import open_media

MEDIA = BASE_DIR.parent / "shared" / "media"
VOICE = "piper-en-us-joe"
FILMS = 5
READINGS = 10
FRAME = RATE // 50
LOUD = 10 ** (-45 / 20)
JOINED = 0.3  # seconds


class Film(NamedTuple):
    """Sound and captions, where the readings lie, and where in them somebody speaks."""

    kind: str
    duration: float
    sound: np.ndarray
    scenes: list[Finding]
    readings: list[Span]
    talk: list[Span]

    def sample_chunks(self, rate: int, seconds: float) -> Iterator[np.ndarray]:
        step = int(rate * seconds)
        return (self.sound[first : first + step] for first in range(0, len(self.sound), step))


def rows(name: str) -> list[dict[str, str]]:
    with (MEDIA / name / "manifest.csv").open() as manifest:
        return list(csv.DictReader(manifest))


def made(paths: Sequence[Path], captions: Sequence[str], chance: random.Random) -> Film:
    pieces, readings, at = [], [], 0
    for path in paths:
        quiet = int(chance.choice((0.4, 1.0, 2.5, 4.0, 7.0, 14.0)) * chance.uniform(0.8, 1.2) * RATE)
        voice = open_media("audio", path, 60).samples(RATE)
        noise = np.random.default_rng(at).normal(0, 0.0005, quiet).astype(np.float32)
        pieces += [noise, voice]
        readings.append(((at + quiet) / RATE, (at + quiet + len(voice)) / RATE))
        at += quiet + len(voice)
    sound = np.concatenate(pieces)
    talk = [span for reading in readings for span in loud(sound, reading)]
    return Film(
        "video", len(sound) / RATE, sound, scenes(captions, len(sound) / RATE, chance), readings, talk
    )


def loud(sound: np.ndarray, reading: Span) -> list[Span]:
    """Where a reading is louder than LOUD, short gaps closed."""
    first = int(reading[0] * RATE)
    part = sound[first : int(reading[1] * RATE)]
    frames = part[: len(part) // FRAME * FRAME].reshape(-1, FRAME)
    seconds = np.flatnonzero(np.sqrt((frames**2).mean(1)) > LOUD) * FRAME / RATE
    groups = np.split(seconds, np.flatnonzero(np.diff(seconds) > JOINED) + 1)
    return [(reading[0] + each[0], reading[0] + each[-1] + FRAME / RATE) for each in groups if len(each)]


def scenes(captions: Sequence[str], duration: float, chance: random.Random) -> list[Finding]:
    found, at = [], 0.0
    for text in captions:
        end = min(duration, at + chance.uniform(3, 20))
        if at < duration:
            found.append(Finding("caption", text, place=Place(at, end), language="en"))
        at = end
    return found


def films() -> list[Film]:
    chance = random.Random(4)
    paths = [MEDIA / "speech_librispeech" / row["file"] for row in rows("speech_librispeech")]
    captions = [row["caption1"] for row in rows("photos_coco")]
    return [made(chance.sample(paths, READINGS), chance.sample(captions, 60), chance) for _ in range(FILMS)]


def described(film: Film, transcribed: bool) -> list[Finding]:
    speech = [Finding("speech", "read", place=Place(*span)) for span in film.readings] if transcribed else []
    facts: dict[str, Sequence[Finding]] = {"caption": film.scenes, "speech": speech}
    context = Context(lambda name: Path(), lambda kind: facts.get(kind, ()))
    return list(Narration().analyse(film, context))  # type: ignore[arg-type]


def collisions(spans: Sequence[Span], talk: Sequence[Span]) -> int:
    return sum(any(start < end_ and end > start_ for start_, end_ in talk) for start, end in spans)


def spans_of(found: Sequence[Finding]) -> list[Span]:
    return [(each.place.start or 0.0, each.place.end or 0.0) for each in found]


def planned(all_films: Sequence[Film], transcribed: bool) -> list[list[Finding]]:
    found = [described(film, transcribed) for film in all_films]
    met = sum(collisions(spans_of(each), film.talk) for each, film in zip(found, all_films, strict=True))
    usable = sum(
        len(pauses(film.readings if transcribed else film.talk, film.duration)) for film in all_films
    )
    words = sum(len(each.text.split()) for some in found for each in some)
    number = sum(map(len, found))
    name = "transcribed" if transcribed else "heard"
    print(
        f"{name}: {number} descriptions, {words / number:.1f} words each, {met} meet speech, "
        f"{number} of {usable} pauses of {SHORTEST} s or more used ({number / usable:.0%})"
    )
    return found


def cpu_seconds(work: Callable[[], list[tuple[object, object]]]) -> tuple[list[tuple[object, object]], float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def spoken(film: Film, found: Sequence[Finding]) -> None:
    from indexing import narrating
    from indexing.engines.voice_synthesis import Utterance, speak
    from indexing.models import Annotation

    voice = weights.path(VOICE)
    facts = [
        Annotation(
            pk=pk, text=each.text, start=each.place.start, end=each.place.end, details=dict(each.details)
        )
        for pk, each in enumerate(found)
    ]

    def work() -> list[tuple[object, object]]:
        said = list(zip(facts, speak([fact.text for fact in facts], voice), strict=True))
        return list(narrating.fitting(said, voice))

    kept, seconds = cpu_seconds(work)
    real: list[tuple[Annotation, Utterance]] = kept  # type: ignore[assignment]
    lasting = sum(said.seconds for _, said in real)
    ends = [((fact.start or 0.0), (fact.start or 0.0) + said.seconds) for fact, said in real]
    words = sum(len(fact.text.split()) for fact, _ in real)
    print(
        f"spoken: {len(real)} of {len(facts)} fit, {collisions(ends, film.talk)} meet speech, "
        f"{lasting:.1f} s at {60 * words / lasting:.0f} words a minute, "
        f"{seconds / lasting:.3f} CPU seconds a second"
    )


def main() -> None:
    django.setup()
    all_films = films()
    print(f"{len(all_films)} films, {sum(film.duration for film in all_films) / 60:.1f} minutes")
    planned(all_films, transcribed=True)
    found = planned(all_films, transcribed=False)
    if not weights.available(VOICE):
        print(weights.shelf().reason(VOICE))
        return
    model = weights.shelf().models[VOICE]
    print(f"voice: {model.title} ({model.licence}), {VOICE}")
    for film, some in zip(all_films, found, strict=True):
        spoken(film, some)


if __name__ == "__main__":
    main()
