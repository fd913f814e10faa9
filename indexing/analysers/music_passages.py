"""Where a recording holds music, and the sound of those passages alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from indexing.analysers.contract import Finding
from indexing.engines.voice_activity import CLASSES, FRAMES_A_SECOND, VoiceActivity

Span = tuple[float, float]

MUSIC = ("music", "singing")
GAP = 3.0
"""Seconds without music that do not end a passage."""
SHORTEST = 3.0
"""Seconds of the shortest passage: the networks hear three at a time."""
MOST = 200
"""Passages of one recording that are described: the longest."""
LIKELY = 0.5
"""The odds of music or singing from which a second is music, where no sounds were found before."""


def passages(sounds: Iterable[Finding]) -> list[Span]:
    """The passages of music, in order, from facts of kind "sound"."""
    return _joined(spans_of(sounds, MUSIC))


def spans_of(sounds: Iterable[Finding], names: Sequence[str]) -> list[Span]:
    """The spans of the sounds of those names, in order."""
    places = [sound.place for sound in sounds if sound.text.casefold() in names]
    return sorted(
        (each.start, each.end) for each in places if each.start is not None and each.end is not None
    )


def overheard(chunks: Iterable[np.ndarray], activity: VoiceActivity) -> list[Span]:
    """The same from the sound itself, mono float32 at 16 kHz: where nothing else has listened before."""
    stream = activity.stream()
    wanted = [CLASSES.index(name) for name in MUSIC]
    odds = [stream.feed(chunk)[:, wanted].max(axis=1) for chunk in chunks]
    frames = np.concatenate([*odds, stream.finish()[:, wanted].max(axis=1)])
    seconds = [frames[n : n + FRAMES_A_SECOND].mean() for n in range(0, len(frames), FRAMES_A_SECOND)]
    return _joined([(float(n), n + 1.0) for n, likely in enumerate(seconds) if likely >= LIKELY])


def share(span: Span, others: Sequence[Span]) -> float:
    """The share of a span that the others cover, where they do not overlap each other."""
    common = (min(span[1], end) - max(span[0], start) for start, end in others)
    return min(1.0, sum(each for each in common if each > 0) / max(span[1] - span[0], 1e-9))


def cut(chunks: Iterable[np.ndarray], spans: Sequence[Span], rate: int) -> Iterator[tuple[int, np.ndarray]]:
    """The pieces of a stream of sound that lie in the spans, each with the number of its span, in order."""
    position = 0
    for chunk in chunks:
        for number, (start, end) in enumerate(spans):
            first = max(0, round(start * rate) - position)
            last = min(len(chunk), round(end * rate) - position)
            if first < last:
                yield number, chunk[first:last]
        position += len(chunk)


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Spans with no more than GAP between them as one, without short ones, the MOST longest of them."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1] + GAP:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    long = [span for span in joined if span[1] - span[0] >= SHORTEST]
    return sorted(sorted(long, key=lambda span: span[0] - span[1])[:MOST])
