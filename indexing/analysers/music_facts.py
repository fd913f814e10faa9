"""What a stretch of music is called: genre, mood, instruments, voice, tempo, key, danceability, energy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from indexing.analysers.contract import Finding, Place
from indexing.analysers.music_summary import Summary
from indexing.analysers.music_terms import Terms, reference, squashed
from indexing.engines.music.tempo import USUAL, Tempo
from indexing.engines.music.tonality import Key, key_of

CLEAR: Mapping[str, float] = {"genre": 0.75, "mood": 0.75, "instrument": 0.9}
"""Deviations above the usual from which a term is told."""
MOST: Mapping[str, int] = {"genre": 3, "mood": 2, "instrument": 4}
SUNG = 0.3
"""The share of a stretch in which somebody was heard singing that makes it vocal, whatever the tags say."""
SPOKEN = 0.3
"""The share of a stretch in which somebody speaks from which the tags cannot tell whether anybody sings."""
STEADY = 0.5
"""The clarity of a pulse that nobody can miss."""
WIDTH = 0.5
"""Octaves around the usual tempo within which people like to dance."""
LEAD = 0.3
"""By how much a key leads the next where it is as sure as keys get."""
SUREST_KEY = 0.6
"""Profiles name the exact key of about every second real piece, so no key is told with more confidence."""
MODE_LEAD = 0.05
"""The lead from which major or minor counts for the mood."""


def facts(heard: Summary, terms: Terms, place: Place, sung: float, spoken: float) -> Iterator[Finding]:
    """Everything that is said of a stretch. `sung` and `spoken` are the shares of it in which others heard
    singing and speech."""
    for kind in CLEAR:
        yield from _tags(kind, heard, terms, place)
    if spoken < SPOKEN or sung >= SUNG:
        yield _vocals(heard, terms, place, sung)
    key = key_of(heard.chroma)
    if key:
        yield _key(key, place)
    yield Finding("danceability", number=danceability(heard, terms), place=place)
    shown = {"valence": valence(heard, terms, key)}
    yield Finding("energy", number=energy(heard, terms), place=place, details=shown)


def tempo_fact(tempo: Tempo, place: Place, pulse: Mapping[str, Any]) -> Finding:
    """The tempo, with the same pulse counted twice and half as fast; `pulse` tells of beats and bars."""
    return Finding(
        "tempo",
        f"{tempo.bpm:.0f} BPM",
        number=tempo.bpm,
        place=place,
        confidence=round(min(1.0, tempo.clarity / STEADY), 3),
        details={"alternatives": tempo.alternatives, **pulse},
    )


def danceability(heard: Summary, terms: Terms) -> float:
    """0..1: the mean of a clear pulse, a tempo near 120 and the tags of dance music. A rule of our own, which
    no labelled music was at hand to judge."""
    tags = squashed(terms.scores("dance", heard.logits)["danceable"])
    if not heard.tempo:
        return round(tags / 3, 3)
    octaves = np.log2(heard.tempo.bpm / USUAL) / WIDTH
    pulse = min(1.0, heard.tempo.clarity / STEADY)
    return round(float(np.mean([pulse, np.exp(-0.5 * octaves**2), tags])), 3)


def energy(heard: Summary, terms: Terms) -> float:
    """0..1: level and change of the spectrum beside the reference set's, and the tags loud against calm."""
    usual = reference()["signal"]
    level = (heard.level - usual["level"][0]) / usual["level"][1]
    change = (heard.flux - usual["flux"][0]) / usual["flux"][1]
    tags = terms.scores("energy", heard.logits)
    return round(squashed(level / 3 + change / 3 + tags["loud"] - tags["calm"]), 3)


def valence(heard: Summary, terms: Terms, key: Key | None) -> float:
    """0..1, sad to happy: the tags of both, and the mode of the key where it is clear."""
    moods = terms.scores("mood", heard.logits)
    mode = 0.0
    if key and key.lead >= MODE_LEAD:
        mode = 0.5 if key.mode == "major" else -0.5
    return round(squashed(moods["happy"] - moods["sad"] + mode), 3)


def _tags(kind: str, heard: Summary, terms: Terms, place: Place) -> Iterator[Finding]:
    scored = terms.scores(kind, heard.logits)
    for term, score in list(scored.items())[: MOST[kind]]:
        if score >= CLEAR[kind]:
            confidence = round(squashed(score - CLEAR[kind]), 3)
            shown = {"deviations": round(score, 2)}
            yield Finding(kind, term, place=place, confidence=confidence, language="en", details=shown)


def _vocals(heard: Summary, terms: Terms, place: Place, sung: float) -> Finding:
    scored = terms.scores("vocals", heard.logits)
    lead = scored["vocals"] - scored["instrumental"] + (2.0 if sung >= SUNG else 0.0)
    text = "vocals" if lead > 0 else "instrumental"
    shown = {"sung": round(sung, 3)}
    return Finding(
        "vocals", text, place=place, confidence=round(squashed(abs(lead)), 3), language="en", details=shown
    )


def _key(key: Key, place: Place) -> Finding:
    shown = {"reliability": "low", "otherwise": key.runner_up, "resemblance": round(key.resemblance, 3)}
    confidence = round(SUREST_KEY * min(1.0, key.lead / LEAD), 3)
    return Finding("key", key.name, place=place, confidence=confidence, details=shown)
