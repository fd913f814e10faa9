"""What music a recording holds, where its sections are, and what each of them and all of it is like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from indexing.analysers.contract import (
    EVERYWHERE,
    Context,
    Finding,
    Media,
    MediaKind,
    Place,
    Queue,
    Vector,
)
from indexing.analysers.music_facts import facts, tempo_fact
from indexing.analysers.music_passages import Span, cut, overheard, passages, share, spans_of
from indexing.analysers.music_summary import Summary, summary, together
from indexing.analysers.music_terms import Terms
from indexing.engines.cache import loaded
from indexing.engines.music.features import FRAMES_A_SECOND, STEP, Features, Listener
from indexing.engines.music.hearing import Networks
from indexing.engines.music.musicnn import HOP, RATE, SPACE, MusicNN
from indexing.engines.music.musicnn_network import DIMENSIONS
from indexing.engines.music.structure import sections
from indexing.engines.music.tempo import pulse_of
from indexing.engines.voice_activity import VoiceActivity
from indexing.engines.yamnet import Yamnet

CHUNK = 60.0  # seconds decoded at a time
MOST_SECTIONS, LONG = 120, 3600.0
"""Sections of LONG seconds of music or more, in proportion of less: two a minute."""
MOST_BEATS = 600
"""Beats of one section that are written down: five minutes at 120."""
A_PIECE = 0.5
"""The share of a recording that must be music for the whole of it to be described as music."""
ALL = 0.9
"""The share from which its only section is the whole."""


class Stretch(NamedTuple):
    """A section: its letter, its seconds, what it is like, and its beats and bars."""

    label: str
    span: Span
    heard: Summary
    pulse: Mapping[str, Any]


class Music:
    """Facts and a vector for each section of music, and facts for the whole where half of it is music."""

    name = "music"
    version = "1"
    model = "musicnn MSD and MTT, YAMNet, librosa 0.11.0"
    kinds: Sequence[str] = (
        *("genre", "mood", "instrument", "vocals", "tempo", "key", "danceability", "energy", "section"),
    )
    applies_to: Sequence[MediaKind] = ("audio", "video")
    depends: Sequence[str] = ("sounds",)
    queue: Queue = "cpu"
    weights: Sequence[str] = ("musicnn", "yamnet")
    spaces: Mapping[str, int] = {SPACE: DIMENSIONS}

    def analyse(self, media: Media, context: Context) -> Iterator[Finding | Vector]:
        sounds = context.facts("sound")
        spans = passages(sounds) if sounds else _overheard(media)
        if not spans:
            return
        networks = _networks(context)
        terms = Terms(networks.names)
        total = sum(end - start for start, end in spans)
        passed = listened(media, spans, networks)
        found = [each for span, heard in passed for each in stretches(span, heard, total)]
        sung, spoken = spans_of(sounds, ["singing"]), spans_of(sounds, ["speech"])
        places = _places(found, media.duration)
        for stretch, place in zip(found, places, strict=True):
            yield from _described(stretch.heard, terms, place, stretch, sung, spoken)
            yield Vector(SPACE, _unit(stretch.heard.embedding), Place(*stretch.span))
        yield from (
            Finding("section", each.label, place=Place(*each.span)) for each in found if len(found) > 1
        )
        if EVERYWHERE not in places and _covered(found, media.duration) >= A_PIECE:
            whole = together([each.heard for each in found])
            yield from _described(whole, terms, EVERYWHERE, _one(found, whole), sung, spoken)


def listened(media: Media, spans: Sequence[Span], networks: Networks) -> Iterator[tuple[Span, Features]]:
    """Each span with what is heard in it; a span without sound is left out."""
    number, listener = 0, Listener(networks)
    for now, piece in cut(media.sample_chunks(RATE, CHUNK), spans, RATE):
        if now != number:
            yield spans[number], listener.finish()
            number, listener = now, Listener(networks)
        listener.add(piece)
    yield spans[number], listener.finish()


def stretches(span: Span, heard: Features, total: float) -> Iterator[Stretch]:
    """The sections of a passage, at most its share of MOST_SECTIONS in `total` seconds of music, but one."""
    if not len(heard.flux):
        return
    most = max(1, round(MOST_SECTIONS * heard.seconds / max(total, LONG)))
    for section in sections(np.concatenate([_relative(heard.chroma), heard.timbre], axis=1), most):
        part = heard.between(section.start, section.end)
        start = span[0] + section.start * STEP
        end = min(span[0] + section.end * STEP, span[1])
        yield Stretch(section.label, (round(start, 3), round(end, 3)), *_summed(part, start))


def _summed(part: Features, start: float) -> tuple[Summary, Mapping[str, Any]]:
    heard = summary(part)
    if not heard.tempo:
        return heard, {}
    pulse = pulse_of(part.flux, FRAMES_A_SECOND, HOP, heard.tempo)
    seconds = {"beats": pulse.beats[:MOST_BEATS], "bars": pulse.bars[: MOST_BEATS // pulse.metre]}
    told = {name: [round(start + each, 3) for each in values] for name, values in seconds.items()}
    return heard, {**told, "metre": pulse.metre, "all_beats": len(pulse.beats) <= MOST_BEATS}


def _described(
    heard: Summary,
    terms: Terms,
    place: Place,
    stretch: Stretch,
    sung: Sequence[Span],
    spoken: Sequence[Span],
) -> Iterator[Finding]:
    if heard.tempo:
        yield tempo_fact(heard.tempo, place, stretch.pulse)
    yield from facts(heard, terms, place, share(stretch.span, sung), share(stretch.span, spoken))


def _one(found: Sequence[Stretch], whole: Summary) -> Stretch:
    """All stretches as one, without beats: those stand with the sections."""
    return Stretch("", (found[0].span[0], found[-1].span[1]), whole, {})


def _places(found: Sequence[Stretch], duration: float | None) -> list[Place]:
    """Where the facts of each stretch hold: everywhere for the only one of a recording that is all music."""
    if len(found) == 1 and _covered(found, duration) >= ALL:
        return [EVERYWHERE]
    return [Place(*each.span) for each in found]


def _covered(found: Sequence[Stretch], duration: float | None) -> float:
    seconds = sum(each.span[1] - each.span[0] for each in found)
    return seconds / max(duration or found[-1].span[1], 1e-9) if found else 0.0


def _overheard(media: Media) -> list[Span]:
    return overheard(media.sample_chunks(RATE, CHUNK), loaded("voice activity", VoiceActivity))


def _networks(context: Context) -> Networks:
    paths, threads = [context.weights(name) for name in Music.weights], context.threads
    musicnn = loaded(("musicnn", paths[0], threads), lambda: MusicNN(paths[0], threads))
    return Networks(musicnn, loaded(("yamnet", paths[1], threads), lambda: Yamnet(paths[1], threads)))


def _relative(chroma: np.ndarray) -> np.ndarray:
    strongest = np.maximum(chroma.max(axis=1, keepdims=True, initial=0.0), 1e-9)
    shares: np.ndarray = chroma / strongest
    return shares


def _unit(vector: np.ndarray) -> np.ndarray:
    unit: np.ndarray = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
    return unit
