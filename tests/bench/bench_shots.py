"""F1 of shot boundaries by kind, frames a second, and how good representative frames are, by detector.

Run: python -m tests.bench.bench_shots

`hardcuts` is a labelled film, right within two frames. `made` is spliced here from photographs that drift, by
cuts, dissolves of 6 to 24 frames, fades through black and through white, with flashes of light inside the
shots; right within the transition and two frames. Nothing is tuned on it.
"""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np

from dam.env import BASE_DIR
from indexing import weights
from indexing.analysers.contract import Frame
from indexing.analysers.representatives import representatives
from indexing.decoding.clarity import is_blank
from indexing.engines.shots import HEIGHT, WIDTH, PySceneDetect, Shot, ShotDetector, TransNetV2
from indexing.media import open_media

MEDIA = BASE_DIR.parent / "shared" / "media"
RATE = 24
PHOTOGRAPHS = 49
LARGE = 256, 144


class Boundary(NamedTuple):
    """A transition: its kind, and the first and last frame at which a cut is right."""

    kind: str
    first: int
    last: int


class Film(NamedTuple):
    """Frames of 48x27 for the detectors, larger ones for the eye, the truth, and where flashes are."""

    small: np.ndarray
    large: np.ndarray
    truth: list[Boundary]
    flashes: list[int]
    mixed: np.ndarray

    @property
    def seconds(self) -> np.ndarray:
        return np.arange(len(self.small)) / RATE


def hardcuts() -> Film:
    rows = list(csv.DictReader((MEDIA / "video_shots" / "hardcuts_shots.csv").open()))
    media = open_media("video", MEDIA / "video_shots" / "hardcuts.mp4", float(rows[-1]["end_s"]))
    large = np.concatenate([frames for _, frames in media.stream(*LARGE)])
    small = np.concatenate([frames for _, frames in media.stream(WIDTH, HEIGHT)])
    truth = [Boundary("cut", cut - 2, cut + 2) for cut in (int(row["first_frame"]) for row in rows[1:])]
    return Film(small, large, truth, [], np.zeros(len(small), bool))


def made(seed: int = 3) -> Film:
    """48 transitions of four kinds in turn, flashes in every other shot."""
    chance = random.Random(seed)
    photographs = sorted((MEDIA / "photos_coco").rglob("*.jpg"))[:PHOTOGRAPHS]
    film: list[np.ndarray] = list(_drift(cv2.imread(str(photographs[0])), chance))
    truth, flashes, mixed = [], [], set[int]()
    for number, photograph in enumerate(photographs[1:]):
        shot = list(_drift(cv2.imread(str(photograph)), chance))
        splice = (_cut, _dissolve, _through_black, _through_white)[number % 4]
        film, boundary = splice(film, shot, chance)
        truth.append(boundary)
        mixed |= set(range(boundary.first + 2, boundary.last - 1)) if boundary.kind != "cut" else set()
        if number % 2:
            flash = len(film) - 30
            film[flash : flash + 2] = [frame * 0.3 + 178 for frame in film[flash : flash + 2]]
            flashes.append(flash)
    large = np.stack([_bytes(frame) for frame in film])
    small = np.stack([cv2.resize(each, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA) for each in large])
    return Film(small, large, truth, flashes, np.isin(np.arange(len(large)), list(mixed)))


def _drift(photograph: np.ndarray, chance: random.Random) -> Iterator[np.ndarray]:
    """A window that moves over the photograph for two to four seconds."""
    height, width = (int(side * 0.7) for side in photograph.shape[:2])
    steps, grain = chance.randint(60, 96), np.random.default_rng(chance.randint(0, 99))
    for step in range(steps):
        shift = 0.25 * step / steps
        top, left = int(shift * photograph.shape[0]), int(shift * photograph.shape[1])
        seen = cv2.resize(photograph[top : top + height, left : left + width, ::-1], LARGE)
        yield _bytes(seen + grain.normal(0, 1.5, seen.shape))


def _bytes(frame: np.ndarray) -> np.ndarray:
    pixels: np.ndarray = np.clip(frame, 0, 255).astype(np.uint8)
    return pixels


def _cut(film: list, shot: list, chance: random.Random) -> tuple[list, Boundary]:
    return film + shot, Boundary("cut", len(film) - 2, len(film) + 2)


def _dissolve(film: list, shot: list, chance: random.Random) -> tuple[list, Boundary]:
    length = chance.choice((6, 12, 18, 24))
    start = len(film) - length
    shares = [(step + 1) / (length + 1) for step in range(length)]
    mixed = [film[start + n] * (1 - share) + shot[n] * share for n, share in enumerate(shares)]
    return film[:start] + mixed + shot[length:], Boundary("dissolve", start - 2, len(film) + 2)


def _through_black(film: list, shot: list, chance: random.Random) -> tuple[list, Boundary]:
    return _through(0.0, "fade through black", film, shot, chance)


