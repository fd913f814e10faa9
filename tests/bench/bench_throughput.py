"""Every analyser through the whole system beside a bare loop over the same models.

Run: python -m tests.bench.bench_throughput [PHOTOGRAPHS]

Photographs and a film are analysed twice by every analyser whose weights are here: in a plain loop that
decodes a file once and calls the models one after the other, with nothing stored; and through planner,
queue, one worker with one thread, and database, with one message, one claim and one transaction for each.
Renditions are made before either is timed. The bare loop runs before and after the system, because a
machine has moods. Memory is the worker's with all its children, looked at five times a second.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.bench.bench_overhead import wait_until
from tests.bench.system import BASE_DIR, manage, pause, running, unpause, whole_system, worker

SHARED = BASE_DIR.parent / "shared" / "media"
PHOTOS = SHARED / "photos_coco" / "images"
FILM = SHARED / "video_shots" / "hardcuts.mp4"
COUNT = 40
MIB = 2**20


def ingest(*paths: Path) -> None:
    """Bring the files in and make their renditions, with analyses paused."""
    from dam.assets.models import Asset

    pause()
    with running("manage.py", "plan", "--watch"), running(*worker("io", 2)):
        manage("ingest", *map(str, paths), "--wait")
        wait_until(lambda: not Asset.objects.filter(rendered_at=None).exists())


def bare_loop(kind: str) -> float:
    """Seconds in which the models see every asset of that kind, with nothing around them.

    Pictures are those that the system sees: the asset's own renditions, or the film itself.
    """
    from contextlib import ExitStack

    from dam.assets.models import Asset
    from indexing import execution
    from indexing.engines import cache

    cache.release_idle(0)
    begin = time.perf_counter()
    for asset in Asset.objects.filter(kind=kind).order_by("pk"):
        with ExitStack() as files:
            analyse(execution.opener(files)(asset))
    return time.perf_counter() - begin


def analyse(media: Any) -> None:
    """Every analyser that applies, each with what the ones before it found."""
    from indexing import weights
    from indexing.analysers import registry
    from indexing.analysers.contract import Context, Vector

    facts: dict[str, list[Any]] = defaultdict(list)
    vectors: dict[str, list[Any]] = defaultdict(list)
    context = Context(weights.path, facts.__getitem__, vectors.__getitem__, threads=1)
    for analyser in registry.enabled():
        if media.kind not in analyser.applies_to:
            continue
        for found in analyser.analyse(media, context):
            if isinstance(found, Vector):
                vectors[found.space].append(found)
            else:
                facts[found.kind].append(found)


def through_the_system(kind: str) -> tuple[float, float]:
    """Seconds from the first plan to the last finished run, with one worker that has loaded nothing yet;
    and its peak memory in MiB."""
    from indexing.models import Run

    expected = expected_runs(kind)
    with (
        running(*worker("cpu")) as process,
        running("manage.py", "plan", "--watch"),
        peak(process.pid) as memory,
    ):
        time.sleep(15)
        begin = time.perf_counter()
        unpause()
        ended = Run.objects.filter(asset__kind=kind, state__in=("done", "failed"))
        wait_until(lambda: ended.count() >= expected)
        seconds = time.perf_counter() - begin
    refused = Run.objects.filter(asset__kind=kind, state="failed").values_list("analyser", "error")
    for name, error in refused[:5]:
        print(f"  FAILED {name}: {error}")
    return seconds, max(memory)


def expected_runs(kind: str) -> int:
    """How many runs there are to be."""
    from dam.assets.models import Asset
    from indexing.analysers import registry

    applying = sum(kind in analyser.applies_to for analyser in registry.enabled())
    return applying * Asset.objects.filter(kind=kind).count()


@contextmanager
def peak(pid: int) -> Iterator[list[float]]:
    """The memory of a process and its children in MiB, looked at while the block lasts."""
    seen, ended = [0.0], threading.Event()

    def look() -> None:
        while not ended.wait(0.2):
            seen.append(resident(pid))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    yield seen
    ended.set()
    watcher.join()


def resident(pid: int) -> float:
    """Resident memory of a process and all below it, shared pages counted once for each, in MiB."""
    total = 0.0
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    for each in family:
        try:
            total += each.memory_info().rss / MIB
        except psutil.NoSuchProcess:
            continue
    return total


def compare(kind: str, amount: float, unit: str) -> None:
    """Time both, and print `amount` of `unit` per second for each."""
    before = bare_loop(kind)
    seconds, memory = through_the_system(kind)
    bare = (before + bare_loop(kind)) / 2
    print(f"{kind}: {amount:.0f} {unit}")
    print(f"  bare loop    {bare:7.1f} s   {amount / bare:6.2f} {unit} a second")
    print(
        f"  whole system {seconds:7.1f} s   {amount / seconds:6.2f} {unit} a second, {memory:.0f} MiB at most"
    )
    print(f"  ratio        {seconds / bare:7.2f}")


def shares() -> None:
    """Mean seconds of each analyser's runs inside the system."""
    from django.db.models import Avg

    from indexing.models import Run

    rows = Run.objects.filter(state="done").values_list("asset__kind", "analyser").annotate(Avg("seconds"))
    for kind, name, mean in sorted(rows, key=lambda row: (row[0], -row[2])):
        print(f"  {kind:6} {name:12} {1000 * mean:8.0f} ms")


def main() -> None:
    if not PHOTOS.is_dir():
        print(f"The photographs are not here: {PHOTOS}")
        return
    count = int(sys.argv[1]) if sys.argv[1:] else COUNT
    with whole_system() as home:
        chosen = home / "photographs"
        chosen.mkdir()
        for path in sorted(PHOTOS.glob("*.jpg"))[:count]:
            (chosen / path.name).write_bytes(path.read_bytes())
        ingest(chosen)
        compare("image", count, "photographs")
        ingest(FILM)
        from dam.assets.models import Asset

        compare("video", Asset.objects.get(kind="video").duration or 0, "seconds of film")
        shares()


if __name__ == "__main__":
    main()
