"""The cost of the whole system beside a bare loop over one model. Run: python -m tests.bench.bench_overhead

Two hundred photographs get their joint image-text vector twice: in a plain loop that opens each file, decodes
it and runs the model, and through ingest, planner, queue, worker and database. Renditions are made before
either is timed, because they are made once for everything; the clock of the system runs from the first plan
to the last finished run. The bare loop is timed before and after it, because a machine has moods.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from tests.bench.system import BASE_DIR, manage, pause, running, unpause, whole_system, worker

PHOTOS = BASE_DIR.parent / "shared" / "media" / "photos_coco" / "images"
COUNT = 200
PATIENCE = 600


def gather(folder: Path) -> list[Path]:
    """That many different photographs: the labelled ones, and mirrored copies to make up the number."""
    folder.mkdir()
    sources = sorted(PHOTOS.glob("*.jpg"))
    for number in range(COUNT):
        source = sources[number % len(sources)]
        with Image.open(source) as picture:
            turned = picture if number < len(sources) else ImageOps.mirror(picture)
            turned.convert("RGB").save(folder / f"{number:03}.jpg", quality=90)
    return sorted(folder.iterdir())


def bare_loop(paths: list[Path]) -> float:
    """Seconds of loading the model, decoding each file and running the model on it, with nothing around."""
    from indexing import weights
    from indexing.engines.spaces import open_space

    begin = time.perf_counter()
    model = weights.chosen("text-image")
    space = open_space(model, weights.path(model), threads=1)
    for path in paths:
        with Image.open(path) as picture:
            space.encode_images([np.asarray(picture.convert("RGB"))])
    return time.perf_counter() - begin


def ingest(folder: Path) -> None:
    """Bring the photographs in and make their renditions, with analyses paused."""
    from dam.assets.models import Asset, Rendition

    pause()
    with running("manage.py", "plan", "--watch"), running(*worker("io", 2)):
        manage("ingest", str(folder), "--wait")
        wait_until(lambda: Rendition.objects.filter(name="thumb-large").count() == Asset.objects.count())


def through_the_system() -> float:
    """Seconds from the first plan to the last finished run, with one worker that has loaded nothing yet."""
    from indexing.models import Run

    with running(*worker("cpu")), running("manage.py", "plan", "--watch"):
        time.sleep(15)
        begin = time.perf_counter()
        unpause()
        wait_until(lambda: Run.objects.filter(analyser="clip", state="done").count() == COUNT)
        return time.perf_counter() - begin


def mean_seconds() -> float:
    """Mean seconds of a run from its claim to its facts."""
    from django.db.models import Avg

    from indexing.models import Run

    return float(Run.objects.filter(analyser="clip").aggregate(mean=Avg("seconds"))["mean"])


def wait_until(condition: object) -> None:
    """Look twice a second. Raises TimeoutError when it takes longer than PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise TimeoutError(f"Not done after {PATIENCE} s.")
        time.sleep(0.5)


def main() -> None:
    if not PHOTOS.is_dir():
        print(f"The photographs are not here: {PHOTOS}")
        return
    os.environ["ANALYSERS"] = "clip"
    with whole_system() as home:
        paths = gather(home / "photographs")
        ingest(home / "photographs")
        before = bare_loop(paths)
        system = through_the_system()
        bare = (before + bare_loop(paths)) / 2
        inside = mean_seconds()
    print(f"{COUNT} photographs, one worker, one thread")
    print(f"  bare loop    {bare:6.1f} s   {1000 * bare / COUNT:.0f} ms a photograph")
    print(f"  whole system {system:6.1f} s   {1000 * system / COUNT:.0f} ms a photograph")
    print(f"  of which inside the run {1000 * inside:.0f} ms a photograph")
    print(f"  ratio        {system / bare:6.2f}")


if __name__ == "__main__":
    main()