def _through_white(film: list, shot: list, chance: random.Random) -> tuple[list, Boundary]:
    return _through(255.0, "fade through white", film, shot, chance)


def _through(level: float, kind: str, film: list, shot: list, chance: random.Random) -> tuple[list, Boundary]:
    length = chance.choice((6, 10, 14))
    shares = [(step + 1) / length for step in range(length)]
    away = [frame * (1 - share) + level * share for frame, share in zip(film[-length:], shares, strict=True)]
    back = [frame * share + level * (1 - share) for frame, share in zip(shot[:length], shares, strict=True)]
    whole = film[:-length] + away + back + shot[length:]
    return whole, Boundary(kind, len(film) - length - 2, len(film) + length + 2)


def measure(label: str, detector: ShotDetector, film: Film) -> list[Shot]:
    """Print the scores of a detector. Precision is of all cuts found; recall also by kind."""
    begin = time.perf_counter()
    shots = detector.detect([(film.seconds, film.small)])
    taken = time.perf_counter() - begin
    found = np.searchsorted(film.seconds, [shot.start - 1e-6 for shot in shots[1:]]).tolist()
    print(f"{label}: F1 {_scores(found, film.truth)}, {len(film.small) / taken:.0f} frames a second")
    kinds = sorted({boundary.kind for boundary in film.truth})
    for kind in kinds if len(kinds) > 1 else ():
        own = [boundary for boundary in film.truth if boundary.kind == kind]
        others = [boundary for boundary in film.truth if boundary.kind != kind]
        print(f"  {kind}: F1 {_scores([each for each in found if not _hits(each, others)], own)}")
    at_flashes = sum(any(abs(cut - flash) <= 4 for cut in found) for flash in film.flashes)
    print(f"  flashes taken for cuts: {at_flashes} of {len(film.flashes)}", flush=True)
    return shots


def _scores(found: Sequence[int], truth: Sequence[Boundary]) -> str:
    recall = float(np.mean([any(first <= each <= last for each in found) for _, first, last in truth]))
    precision = float(np.mean([_hits(each, truth) for each in found])) if found else 0.0
    score = 2 * precision * recall / max(precision + recall, 1e-9)
    return f"{score:.3f} (precision {precision:.3f}, recall {recall:.3f} of {len(truth)})"


def _hits(frame: int, truth: Sequence[Boundary]) -> bool:
    return any(first <= frame <= last for _, first, last in truth)


class InMemory:
    """A film whose frames are at hand, as an analyser asks for them."""

    kind = "video"

    def __init__(self, film: Film) -> None:
        self.film = film
        self.duration: float | None = len(film.small) / RATE

    def frames(self, seconds: Sequence[float], long_side: int) -> Iterator[Frame]:
        return (Frame(each, self.film.large[self.number(each)]) for each in seconds)

    def number(self, second: float) -> int:
        return min(int(second * RATE + 1e-6), len(self.film.large) - 1)


def measure_frames(film: Film, shots: Sequence[Shot]) -> None:
    """Print how many frames stand for the film, and the shares of bad ones, beside the shots' middles."""
    media = InMemory(film)
    chosen = [frame.second for frames in representatives(media, shots) for frame in frames]  # type: ignore[arg-type]
    middles = [(shot.start + shot.end) / 2 for shot in shots]
    minutes = len(film.small) / RATE / 60
    print(
        f"  representative frames: {len(chosen)} for {len(shots)} shots, {len(chosen) / minutes:.1f} a minute"
    )
    for name, seconds in (("  chosen", chosen), ("  the middle of each shot", middles)):
        numbers = [media.number(second) for second in seconds]
        blank = np.mean([is_blank(film.large[number]) for number in numbers])
        blurred = np.mean([_is_blurred(film, number) for number in numbers])
        mixed = film.mixed[numbers].mean()
        print(f"  {name}: black or blank {blank:.3f}, blurred {blurred:.3f}, mixed {mixed:.3f}")


def _is_blurred(film: Film, number: int) -> bool:
    """Whether the frame has less than half of the usual fine detail of the second around it."""
    around = film.large[max(0, number - RATE // 2) : number + RATE // 2 : 4]
    return _detail(film.large[number]) < 0.5 * float(np.median([_detail(each) for each in around]))


def _detail(pixels: np.ndarray) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.CV_64F).var())


def main() -> None:
    if not MEDIA.is_dir():
        print(f"The labelled media are not here: {MEDIA}")
        return
    detectors: dict[str, ShotDetector] = {"PySceneDetect (no weights)": PySceneDetect()}
    if weights.available("transnetv2"):
        detectors["TransNetV2 (MIT), two threads"] = TransNetV2(weights.path("transnetv2"), threads=2)
    else:
        print(weights.shelf().reason("transnetv2"))
    for title, film in {"hardcuts": hardcuts(), "made": made()}.items():
        for name, detector in detectors.items():
            measure_frames(film, measure(f"{name}, {title}", detector, film))


if __name__ == "__main__":
    main()
