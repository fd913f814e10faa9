"""How long the search index is behind the facts, when people rename and while workers find them.

Run: python -m tests.bench.bench_freshness [PHOTOGRAPHS]

A person is called otherwise, on some assets and on many. Photographs and a film are analysed by every
analyser whose weights are here, through planner, queue and one worker. Ten times a second the index is
compared with the facts; an asset is behind from the first look at which it differs until the first at which
it does not, so that what is committed meanwhile counts too.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from tests.bench.bench_throughput import FILM, PHOTOS, ingest
from tests.bench.system import running, unpause, whole_system, worker

COUNT = 12
LOOK_EVERY = 0.1
SILENCE = 20.0
"""Seconds without a run at work after which nothing more is expected."""


def behind() -> list[float]:
    """Seconds for which an asset was behind, one for each time it was, until all work is done."""
    from indexing.models import Run
    from search import documents

    since: dict[int, float] = {}
    lasted: list[float] = []
    busy = time.monotonic()
    while time.monotonic() - busy < SILENCE:
        now = time.monotonic()
        stale = set(documents.stale(_ids()))
        lasted += [now - since.pop(pk) for pk in since.keys() - stale]
        for pk in stale:
            since.setdefault(pk, now)
        if stale or Run.objects.filter(state__in=("queued", "running")).exists():
            busy = now
        time.sleep(LOOK_EVERY)
    return lasted


def _ids() -> list[int]:
    from dam.assets.models import Asset

    return list(Asset.objects.values_list("pk", flat=True))


def renamed(sizes: Sequence[int]) -> None:
    """Seconds in which a person who is named on so many assets is called otherwise and found so."""
    from django.db.models import Q

    from dam.assets.models import Asset
    from indexing import store
    from indexing.models import Annotation
    from search import documents
    from tests.factories import make_asset, make_fact, make_library

    library = make_library()
    for size in sizes:
        ids = [make_asset(library).pk for _ in range(size)]
        for asset in Asset.objects.filter(pk__in=ids):
            for number in range(9):
                make_fact(asset, "caption", f"What is told about it, part {number}")
            make_fact(asset, "person", "Ada", source="person")
        documents.rebuild(ids)
        began = time.monotonic()
        store.rename(Annotation.objects.filter(Q(asset__in=ids), kind="person"), "Grace")
        print(f"renamed on {size:6,} assets in {time.monotonic() - began:6.2f} s")
        print(f"  of them behind when the page returns: {len(documents.stale(ids)):,}", flush=True)
    library.delete()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    with whole_system():
        renamed((10, 100, 500))
        ingest(*sorted(PHOTOS.glob("*.jpg"))[:count], FILM)
        with running("manage.py", "plan", "--watch"), running(*worker("cpu")), running(*worker("io")):
            unpause()
            lasted = sorted(behind())
    print(f"behind {len(lasted)} times: median {lasted[len(lasted) // 2]:.2f} s, longest {lasted[-1]:.2f} s")
    print("longest:", ", ".join(f"{each:.2f}" for each in lasted[-10:]))


if __name__ == "__main__":
    main()
