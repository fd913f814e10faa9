"""How loud a recording is by EBU R 128, as a whole and in each section of its music."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from indexing.analysers.contract import EVERYWHERE, Context, Finding, Media, MediaKind, Place, Queue
from indexing.engines.music.loudness import RATE, Loudness, Meter

CHUNK = 10.0  # seconds decoded at a time: 3.8 MB for two channels
QUIET = "Silence"
SHORT = "Too short to be measured"
SHORTEST = 0.4  # seconds of a gating block


class LoudnessAnalyser:
    """One "loudness" for all of it, in LUFS; one for each section of music that can be measured."""

    name = "loudness"
    version = "1"
    model = "EBU R 128 (ITU-R BS.1770, EBU Tech 3342), filters of pyloudnorm 0.2.0"
    kinds: Sequence[str] = ("loudness",)
    applies_to: Sequence[MediaKind] = ("audio", "video")
    depends: Sequence[str] = ("music",)
    queue: Queue = "cpu"
    weights: Sequence[str] = ()
    spaces: Mapping[str, int] = {}

    def analyse(self, media: Media, context: Context) -> Iterator[Finding]:
        recorded = media.sound()
        if recorded is None:
            return
        meter: Meter | None = None
        for piece in media.channel_chunks(RATE, CHUNK):
            meter = meter or Meter(len(piece))
            meter.add(piece)
        if meter is None:
            return
        yield _finding(meter.loudness(), EVERYWHERE, meter)
        for section in context.facts("section"):
            start, end = section.place.start or 0.0, section.place.end or 0.0
            heard = meter.loudness(start, end)
            if heard.integrated is not None:
                yield _finding(heard, section.place, meter)


def _finding(heard: Loudness, place: Place, meter: Meter) -> Finding:
    details = {
        "channels": meter.channels,
        "true_peak": _rounded(heard.true_peak),
        "range": _rounded(heard.span),
    }
    if heard.integrated is None:
        text = QUIET if meter.seconds >= SHORTEST else SHORT
        return Finding("loudness", text, place=place, details=details)
    number = _rounded(heard.integrated)
    return Finding("loudness", f"{number} LUFS", number=number, place=place, details=details)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
