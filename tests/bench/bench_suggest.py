"""Suggestions at 20,000 assets, and the cost of alerts. Run: python -m tests.bench.bench_suggest [ASSETS]

Ten short facts for each asset, names and tags as common as words are (Zipf), in two libraries: one that the
reader is a member of, one of which they see a collection of a hundred assets.
"""

from __future__ import annotations

import hashlib
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.bench.system import whole_system

if TYPE_CHECKING:
    from dam.sharing.models import User

COUNT = 20_000
ROUNDS = 15
SHELF = 100
NUMBERS = {"person": 4_000, "object": 80, "keyword": 3_000, "place": 600, "speaker": 300}
FACTS = (
    "person",
    "person",
    "object",
    "object",
    "object",
    "keyword",
    "keyword",
    "keyword",
    "place",
    "speaker",
)
SYLLABLES = (
    "ba",
    "co",
    "da",
    "fe",
    "gri",
    "ha",
    "lo",
    "ma",
    "ne",
    "pa",
    "ro",
    "sta",
    "ti",
    "vo",
    "wen",
    "zu",
)
TYPED = (
    "",
    "p",
    "ba",
    "bacom",
    "person:",
    "person:b",
    "person:baco",
    "tag:zuw",
    "object:",
    "person:bacodda",
    "qwxzk",
)


def main() -> None:
    with whole_system():
        count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
        member, visitor = furnish(count)
        print(f"{count:,} assets, {len(FACTS)} short facts each; terms gathered in {gathered():.1f} s")
        for name, user in (("member of a library", member), ("visitor of a collection", visitor)):
            print(f"suggestions for a {name}: median and slowest of {ROUNDS}, ms")
            for typed in TYPED:
                report(user, typed)
        report_look(member)


def furnish(count: int) -> tuple[User, User]:
    from dam.collections.models import Collection, CollectionItem
    from search import documents
    from tests import factories

    library, other = factories.make_library(), factories.make_library()
    assets = add_assets(library, count // 2) + add_assets(other, count - count // 2)
    add_facts(assets)
    documents.rebuild(asset.pk for asset in assets)
    shelf = Collection.objects.create(library=other, name="Shelf")
    CollectionItem.objects.bulk_create(
        CollectionItem(collection=shelf, asset=each) for each in assets[-SHELF:]
    )
    analyse_tables()
    return factories.make_member(library), factories.make_member(other, collection=shelf)


def add_assets(library: Any, count: int) -> list[Any]:
    from dam.assets.models import Asset

    return Asset.objects.bulk_create(
        Asset(
            library=library,
            sha256=hashlib.sha256(f"{library.pk} {number}".encode()).hexdigest(),
            size=1,
            original=f"made/{number}.jpg",
            original_name=f"{number}.jpg",
            kind="image",
            media_type="image/jpeg",
        )
        for number in range(count)
    )


def add_facts(assets: list[Any]) -> None:
    from indexing.models import Annotation

    rng = random.Random(1)
    names = {kind: [name_of(kind, rng) for _ in range(number)] for kind, number in NUMBERS.items()}
    shares = {kind: [1 / place for place in range(1, len(those) + 1)] for kind, those in names.items()}
    facts = (
        Annotation(asset=asset, kind=kind, text=rng.choices(names[kind], shares[kind])[0], source="file")
        for asset in assets
        for kind in FACTS
    )
    Annotation.objects.bulk_create(facts, batch_size=5_000)


def name_of(kind: str, rng: random.Random) -> str:
    words = ("".join(rng.choices(SYLLABLES, k=3)) for _ in range(2 if kind in ("person", "speaker") else 1))
    return " ".join(words).title()


def analyse_tables() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def gathered() -> float:
    from search import suggest_terms

    began = time.perf_counter()
    suggest_terms.refresh()
    seconds = time.perf_counter() - began
    analyse_tables()
    return seconds


def report(user: User, typed: str) -> None:
    from search.suggest import suggest

    middle, slowest = timed(lambda: suggest(user, typed))
    found = suggest(user, typed)
    first = f"{found[0].label!r} ({found[0].note})" if found else "nothing"
    print(f"  {typed!r:18} {middle:7.1f} {slowest:7.1f}   {len(found):2} found, first {first}")


def report_look(user: User) -> None:
    """A look at 200 changed assets for one search, the usual one that finds nothing new."""
    from dam.assets.models import Asset
    from search import saved_alerts
    from search.saved_models import SavedSearch

    saved = SavedSearch.objects.create(owner=user, name="Made", text="bacoda OR zuwenzu")
    changed = list(Asset.objects.visible_to(user).values_list("pk", flat=True)[:200])
    saved_alerts.switch_on(saved)
    middle, slowest = timed(lambda: saved_alerts.tell(saved, changed))
    print(f"one search asked about {len(changed)} changed assets: {middle:.1f} ms, slowest {slowest:.1f} ms")


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """The median and the slowest of ROUNDS, in milliseconds."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken), max(taken)


if __name__ == "__main__":
    main()
