"""One asset as analysers see it: what `indexing.analysers.contract.Media` promises, for a file on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyvips

from dam import env
from indexing.analysers.contract import Frame, MediaError, MediaKind, Sound
from indexing.decoding import child, containers, credentials, films, kept_frames, signatures, sound, stills
from indexing.decoding.limits import LIMITS

PICTURES = ("thumb-small", "thumb-large", "poster")
LARGEST = 1280  # pixels: the long side of thumb-large and poster, where the original has so many
PIECE = 600.0  # seconds of sound joined at a time by `samples`
FRAMES_DIR = env.HOME / "cache" / "frames"
FRAMES_BYTES = env.number("FRAME_CACHE_BYTES", 4 * 2**30)


class LocalMedia:
    """Pictures come from our own renditions where they are large enough, everything else from the original,
    decoded in another process. `original` is a file, or fetches one when it is first asked for; `renditions`
    maps names of renditions to files; `kept` holds the frames that were decoded before."""

    def __init__(
        self,
        kind: MediaKind,
        original: Path | Callable[[], Path],
        duration: float | None,
        renditions: Mapping[str, Path],
        kept: kept_frames.KeptFrames | None = None,
    ) -> None:
        self.kind = kind
        self._original = original
        self.duration = duration
        self.renditions = renditions
        self.kept = kept

    @cached_property
    def original(self) -> Path:
        """The file of the original."""
        return self._original() if callable(self._original) else self._original

    def picture(self, long_side: int) -> np.ndarray:
        """The upright still, or the poster of a film: RGB uint8 (height, width, 3), never enlarged.

        Raises MediaError for sound without a cover, and for what cannot be decoded.
        """
        own = self._own_picture(long_side)
        if own is not None:
            return own
        if self.kind == "image":
            return child.call(
                stills.picture, self.original, self._form, long_side, seconds=LIMITS.still_seconds
            )
        if self.kind == "video":
            return next(films.frames(self._film, [(self.duration or 0) / 3], long_side)).pixels
        raise MediaError("A recording has no picture.")

    def frames(self, seconds: Sequence[float], long_side: int) -> Iterator[Frame]:
        """The frames of a film shown at those seconds, ascending; a still is shown at every second.

        Frames of 320 to 1280 pixels are kept for whoever asks next, at any of these sizes.
        """
        if self.kind == "image":
            pixels = self.picture(long_side)
            return iter([Frame(second, pixels) for second in sorted(set(seconds))])
        if self.kept and kept_frames.SMALLEST <= long_side <= kept_frames.LONG_SIDE:
            return self.kept.frames(seconds, long_side, self._decoded)
        return self._decoded(seconds, long_side)

    def _decoded(self, seconds: Sequence[float], long_side: int) -> Iterator[Frame]:
        return films.frames(self._film, seconds, long_side)

    def stream(self, width: int, height: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Every frame in chunks of at most 32 MiB: (seconds (n,), RGB uint8 (n, height, width, 3))."""
        return films.stream(self._film, width, height)

    def samples(self, rate: int) -> np.ndarray:
        """All the sound, mono float32 at `rate`. Raises MediaError where it is too long to hold at once."""
        pieces: list[np.ndarray] = []
        for piece in self.sample_chunks(rate, PIECE):
            pieces.append(piece)
            if sum(each.nbytes for each in pieces) > LIMITS.whole_sound:
                raise MediaError("The recording is too long to be held in memory at once.")
        return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)

    def sample_chunks(self, rate: int, seconds: float) -> Iterator[np.ndarray]:
        """The sound in pieces of `seconds`, mono float32 at `rate`; nothing where there is no sound."""
        if self.sound():
            yield from sound.sample_chunks(self.original, self.duration, rate, seconds)

    def sound(self) -> Sound | None:
        """How the first stream of sound was recorded; None without sound. Raises MediaError."""
        if self.kind == "image":
            return None
        streams = self._facts["details"]["streams"]
        found = next((each for each in streams if each["type"] == "audio"), None)
        return Sound(found["rate"], found["channels"]) if found else None

    def channel_chunks(self, rate: int, seconds: float) -> Iterator[np.ndarray]:
        """The sound unmixed, in pieces of `seconds`: float32 (channels, n); nothing without sound."""
        if recorded := self.sound():
            yield from sound.channel_chunks(self.original, self.duration, rate, seconds, recorded.channels)

    def manifest(self) -> Mapping[str, Any] | None:
        """The C2PA manifest store of the original, read in another process. Raises MediaError where that
        process crashes or takes too long."""
        return child.call(credentials.read, self.original, seconds=LIMITS.probe_seconds)

    def _own_picture(self, long_side: int) -> np.ndarray | None:
        """From a WebP that we made ourselves, the smallest that is large enough; decoded in this process.

        A large thumbnail that is smaller than the largest has the size of its original.
        """
        for name in PICTURES:
            path = self.renditions.get(name)
            if path is None or not path.exists():
                continue
            image = pyvips.Image.thumbnail(str(path), long_side, height=long_side, size="down")
            has = max(image.width, image.height)
            if has >= long_side or (name != "thumb-small" and has < LARGEST):
                return _rgb(image)
        return None

    @cached_property
    def _form(self) -> str:
        return signatures.format_of(self.original) or "unknown"

    @cached_property
    def _facts(self) -> dict[str, Any]:
        return child.call(containers.describe, self.original, seconds=LIMITS.probe_seconds)

    @cached_property
    def _film(self) -> films.Film:
        if self.kind != "video":
            raise MediaError(
                f"There are no frames in {'a recording' if self.kind == 'audio' else 'a still'}."
            )
        return films.Film.from_facts(self.original, self._facts)


def open_media(
    kind: MediaKind,
    original: Path | Callable[[], Path],
    duration: float | None,
    renditions: Mapping[str, Path] | None = None,
    identity: str = "",
) -> LocalMedia:
    """The media of one asset. Nothing is read until something is asked for.

    `identity` is the SHA-256 of the original, without which its frames are not kept.
    """
    keeps = identity and kind == "video"
    kept = kept_frames.KeptFrames(FRAMES_DIR, identity, FRAMES_BYTES) if keeps else None
    return LocalMedia(kind, original, duration, renditions or {}, kept)


def _rgb(image: pyvips.Image) -> np.ndarray:
    return np.ndarray((image.height, image.width, 3), np.uint8, image.write_to_memory())
