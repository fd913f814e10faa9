"""Recall of rare words as written and by sound. Run: python -m tests.bench.bench_mentions [MODEL]

Every rare word of the labelled readings is watched in every utterance. A false alarm is a word spotted in an
utterance in which it is not said. What is spotted is ranked by confidence, as written before by sound; both
columns allow the same number of false alarms. Numbers of indexing.phonetics.likelihood come from the first,
third ... utterance; the others are the fair measure.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

import soundfile

from dam.env import BASE_DIR
from indexing import weights
from indexing.analysers.speech import transcriber_class
from indexing.phonetics import Entry, Spoken, search
from indexing.phonetics.likelihood import LEAST
from indexing.phonetics.pronunciation import pronounce
from indexing.phonetics.tokens import tokens

READINGS = BASE_DIR.parent / "shared" / "media" / "speech_librispeech"
ALLOWED = (0.5, 1.0, 5.0, 10.0)
"""False alarms an hour for each watched word."""


class Utterance(NamedTuple):
    """What was said, the rare words in it, its seconds, and what was written down."""

    said: frozenset[str]
    rare: frozenset[str]
    seconds: float
    words: Sequence[Spoken]


class Find(NamedTuple):
    """A word spotted in an utterance, whether it was said, and its rank."""

    right: bool
    by_words: bool
    confidence: float


def transcribed(model: str) -> list[Utterance]:
    transcriber = transcriber_class("faster-whisper")(weights.path(model), 2)
    return [_utterance(row, transcriber) for row in csv.DictReader((READINGS / "manifest.csv").open())]


def _utterance(row: dict[str, str], transcriber) -> Utterance:
    sound, rate = soundfile.read(READINGS / row["file"], dtype="float32")
    written = [word for segment in transcriber.transcribe(sound) for word in segment.words]
    return Utterance(
        frozenset(tokens(row["transcript"])),
        frozenset(json.loads(row["rare_words_json"])),
        len(sound) / rate,
        [Spoken(word.text, word.start, word.end, word.confidence) for word in written],
    )


def finds(entries: Sequence[Entry], utterance: Utterance) -> list[Find]:
    """The best find of each entry."""
    best: dict[str, Find] = {}
    for hit in search(entries, utterance.words, 0.02):
        text = entries[hit.entry].text
        find = Find(text in utterance.said, hit.by == "words", hit.confidence)
        best[text] = max(best.get(text, find), find, key=lambda each: each[1:])
    return list(best.values())


def report(title: str, entries: Sequence[Entry], utterances: Sequence[Utterance]) -> None:
    hours = sum(each.seconds for each in utterances) / 3600
    said = sum(len(each.rare & each.said) for each in utterances)
    found = [find for each in utterances for find in finds(entries, each)]
    found.sort(key=lambda find: find[1:], reverse=True)
    print(f"{title}: {len(utterances)} utterances, {hours * 60:.1f} min, {said} rare words said, "
          f"{len(entries)} watched")  # fmt: skip
    written = [find for find in found if find.by_words]
    proposed = [find for find in found if find.by_words or find.confidence >= LEAST]
    for name, some in (("as written", written), (f"and by sound from {LEAST}", proposed)):
        right, wrong = sum(find.right for find in some), sum(not find.right for find in some)
        rate = wrong / hours
        print(f"  {name}: recall {right / said:.2f}, {wrong} false alarms")
        print(f"    {rate / len(entries):.2f} an hour for each word, {rate:.0f} an hour for all")
    for allowed in ALLOWED:
        most = int(allowed * hours * len(entries))
        alone, both = recall(written, most, said), recall(found, most, said)
        print(f"  at {allowed:4} an hour and word ({most:3} in all): {alone:.2f}, and by sound {both:.2f}")


def recall(found: Sequence[Find], most: int, said: int) -> float:
    """The share of what was said that is found before more than `most` false alarms."""
    right = wrong = 0
    for find in found:
        wrong += not find.right
        if wrong > most:
            break
        right += find.right
    return right / said


def main(model: str = "whisper-base") -> None:
    if not READINGS.is_dir() or not weights.available(model):
        print(f"Needs the labelled recordings ({READINGS}) and the model {model}.")
        return
    utterances = transcribed(model)
    rare = sorted({word for each in utterances for word in each.rare})
    entries = [Entry(word, (pronounce(word, "en"),)) for word in rare]
    began = time.process_time()
    print(f"{model} (MIT), gruut's English lexicon and model (MIT), panphon's features (MIT)")
    report("all", entries, utterances)
    print(f"  {time.process_time() - began:.1f} s of processor time for the search")
    report("tuned on", entries, utterances[::2])
    report("held out", entries, utterances[1::2])


if __name__ == "__main__":
    main(*sys.argv[1:])
