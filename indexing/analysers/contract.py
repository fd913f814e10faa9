"""What an analyser is: a pure function from media to findings, with a name, a version and a model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

import numpy as np

MediaKind = Literal["image", "video", "audio"]
Queue = Literal["io", "cpu", "gpu"]


class Region(NamedTuple):
    """A box in 0..1 of the upright frame: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class Place:
    """Where in an asset: a half-open span in seconds, a region, both, or (empty) all of it."""

    start: float | None = None
    end: float | None = None
    region: Region | None = None


EVERYWHERE = Place()


@dataclass(frozen=True, eq=False)
class Vector:
    """A unit vector of float32 in a named space, standing for a place."""

    space: str
    values: np.ndarray
    place: Place = EVERYWHERE


@dataclass(frozen=True)
class Finding:
    """One fact found. `children` are its parts (the words of a speech segment).

    `vector` describes just this fact (the face in a box) and lives and dies with it. `accepted` is true of
    earlier facts that the file itself states or that a person accepted.
    """

    kind: str
    text: str = ""
    number: float | None = None
    place: Place = EVERYWHERE
    confidence: float | None = None
    language: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    children: Sequence[Finding] = ()
    vector: Vector | None = None
    accepted: bool = False


class Frame(NamedTuple):
    """An upright RGB picture, uint8 of shape (height, width, 3), at a second of its asset."""

    second: float
    pixels: np.ndarray


class Sound(NamedTuple):
    """The sound of a file as it was recorded: samples a second, and channels."""

    rate: int
    channels: int


class Media(Protocol):
    """One asset as an analyser sees it. Decoding happens elsewhere, within limits."""

    kind: MediaKind
    duration: float | None

    def picture(self, long_side: int) -> np.ndarray:
        """The upright still, or the poster of a film: RGB uint8, long side at most `long_side` pixels."""
        ...

    def frames(self, seconds: Sequence[float], long_side: int) -> Iterator[Frame]:
        """The frames of a film shown at those seconds, in order."""
        ...

    def stream(self, width: int, height: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Every frame in chunks: (seconds of shape (n,), RGB uint8 of shape (n, height, width, 3))."""
        ...

    def samples(self, rate: int) -> np.ndarray:
        """The sound, mixed to mono: float32 in -1..1 at `rate` samples a second; empty without sound."""
        ...

    def sample_chunks(self, rate: int, seconds: float) -> Iterator[np.ndarray]:
        """The same sound in consecutive chunks of that many seconds, the last one shorter."""
        ...

    def sound(self) -> Sound | None:
        """How the sound was recorded; None without sound."""
        ...

    def channel_chunks(self, rate: int, seconds: float) -> Iterator[np.ndarray]:
        """The sound unmixed, in consecutive chunks of that many seconds: float32 of shape (channels, n)."""
        ...

    def manifest(self) -> Mapping[str, Any] | None:
        """The file's C2PA manifest store and its validation, or None where it has none; see
        indexing.decoding.credentials.read."""
        ...


class Checkpoint(Protocol):
    """Where a long analysis keeps how far it came, for the next attempt with the same identity."""

    def load(self) -> bytes | None:
        """What was saved last by an attempt that did not end, or None."""
        ...

    def save(self, data: bytes) -> None:
        """Keep this instead of what was saved before; whole or not at all."""
        ...


class NoCheckpoint:
    """Keeps nothing: each attempt begins anew."""

    def load(self) -> bytes | None:
        return None

    def save(self, data: bytes) -> None:
        """Let go of it."""


NOTHING_KEPT = NoCheckpoint()


@dataclass(frozen=True)
class Watched:
    """A word, name or phrase of a watch list (its id) that may be said in an asset.

    `language` (BCP 47) is that of the text, empty for any; `sounds` are ways to say it, each in phones
    (IPA). Without any it is looked for as it is written only.
    """

    text: str
    list: int
    language: str = ""
    sounds: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Context:
    """What an analyser may use besides the media: weights on disk, and what was found before it.

    `facts` gives the asset's facts of a kind, `vectors` its vectors in a space, both in order of time.
    `hints` gives names and words that may be said or written in it, the most useful first. `checkpoint` lets
    a long analysis go on where it was cut off, `progress` is told how many seconds of the media are done.
    `watched` gives what watch lists look for in the asset.
    """

    weights: Callable[[str], Path]
    facts: Callable[[str], Sequence[Finding]] = lambda kind: ()
    vectors: Callable[[str], Sequence[Vector]] = lambda space: ()
    hints: Callable[[], Sequence[str]] = lambda: ()
    checkpoint: Checkpoint = NOTHING_KEPT
    progress: Callable[[float], None] = lambda second: None
    watched: Callable[[], Sequence[Watched]] = lambda: ()
    threads: int = 1


class Analyser(Protocol):
    """An analyser. Identity is (name, version, model): a change of any makes earlier runs stale.

    `kinds` are the kinds of fact it finds, `applies_to` the kinds of media it reads, `depends` the
    analysers whose facts it needs, `weights` the names in the weights manifest it cannot do without, and
    `spaces` the vector spaces it fills with their dimensions.
    """

    name: str
    version: str
    model: str
    kinds: Sequence[str]
    applies_to: Sequence[MediaKind]
    depends: Sequence[str]
    queue: Queue
    weights: Sequence[str]
    spaces: Mapping[str, int]

    def analyse(self, media: Media, context: Context) -> Iterable[Finding | Vector]:
        """Yield what is found. Raises MediaError where the media cannot be read."""
        ...


@runtime_checkable
class StillsAnalyser(Analyser, Protocol):
    """An analyser whose model is faster with several pictures at once, as on a GPU."""

    def analyse_stills(
        self, media: Sequence[Media], context: Context
    ) -> Sequence[Sequence[Finding | Vector]]:
        """What is found in each of several stills. The context is the first one's; its facts are of no use.

        Raises MediaError where any of them cannot be read; then each is analysed alone.
        """
        ...


class MediaError(Exception):
    """The media cannot be decoded; the message is for a person."""
