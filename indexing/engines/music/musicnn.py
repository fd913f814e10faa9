"""musicnn: a hundred tags of listeners and annotators, and a vector, for every three seconds of music."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from indexing.engines import onnx
from indexing.engines.mel import MelFront
from indexing.engines.music.musicnn_network import BANDS, DIMENSIONS, FRAMES, TAGS

RATE, HOP, WINDOW = 16_000, 256, 512
SPACE = "musicnn-msd"
SECONDS = FRAMES * HOP / RATE
"""How much sound the network hears at a time: 2.99 seconds."""
AT_ONCE = 2
"""Patches in one call; more take memory and no less time."""
FRONT = MelFront(RATE, WINDOW, HOP, WINDOW, BANDS, 0, RATE / 2, "slaney", 2)

MSD_TAGS = (
    *(
        "rock",
        "pop",
        "alternative",
        "indie",
        "electronic",
        "female vocalists",
        "dance",
        "00s",
        "alternative rock",
    ),
    *(
        "jazz",
        "beautiful",
        "metal",
        "chillout",
        "male vocalists",
        "classic rock",
        "soul",
        "indie rock",
        "Mellow",
    ),
    *("electronica", "80s", "folk", "90s", "chill", "instrumental", "punk", "oldies", "blues", "hard rock"),
    *(
        "ambient",
        "acoustic",
        "experimental",
        "female vocalist",
        "guitar",
        "Hip-Hop",
        "70s",
        "party",
        "country",
    ),
    *("easy listening", "sexy", "catchy", "funk", "electro", "heavy metal", "Progressive rock", "60s", "rnb"),
    *("indie pop", "sad", "House", "happy"),
)
"""Of the Million Song Dataset (Last.fm), in the order of the network's outputs."""
MTT_TAGS = (
    *("guitar", "classical", "slow", "techno", "strings", "drums", "electronic", "rock", "fast", "piano"),
    *(
        "ambient",
        "beat",
        "violin",
        "vocal",
        "synth",
        "female",
        "indian",
        "opera",
        "male",
        "singing",
        "vocals",
    ),
    *("no vocals", "harpsichord", "loud", "quiet", "flute", "woman", "male vocal", "no vocal", "pop", "soft"),
    *("sitar", "solo", "man", "classic", "choir", "voice", "new age", "dance", "male voice", "female vocal"),
    *("beats", "harp", "cello", "no voice", "weird", "country", "metal", "female voice", "choral"),
)
"""Of MagnaTagATune, in the order of the network's outputs."""
NAMES = (*(f"msd:{tag}" for tag in MSD_TAGS), *(f"mtt:{tag}" for tag in MTT_TAGS))


class Heard(NamedTuple):
    """What the networks say of n patches: logits (n, 100) in the order of NAMES, embeddings (n, 200)."""

    logits: np.ndarray
    embeddings: np.ndarray


class MusicNN:
    """Both networks. Raises onnxruntime's own errors where the files are no models."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self._msd = onnx.session(folder / "msd.onnx", threads)
        self._mtt = onnx.session(folder / "mtt.onnx", threads)

    def hear(self, patches: np.ndarray) -> Heard:
        """Log-mel patches (n, 187, 96) as `patches` makes them. The vectors are the first network's."""
        logits = np.empty((len(patches), 2 * TAGS), np.float32)
        embeddings = np.empty((len(patches), DIMENSIONS), np.float32)
        for first in range(0, len(patches), AT_ONCE):
            some = slice(first, first + AT_ONCE)
            logits[some, :TAGS], embeddings[some] = self._msd.run(
                ["logits", "embedding"], {"mel": patches[some]}
            )
            (logits[some, TAGS:],) = self._mtt.run(["logits"], {"mel": patches[some]})
        return Heard(logits, embeddings)


def log_mel(samples: np.ndarray) -> np.ndarray:
    """Mono float32 at 16 kHz to log10(1 + 10000 mel), (frames, 96), 62.5 frames a second."""
    energy = FRONT.spectrogram(np.pad(samples, WINDOW // 2))
    return np.log10(1 + 1e4 * energy)


def patches(frames: np.ndarray) -> np.ndarray:
    """Log-mel frames (m, 96) cut into whole patches (n, 187, 96); less than one is repeated to fill it."""
    if not len(frames):
        return np.empty((0, FRAMES, BANDS), np.float32)
    if len(frames) < FRAMES:
        frames = np.resize(frames, (FRAMES, BANDS))
    count = len(frames) // FRAMES
    return np.ascontiguousarray(frames[: count * FRAMES].reshape(count, FRAMES, BANDS), np.float32)
