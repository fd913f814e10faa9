"""Run every hostile file and every odd format through the decoders: `python -m tests.bench.bench_hostile`.

Prints how many of each folder were taken in or refused, the slowest file, and what the decoding child costs
beside decoding in one's own process.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import pyvips

from dam.assets.refusals import Refused
from dam.assets.renditions import THUMBNAILS, make_renditions
from dam.assets.sniff import sniff
from dam.assets.technical import probe
from indexing.decoding import child, stills
from indexing.decoding.limits import LIMITS

MEDIA = Path(__file__).resolve().parents[3] / "shared" / "media"


def take_in(path: Path, into: Path) -> int:
    """Sniff, probe and render one file; returns the number of renditions. Raises Refused."""
    sniffed = sniff(path, path.name)
    return len(list(make_renditions(path, sniffed.kind, probe(path, sniffed), into)))


def bench_folder(root: Path) -> None:
    """Print what became of the files under `root`, folder by folder."""
    ends: dict[str, Counter[str]] = defaultdict(Counter)
    slowest, started = (0.0, ""), time.perf_counter()
    for path in sorted(each for each in root.rglob("*") if each.is_file() and each.name != "manifest.csv"):
        begun = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            try:
                take_in(path, Path(folder))
                ends[path.parent.name]["imported"] += 1
            except Refused:
                ends[path.parent.name]["refused"] += 1
        slowest = max(slowest, (time.perf_counter() - begun, path.name))
    print(f"{root.name}: {time.perf_counter() - started:.1f} s, slowest {slowest[0]:.1f} s ({slowest[1]})")
    for name, counted in sorted(ends.items()):
        print(f"  {name:28} imported {counted['imported']:4}  refused {counted['refused']:4}")


def bench_child(photographs: list[Path]) -> None:
    """Print thumbnails a second in the child and in this process, in turns, and the cost of an empty call."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = {Path(folder) / f"{name}.webp": side for name, side in THUMBNAILS.items()}
        child.call(stills.thumbnails, photographs[0], "jpeg", wanted, seconds=LIMITS.still_seconds)
        in_child = bare = 0.0
        for path in photographs:
            args = (path, "jpeg", wanted)
            in_child += _timed(lambda args=args: child.call(stills.thumbnails, *args, seconds=60))  # type: ignore[misc]
            bare += _timed(lambda path=path: _bare(path, wanted))  # type: ignore[misc]
    count = len(photographs)
    print(f"thumbnails: {count / in_child:.1f} photographs/s in the child, {count / bare:.1f}/s bare libvips")
    print(f"an empty call of the child: {_timed(_empty_calls) * 10:.2f} ms")


def _bare(path: Path, wanted: dict[Path, int]) -> None:
    """The same two thumbnails by libvips alone, in this process."""
    largest = max(wanted.values())
    image = pyvips.Image.thumbnail(str(path), largest, height=largest, size="down").copy_memory()
    for target, side in wanted.items():
        stills.write_webp(image, target, side)


def _empty_calls() -> None:
    for _ in range(100):
        child.call(len, (), seconds=60)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    """Print the whole bench."""
    bench_folder(MEDIA / "hostile")
    bench_folder(MEDIA / "formats")
    bench_child(sorted((MEDIA / "photos_coco" / "images").glob("*.jpg")))


if __name__ == "__main__":
    main()
