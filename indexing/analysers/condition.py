"""What is wrong with a recording: clipping, hum, hiss, dropouts, channels, speed and bandwidth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Place, Queue
from indexing.engines.audio_condition.bandwidth import Bandwidth
from indexing.engines.audio_condition.channels import Channels
from indexing.engines.audio_condition.clipping import Clipping
from indexing.engines.audio_condition.dropouts import Dropouts
from indexing.engines.audio_condition.fault import Detector, Fault
from indexing.engines.audio_condition.hum import MainsHum
from indexing.engines.audio_condition.noise import Noise

DETECTORS = (Clipping, Channels, Dropouts, Noise, MainsHum, Bandwidth)
SECONDS = 10.0  # decoded at a time
SAMPLES = 4_000_000  # of all channels together, at most: 16 MB
RATES = 2000, 192_000  # samples a second between which a recording is read


class Condition:
    """One "condition" for each damage, with its measure, and its span where it does not last throughout."""

    name = "condition"
    version = "1"
    model = "signal rules"
    kinds: Sequence[str] = ("condition",)
    applies_to: Sequence[MediaKind] = ("audio", "video")
    depends: Sequence[str] = ()
    queue: Queue = "cpu"
    weights: Sequence[str] = ()
    spaces: Mapping[str, int] = {}

    def analyse(self, media: Media, context: Context) -> Iterator[Finding]:
        sound = media.sound()
        if sound is None:
            return
        rate = int(np.clip(sound.rate, *RATES))
        seconds = min(SECONDS, SAMPLES / (rate * max(1, sound.channels)))
        for fault in examined(media.channel_chunks(rate, seconds), rate):
            yield _finding(fault)


def examined(blocks: Iterator[np.ndarray], rate: int) -> list[Fault]:
    """The faults of a recording whose pieces, float32 (channels, n) at `rate`, follow each other.

    Samples that are no numbers are counted and taken for silence. Memory depends on the largest piece.
    """
    detectors: Sequence[Detector] = ()
    invalid = 0
    for block in blocks:
        detectors = detectors or [detector(rate, len(block)) for detector in DETECTORS]
        finite = np.isfinite(block)
        invalid += int(finite.size - finite.sum())
        clean = np.where(finite, block, 0).clip(-4, 4)
        for detector in detectors:
            detector.feed(clean)
    faults = [fault for detector in detectors for fault in detector.finish()]
    if invalid:
        faults.append(Fault("invalid samples", invalid, "samples", confidence=1.0))
    return faults


def _finding(fault: Fault) -> Finding:
    def second(value: float | None) -> float | None:
        return None if value is None else round(value, 2)

    return Finding(
        kind="condition",
        text=fault.term,
        number=fault.number,
        place=Place(second(fault.start), second(fault.end)),
        confidence=fault.confidence,
        language="en",
        details={"unit": fault.unit, **fault.details},
    )
