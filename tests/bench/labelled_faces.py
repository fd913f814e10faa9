"""The labelled portraits with whose face is whose, what can be done to them, and faces of strangers."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image

from dam.env import BASE_DIR
from indexing import weights
from indexing.engines.face_detector import Face, FaceDetector
from indexing.engines.face_embedder import FaceEmbedder, align
from indexing.engines.face_quality import FLOOR, quality

MEDIA = BASE_DIR.parent / "shared" / "media"
FACES = MEDIA / "faces"
STRANGERS = MEDIA / "photos_coco" / "images"
PEOPLE = {
    "alex-lacamoire": ["alex_lacamoire"],
    "johnsnow_test": ["kit_harington"],
    "32bit": ["obama"],
    "obama3": ["obama"],
    "obama_partial_face": ["obama"],
    "kit_with_rose": ["rose_leslie", "kit_harington"],
    "obama_and_biden": ["biden", "obama", "somebody"],
    "two_people": ["obama", "biden"],
} | {f"obama-{height}p": ["obama"] for height in (240, 480, 720, 1080)}
"""Who is in a picture, from left to right, where the file's name does not say so plainly."""
COPY = 40.0
"""Two aligned faces of a person whose pixels differ by less on average come from one photograph: no test of
recognition. Copies differ by up to 35, others by 45 and more."""
LONG_SIDE = 2560
Change = Callable[[np.ndarray, float], np.ndarray]


def narrowed(width: float) -> Change:
    """To faces of so many pixels."""
    return lambda rgb, face: cv2.resize(
        rgb, None, fx=width / face, fy=width / face, interpolation=cv2.INTER_AREA
    )


def blurred(share: float) -> Change:
    """By a Gaussian of that share of the face's width."""
    return lambda rgb, face: cv2.GaussianBlur(rgb, (0, 0), share * face)


def lit(gain: float, shift: float) -> Change:
    """Darker, brighter, flatter."""
    return lambda rgb, face: np.clip(rgb * gain + shift, 0, 255).astype(np.uint8)


def mirrored(rgb: np.ndarray, face: float) -> np.ndarray:
    return np.ascontiguousarray(rgb[:, ::-1])


CHANGES: Sequence[Change] = [
    narrowed(30),
    narrowed(45),
    blurred(0.015),
    blurred(0.025),
    lit(0.4, 0),
    lit(1.0, 80),
    lit(0.5, 120),
    mirrored,
]


class Labelled(NamedTuple):
    """A face: whose, in which file, the aligned pixels, the unit vector and the quality."""

    person: str
    file: str
    pixels: np.ndarray
    vector: np.ndarray
    quality: float


class Engines:
    """The detector and the embedder in use."""

    def __init__(self, threads: int) -> None:
        self.detector = FaceDetector(weights.path("yunet"), threads)
        self.embedder = FaceEmbedder(weights.path("sface"), threads)

    def label(self, rgb: np.ndarray, face: Face, person: str, file: str) -> Labelled:
        size = np.array(rgb.shape[1::-1])
        pixels = align(rgb, face.landmarks)
        worth = quality(pixels, face.landmarks * size, face.region.w * size[0])
        return Labelled(person, file, pixels, self.embedder.embed([pixels])[0], worth)


def load(path: Path) -> np.ndarray:
    picture = Image.open(path).convert("RGB")
    picture.thumbnail((LONG_SIDE, LONG_SIDE))
    return np.asarray(picture)


def portraits() -> Iterator[tuple[str, list[str], np.ndarray]]:
    """Each file with who is in it from left to right and its pixels."""
    with (FACES / "manifest.csv").open() as rows:
        for row in csv.DictReader(rows):
            identity = row["identity_from_path"]
            yield row["file"], PEOPLE.get(identity, [identity]), load(FACES / row["file"])


def labelled(engines: Engines) -> list[Labelled]:
    """Every labelled face that was found."""
    return [
        engines.label(rgb, face, person, file)
        for file, people, rgb in portraits()
        for person, face in zip(people, left_to_right(engines, rgb), strict=False)
    ]


def changed(engines: Engines) -> list[Labelled]:
    """The same faces made worse, found anew, where one face is alone in its picture."""
    found = []
    for file, people, rgb in portraits():
        faces = engines.detector.detect(rgb)
        if len(people) != 1 or not faces:
            continue
        width = faces[0].region.w * rgb.shape[1]
        small = narrowed(160)(rgb, width) if width > 160 else rgb
        for change in CHANGES:
            worse = change(small, min(width, 160))
            found += [
                engines.label(worse, face, people[0], file) for face in engines.detector.detect(worse)[:1]
            ]
    return found


def strangers(engines: Engines) -> list[Labelled]:
    """Faces in photographs of everyday life: no two of them are taken to be one person."""
    found = []
    for path in sorted(STRANGERS.iterdir()):
        rgb = load(path)
        for number, face in enumerate(engines.detector.detect(rgb)):
            found.append(engines.label(rgb, face, f"{path.stem} {number}", path.name))
    return [face for face in found if face.quality >= FLOOR]


def left_to_right(engines: Engines, rgb: np.ndarray) -> list[Face]:
    return sorted(engines.detector.detect(rgb), key=lambda face: face.region.x)


def photographs(faces: Sequence[Labelled]) -> dict[tuple[str, str], int]:
    """Numbers by person and file, the same for copies, cuts and sizes of one photograph."""
    numbers: dict[tuple[str, str], int] = {}
    for at, face in enumerate(faces):
        earlier = (other for other in faces[:at] if other.person == face.person and _copies(face, other))
        first = next(earlier, None)
        numbers[face.person, face.file] = numbers[first.person, first.file] if first else at
    return numbers


def pairs(
    ones: Sequence[Labelled], others: Sequence[Labelled], numbers: dict[tuple[str, str], int]
) -> tuple[np.ndarray, np.ndarray]:
    """The cosines of all pairs that show one person in two photographs, and of those that show two people."""
    same, different = [], []
    for at, one in enumerate(ones):
        for other in others[at + 1 :] if ones is others else others:
            cosine = float(one.vector @ other.vector)
            if one.person != other.person:
                different.append(cosine)
            elif numbers[one.person, one.file] != numbers[other.person, other.file]:
                same.append(cosine)
    return np.array(same), np.array(different)


def _copies(one: Labelled, other: Labelled) -> bool:
    return float(np.abs(one.pixels.astype(int) - other.pixels).mean()) < COPY
