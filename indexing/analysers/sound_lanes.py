"""Where there is speech, singing, music or silence: spans that cover a recording and steer other analysers.

Two networks that fail differently check each other: FireRedVAD finds edges to a hundredth of a second but
takes crying babies and saws for voices, YAMNet knows those but sees half seconds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from indexing.analysers.contract import Finding, Place
from indexing.analysers.hysteresis import Hysteresis, Run
from indexing.engines.voice_activity import CLASSES, FRAMES_A_SECOND, VoiceActivity
from indexing.engines.yamnet import RATE, SECONDS

SMOOTHED = 5  # frames over which odds are averaged, as FireRedVAD does
PADDING = 0.15  # seconds given to a voice on either side: its odds fall before it has ended
SILENCE, SILENT, SHORTEST_SILENCE = "Silence", 0.6, 2  # YAMNet's class, its score, windows

Span = tuple[float, float]


@dataclass(frozen=True)
class Lane:
    """What one lane takes. `classes` are YAMNet's; of FireRedVAD's odds `high` begins and `low` ends a span,
    which bridges `gap` seconds, lasts `shortest` seconds, and is believed where YAMNet's mean score is
    `believed`. Where YAMNet alone is `alone` sure for three windows it is believed too."""

    name: str
    classes: Sequence[str]
    high: float
    low: float
    gap: float
    shortest: float
    believed: float
    alone: float | None = None


VOICES = ("Singing", "Choir", "Yodeling", "Chant", "Child singing", "Synthetic singing", "Rapping", "Song")
TALK = (
    "Speech",
    "Child speech, kid speaking",
    "Conversation",
    "Narration, monologue",
    "Babbling",
    "Speech synthesizer",
    "Shout",
    "Yell",
    "Whispering",
    "Children shouting",
)
LANES = (
    Lane("speech", TALK, 0.5, 0.3, 0.5, 0.2, 0.4, 0.8),
    Lane("singing", ("Music", *VOICES), 0.8, 0.4, 1.0, 1.5, 0.5),
    Lane("music", ("Music", "Musical instrument", *VOICES), 0.5, 0.3, 1.0, 0.5, 0.35, 0.6),
)


@dataclass
class _Heard:
    """What is kept of a lane while a recording is heard: one number a window, and runs."""

    lane: Lane
    edges: Hysteresis
    alone: Hysteresis | None
    scores: list[np.ndarray] = field(default_factory=list)
    fine: list[Run] = field(default_factory=list)
    coarse: list[Run] = field(default_factory=list)


class Lanes:
    """The lanes of one recording. `labels` are the names of YAMNet's classes."""

    def __init__(self, activity: VoiceActivity, labels: Sequence[str]) -> None:
        self.seconds = 0.0
        self._stream = activity.stream()
        self._last = np.zeros((0, len(CLASSES)), np.float32)
        self._silences = Hysteresis(SILENT, SILENT / 2, shortest=SHORTEST_SILENCE)
        self._silent: list[Run] = []
        self._quiet: list[np.ndarray] = []
        self._silence = labels.index(SILENCE)
        self._columns = [[labels.index(name) for name in lane.classes] for lane in LANES]
        self._heard = [_Heard(lane, _edges(lane), _alone(lane)) for lane in LANES]

    def overhear(self, chunks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """Pass the pieces of a recording (mono float32 at 16 kHz) on unchanged, having heard them."""
        for chunk in chunks:
            self._follow(self._stream.feed(chunk))
            self.seconds += len(chunk) / RATE
            yield chunk
        self._follow(self._stream.finish())

    def feed(self, scores: np.ndarray) -> None:
        """YAMNet's scores, float (n, classes), of the next windows."""
        self._quiet.append(scores[:, self._silence])
        self._silent += self._silences.feed(self._quiet[-1])
        for heard, columns in zip(self._heard, self._columns, strict=True):
            best = scores[:, columns].max(axis=1)
            heard.scores.append(best)
            if heard.alone:
                heard.coarse += heard.alone.feed(best)

    def finish(self) -> Iterator[Finding]:
        """One "sound" for each span of each lane, when everything was fed."""
        sounding: list[Span] = []
        for heard in self._heard:
            scores = np.concatenate([*heard.scores, np.zeros(0)])
            heard.fine += heard.edges.finish()
            heard.coarse += heard.alone.finish() if heard.alone else []
            spans = united([*self._fine(heard, scores), *map(self._window, heard.coarse)])
            sounding += spans
            yield from (_finding(heard.lane.name, span, scores) for span in spans)
        self._silent += self._silences.finish()
        quiet = np.concatenate([*self._quiet, np.zeros(0)])
        for span in without(map(self._window, self._silent), united(sounding)):
            yield _finding(SILENCE.lower(), span, quiet)

    def _follow(self, odds: np.ndarray) -> None:
        """Odds of the next frames, each averaged with those before it in the stream."""
        if not len(odds):
            return
        known = np.concatenate([self._last, odds])
        kernel = np.ones(SMOOTHED) / SMOOTHED
        for number, heard in enumerate(self._heard):
            padded = np.pad(known[:, number], (SMOOTHED - 1 if not len(self._last) else 0, 0), mode="edge")
            heard.fine += heard.edges.feed(np.convolve(padded, kernel, "valid"))
        self._last = known[-(SMOOTHED - 1) :]

    def _fine(self, heard: _Heard, scores: np.ndarray) -> list[Span]:
        spans = [(run.first / FRAMES_A_SECOND, run.last / FRAMES_A_SECOND) for run in heard.fine]
        believed = [span for span in spans if _within(scores, span).mean() >= heard.lane.believed]
        return [(max(0.0, start - PADDING), min(self.seconds, end + PADDING)) for start, end in believed]

    def _window(self, run: Run) -> Span:
        return window_span(run, self.seconds)


def window_span(run: Run, seconds: float) -> Span:
    """The seconds that a run of YAMNet's windows stands for: each the middle half of what it hears."""
    start = run.first * SECONDS + SECONDS / 2 if run.first else 0.0
    end = run.last * SECONDS + SECONDS / 2
    return start, seconds if end + SECONDS > seconds else end


def united(spans: Iterable[Span]) -> list[Span]:
    """The same seconds as spans that do not touch, in order."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def without(spans: Iterable[Span], others: Sequence[Span], shortest: float = 2 * SECONDS) -> list[Span]:
    """The seconds of `spans` that no other covers, in pieces of at least `shortest`; `others` are united."""
    left = []
    ends = [last for _, last in others]
    for start, end in united(spans):
        for first, last in others[bisect_right(ends, start) :]:
            if first >= end:
                break
            left.append((start, first))
            start = last
        left.append((start, end))
    return [(start, end) for start, end in left if end - start >= shortest]


def _edges(lane: Lane) -> Hysteresis:
    gap, shortest = (round(seconds * FRAMES_A_SECOND) for seconds in (lane.gap, lane.shortest))
    return Hysteresis(lane.high, lane.low, gap, shortest)


def _alone(lane: Lane) -> Hysteresis | None:
    return Hysteresis(lane.alone, lane.alone * 0.75, shortest=3) if lane.alone else None


def _within(scores: np.ndarray, span: Span) -> np.ndarray:
    """The scores of the windows that hear something of a span; 0 where there are none."""
    first, last = max(0, int(span[0] / SECONDS) - 1), int(np.ceil(span[1] / SECONDS))
    heard = scores[first:last]
    return heard if len(heard) else np.zeros(1)


def _finding(name: str, span: Span, scores: np.ndarray) -> Finding:
    start, end = (round(second, 2) for second in span)
    sure = float(_within(scores, span).mean())
    return Finding("sound", name, place=Place(start, end), confidence=sure, language="en")
