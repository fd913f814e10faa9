"""What a picture looks like from afar, as bits that survive copying: a perceptual hash."""

from __future__ import annotations

import imagehash
import numpy as np
from PIL import Image

SIDE = 12
BITS = SIDE * SIDE
SPACE = f"phash-{BITS}"
"""144 bits, chosen by measurement: with 64, two of 18,000 pairs of unrelated photographs lie as near as a
copy that lost 4 % on each side; with 256, four in ten of such copies differ in more than a quarter."""

NEAR = 0.25
"""The share of differing bits up to which two pictures are copies (see tests.bench.bench_likeness)."""

FLAT = 3.0
"""Standard deviation of luma (of 255) below which a picture is a plain surface, and all such hash alike."""

_MIRROR = np.tile(np.where(np.arange(SIDE) % 2, -1.0, 1.0), SIDE).astype(np.float32)


def perceptual_hash(rgb: np.ndarray) -> np.ndarray | None:
    """The hash of an RGB picture (height, width, 3) of uint8 as a unit vector (144,) of float32.

    Each bit is +1 or -1 over 12, so that an inner product tells the share of bits that differ. It is the sign
    of the lowest frequencies of the picture's cosine transform against their median (Zauner 2010,
    "Implementation and benchmarking of perceptual image hash functions", section 3.2.1). None for a plain
    surface, such as a black frame: it looks like every other one.
    """
    picture = Image.fromarray(rgb)
    small = np.asarray(picture.convert("L").resize((64, 64), Image.Resampling.BOX), np.float32)
    if small.std() < FLAT:
        return None
    bits = imagehash.phash(picture, hash_size=SIDE).hash.ravel()
    return np.where(bits, 1 / SIDE, -1 / SIDE).astype(np.float32)


def mirrored(vector: np.ndarray) -> np.ndarray:
    """About the hash of the same picture seen in a mirror.

    Mirroring turns the sign of every odd horizontal frequency; the median, which stands for zero, hardly
    moves. On 110 photographs it differs from the hash of the mirrored pixels in 3 % of the bits, 8 % at most.
    """
    return vector * _MIRROR


def difference(inner_product: float) -> float:
    """The share of bits in which two hashes differ, 0..1, from the inner product of their vectors."""
    return (1 - inner_product) / 2


def agreement(share: float) -> float:
    """The inner product of two hashes that differ in that share of their bits."""
    return 1 - 2 * share
