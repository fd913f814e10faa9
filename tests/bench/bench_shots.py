"""F1 of shot boundaries and frames a second, by detector. Run: python -m tests.bench.bench_shots

`hardcuts` is a labelled film, right within two frames. `made` is spliced here from photographs that drift, by
cuts, dissolves of 12 frames and fades of 20, with flashes; right within the transition and two frames.
"""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Iterator

import cv2
import numpy as np

from dam.env import BASE_DIR
from indexing import weights
from indexing.engines.shots import HEIGHT, WIDTH, PySceneDetect, ShotDetector, TransNetV2
from indexing.media import open_media

MEDIA = BASE_DIR.parent / "shared" / "media"
RATE = 24
Film = tuple[np.ndarray, np.ndarray]  # seconds, frames
Truth = list[tuple[int, int]]  # first and last frame at which a boundary is right


def hardcuts() -> tuple[Film, Truth]:
    rows = list(csv.DictReader((MEDIA / "video_shots" / "hardcuts_shots.csv").open()))
    media = open_media("video", MEDIA / "video_shots" / "hardcuts.mp4", float(rows[-1]["end_s"]))
    seconds, frames = zip(*media.stream(WIDTH, HEIGHT), strict=True)
    cuts = [int(row["first_frame"]) for row in rows[1:]]
    return (np.concatenate(seconds), np.concatenate(frames)), [(cut - 2, cut + 2) for cut in cuts]


def made(count: int = 24, seed: int = 3) -> tuple[Film, Truth]:
    chance = random.Random(seed)
    photos = sorted((MEDIA / "photos_coco").rglob("*.jpg"))[:count]
    film, truth = list(_drift(cv2.imread(str(photos[0])), chance)), []
    for number, photo in enumerate(photos[1:]):
        shot = list(_drift(cv2.imread(str(photo)), chance))
        for flashed in range(20, 20 + chance.randint(0, 3)):
            shot[flashed] = shot[flashed] * 0.3 + 190
        film, boundary = (_cut, _dissolve, _fade)[number % 3](film, shot)
        truth.append(boundary)
    frames = np.clip(np.stack(film), 0, 255).astype(np.uint8)
    return (np.arange(len(frames)) / RATE, frames), truth


def _drift(photo: np.ndarray, chance: random.Random) -> Iterator[np.ndarray]:
    height, width = (int(side * 0.7) for side in photo.shape[:2])
    steps, grain = chance.randint(40, 80), np.random.default_rng(chance.randint(0, 99))
    for step in range(steps):
        shift = 0.25 * step / steps
        top, left = int(shift * photo.shape[0]), int(shift * photo.shape[1])
        small = cv2.resize(photo[top : top + height, left : left + width, ::-1], (WIDTH, HEIGHT))
        yield small + grain.normal(0, 1.5, small.shape)


def _cut(film: list, shot: list) -> tuple[list, tuple[int, int]]:
    return film + shot, (len(film) - 2, len(film) + 2)


def _dissolve(film: list, shot: list, length: int = 12) -> tuple[list, tuple[int, int]]:
    start = len(film) - length
    mixed = [
        film[start + step] * (1 - (step + 1) / (length + 1)) + shot[step] * (step + 1) / (length + 1)
        for step in range(length)
    ]
    return film[:start] + mixed + shot[length:], (start - 2, len(film) + 2)


def _fade(film: list, shot: list, length: int = 10) -> tuple[list, tuple[int, int]]:
    down = [frame * (1 - (step + 1) / length) for step, frame in enumerate(film[-length:])]
    up = [frame * (step / length) for step, frame in enumerate(shot[:length])]
    whole = film[:-length] + down + up + shot[length:]
    return whole, (len(film) - length - 2, len(film) + length + 2)


def measure(label: str, detector: ShotDetector, film: Film, truth: Truth) -> None:
    begin = time.perf_counter()
    shots = detector.detect([film])
    taken = time.perf_counter() - begin
    found = np.searchsorted(film[0], [shot.start - 1e-6 for shot in shots[1:]])
    recall = np.mean([any(first <= each <= last for each in found) for first, last in truth])
    right = [any(first <= each <= last for first, last in truth) for each in found]
    precision = np.mean(right) if right else 0.0
    score = 2 * precision * recall / max(precision + recall, 1e-9)
    print(f"{label}: F1 {score:.3f} (precision {precision:.3f}, recall {recall:.3f} of {len(truth)})")
    print(f"  {len(film[0]) / taken:.0f} frames a second", flush=True)


def main() -> None:
    if not MEDIA.is_dir():
        print(f"The labelled media are not here: {MEDIA}")
        return
    detectors: dict[str, ShotDetector] = {"PySceneDetect": PySceneDetect()}
    if weights.available("transnetv2"):
        detectors["TransNetV2, two threads"] = TransNetV2(weights.path("transnetv2"), threads=2)
    else:
        print(weights.shelf().reason("transnetv2"))
    for title, (film, truth) in {"hardcuts": hardcuts(), "made": made()}.items():
        for name, detector in detectors.items():
            measure(f"{name}, {title}", detector, film, truth)


if __name__ == "__main__":
    main()
