"""Copies found after edits, colours named, forms told apart, safe pictures left alone.

Run: python -m tests.bench.bench_likeness
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

from dam.env import BASE_DIR
from indexing import weights
from indexing.engines.colours import _survey, dominant
from indexing.engines.exposure import quality
from indexing.engines.forms import form_of
from indexing.engines.nsfw import OpenNsfw
from indexing.engines.perceptual_hash import BITS, NEAR, difference, mirrored, perceptual_hash
from tests.bench.made_forms import document, drawing

MEDIA = BASE_DIR.parent / "shared" / "media"
PHOTOS = MEDIA / "photos_coco" / "images"
SCREENSHOTS = BASE_DIR / "screenshots"
MADE = 60
NEW = 1000
"""Made pictures from this number on were never looked at while the limits were chosen."""
Edit = Callable[[Image.Image], Image.Image]


def cropped(share: float) -> Edit:
    def crop(picture: Image.Image) -> Image.Image:
        width, height = picture.size
        x, y = int(share * width), int(share * height)
        return picture.crop((x, y, width - x, height - y))

    return crop


def recompressed(picture: Image.Image, quality: int = 30) -> Image.Image:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def marked(picture: Image.Image) -> Image.Image:
    copy = picture.copy()
    pen = ImageDraw.Draw(copy, "RGBA")
    font = ImageFont.load_default(size=max(12, copy.height // 9))
    pen.text((0.05 * copy.width, 0.8 * copy.height), "PREVIEW COPY", fill=(255, 255, 255, 150), font=font)
    return copy


def everything(picture: Image.Image) -> Image.Image:
    small = ImageEnhance.Brightness(cropped(0.02)(picture)).enhance(1.15)
    return recompressed(marked(small).resize((picture.width // 2, picture.height // 2)), 40)


EDITS: dict[str, Edit] = {
    "half the size": lambda each: each.resize((each.width // 2, each.height // 2)),
    "JPEG quality 30": recompressed,
    "2 % off each side": cropped(0.02),
    "4 % off each side": cropped(0.04),
    "watermark": marked,
    "30 % brighter": lambda each: ImageEnhance.Brightness(each).enhance(1.3),
    "30 % darker": lambda each: ImageEnhance.Brightness(each).enhance(0.7),
    "grey": lambda each: each.convert("L").convert("RGB"),
    "turned by 2 degrees": lambda each: each.rotate(2, resample=Image.Resampling.BICUBIC),
    "mirrored": ImageOps.mirror,
    "crop, mark, resize, JPEG": everything,
}


def hashes(pictures: Iterable[Image.Image]) -> np.ndarray:
    found = [perceptual_hash(np.asarray(picture)) for picture in pictures]
    return np.stack([np.zeros(BITS, np.float32) if each is None else each for each in found])


def copies(photos: Sequence[Image.Image]) -> None:
    """Recall of each edit, and false matches among all pairs, straight and mirrored."""
    begin = time.perf_counter()
    base = hashes(photos)
    spent = time.perf_counter() - begin
    print(f"\nCopies: {BITS}-bit pHash (imagehash, BSD-2; no weights), threshold {NEAR} of the bits")
    print(f"  {1000 * spent / len(photos):.1f} ms a photograph of 640 pixels")
    for name, edit in EDITS.items():
        other = hashes(map(edit, photos))
        straight = difference(np.einsum("ij,ij->i", base, other))
        turned = difference(np.einsum("ij,ij->i", mirrored(base), other))
        nearest = np.minimum(straight, turned)
        print(f"  {name}: recall {np.mean(nearest <= NEAR):.3f}, farthest {nearest.max():.3f}")
    upper = np.triu_indices(len(photos), 1)
    pairs = np.concatenate([difference(base @ base.T)[upper], difference(base @ mirrored(base).T)[upper]])
    print(f"  unrelated pairs: {np.sum(pairs <= NEAR)} of {len(pairs)} match, nearest {pairs.min():.3f}")
    pages = hashes(Image.fromarray(document(number)) for number in range(MADE))
    pairs = difference(pages @ pages.T)[np.triu_indices(len(pages), 1)]
    print(f"  different pages of text: {np.sum(pairs <= NEAR)} of {len(pairs)} match")


def seen(picture: Image.Image) -> np.ndarray:
    """As the analyser sees it: from our own lossy thumbnail, 512 pixels."""
    picture = picture.copy()
    picture.thumbnail((1280, 1280))
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=80, method=1)
    small = Image.open(buffer).convert("RGB")
    small.thumbnail((512, 512))
    return np.asarray(small)


def forms(photos: Sequence[Image.Image]) -> None:
    """What is claimed of pictures of each form. The limits were chosen on every other screenshot, on made
    pictures of other numbers, and with an eye on these photographs."""
    sets: dict[str, Iterable[Image.Image]] = {
        "photograph": photos,
        "document": (Image.fromarray(document(number)) for number in range(NEW, NEW + MADE)),
        "drawing": (Image.fromarray(drawing(number)) for number in range(NEW, NEW + MADE)),
    }
    if SCREENSHOTS.is_dir():
        paths = sorted(SCREENSHOTS.glob("*.png"))[1::2]
        sets["screenshot"] = (Image.open(path).convert("RGB") for path in paths)
    print(
        "\nForms: documents, drawings and screenshots that no limit was chosen on; photographs that were seen"
    )
    for truth, pictures in sets.items():
        found = [form_of(seen(picture)) for picture in pictures]
        claims = Counter(form.name if form else "no claim" for form in found)
        claimed = len(found) - claims["no claim"]
        print(f"  {truth}: {len(found)} pictures, right {claims[truth]} of {claimed} claims; {dict(claims)}")


def looks(photos: Sequence[Image.Image]) -> None:
    tree, numbers = _survey()
    others = tree.query(tree.data, k=2)[1][:, 1]
    right = np.mean(numbers[others] == numbers)
    print(f"\nColours: {len(numbers)} surveyed colours; {right:.3f} named like their nearest other")
    frames = [seen(picture) for picture in photos[:40]]
    for name, measure in (("colours", dominant), ("quality", quality), ("form", form_of)):
        begin = time.perf_counter()
        for pixels in frames:
            measure(pixels)  # type: ignore[operator]
        print(
            f"  {name}: {1000 * (time.perf_counter() - begin) / len(frames):.1f} ms a picture of 512 pixels"
        )


def sensitive(photos: Sequence[Image.Image]) -> None:
    """False flags on safe pictures. There are no others here, so recall is not measured."""
    if not weights.available("open-nsfw"):
        print(weights.shelf().reason("open-nsfw"))
        return
    network = OpenNsfw(weights.path("open-nsfw"), 1)
    faces = [Image.open(path).convert("RGB") for path in sorted((MEDIA / "faces").glob("*.jpg"))]
    pictures = [*photos, *faces]
    begin = time.perf_counter()
    scores = np.array([network.score(np.asarray(picture)) for picture in pictures])
    spent = time.perf_counter() - begin
    print(f"\nSensitive: open_nsfw (BSD-2-Clause), {1000 * spent / len(pictures):.0f} ms a picture")
    print(f"  {len(pictures)} safe pictures: {np.mean(scores < 0.02):.2f} of them below 0.02")
    for threshold in (0.2, 0.5, 0.8):
        print(f"  flagged from {threshold}: {np.sum(scores >= threshold)}")


def main() -> None:
    if not PHOTOS.is_dir():
        print(f"The labelled photographs are not here: {PHOTOS}")
        return
    photos = [Image.open(path).convert("RGB") for path in sorted(Path(PHOTOS).iterdir())]
    copies(photos)
    looks(photos)
    forms(photos)
    sensitive(photos)


if __name__ == "__main__":
    main()
