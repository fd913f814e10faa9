"""Terms, searches for them, and the map. Run: python -m tests.bench.bench_vocabularies [TERMS [ASSETS]]

A tree of terms of which each holds ten, three labels each; three keywords for each asset, as common as words
are (Zipf), and a position for every second one, around a hundred places.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

from tests.bench.system import whole_system

TERMS, COUNT = 50_000, 100_000
ROUNDS = 7
MADE = """
    INSERT INTO assets_asset (library_id, sha256, size, original, original_name, kind, media_type, title,
        technical, added_at, rendered_at, rendering_attempts, rendering_error, revision)
    SELECT %(library)s, encode(sha256(n::text::bytea), 'hex'), n, 'made/' || n, n || '.jpg', 'image',
        'image/jpeg', '', '{}', now(), now(), 0, '', 0
    FROM generate_series(1, %(assets)s) AS n
"""
FACTS = """
    INSERT INTO indexing_annotation (asset_id, kind, text, details, source, status, language, created_at)
    SELECT asset.id, 'keyword', 'Term ' || floor(exp(random() * ln(%(terms)s)))::int, '{}', 'person',
        'accepted', '', now()
    FROM assets_asset AS asset CROSS JOIN generate_series(1, 3)
    UNION ALL
    SELECT asset.id, 'position', '', jsonb_build_object('lat', asset.id %% 100 - 50 + random(),
        'lon', (asset.id * 37) %% 340 - 170 + random()), 'file', 'accepted', '', now()
    FROM assets_asset AS asset WHERE asset.id %% 2 = 0
"""


def main() -> None:
    with whole_system():
        terms = int(sys.argv[1]) if len(sys.argv) > 1 else TERMS
        assets = int(sys.argv[2]) if len(sys.argv) > 2 else COUNT
        furnish(terms, assets)
        print(f"{terms:,} terms, {assets:,} assets; median and slowest of {ROUNDS}, ms")
        for name, asked in questions().items():
            report(name, asked)


def furnish(terms: int, assets: int) -> None:
    from django.db import connection

    from dam.vocabularies import concepts
    from dam.vocabularies.concepts import Concept
    from dam.vocabularies.labels import Wording
    from dam.vocabularies.models import Vocabulary
    from tests.factories import make_library, make_member

    library = make_library("Bench")
    make_member(library, 30)
    vocabulary = Vocabulary.objects.create(library=library, name="Bench", uri="urn:bench")
    made = [
        Concept(
            f"urn:bench:{n}",
            tuple(sorted(Wording(kind, "en", f"{start} {n}") for kind, start in LABELS)),
            broader=(f"urn:bench:{n // 10}",) if n >= 10 else (),
        )
        for n in range(1, terms + 1)
    ]
    began = time.perf_counter()
    concepts.write(vocabulary, made)
    print(f"{terms:,} terms written in {time.perf_counter() - began:.1f} s")
    with connection.cursor() as cursor:
        for statement in (MADE, FACTS):
            cursor.execute(statement, {"library": library.pk, "assets": assets, "terms": terms})
        cursor.execute("ANALYZE")


LABELS = (("preferred", "Term"), ("alternative", "Word"), ("hidden", "Wrod"))


def questions() -> dict[str, Callable[[], object]]:
    from dam.assets.models import Asset
    from dam.sharing.models import User
    from dam.vocabularies import changes, concepts, expansion, places, reading, tree, writing
    from dam.vocabularies.models import Vocabulary
    from dam.vocabularies.suggest import suggest
    from search.keywords import expand
    from search.parser import parse

    user, vocabulary = User.objects.get(), Vocabulary.objects.get()
    assets, library = Asset.objects.visible_to(user), vocabulary.library_id
    one = concepts.read(vocabulary, ["urn:bench:5"])["urn:bench:5"]
    whole = b"".join(writing.write(vocabulary, "ttl"))
    return {
        "suggest: one letter": lambda: suggest(user, "t", assets),
        "suggest: a label": lambda: suggest(user, "word 12", assets),
        "suggest: misspelt": lambda: suggest(user, "trem 4711", assets),
        "what a top term means": lambda: expansion.labels_of("term 1", [library or 0]),
        "what a search means": lambda: expand(parse("tag:nothing word 77"), user),
        "the top of the tree": lambda: tree.rows(user, vocabulary, list(tree.tops(vocabulary))),
        "the branch of a term": lambda: tree.rows(
            user, vocabulary, list(tree.below(vocabulary.terms.get(name="Term 1")))
        ),
        "search within": lambda: tree.rows(
            user, vocabulary, list(tree.matching(vocabulary, "471")[:100]), paths=True
        ),
        "change a term": lambda: changes.make(vocabulary, user, "", [one]),
        "map: the Earth": lambda: places.points(assets, places.View(zoom=2)),
        "map: a country": lambda: places.points(assets, places.View(0, 40, 10, 50, 6)),
        "places by name": lambda: places.named(assets, 1),
        "export to Turtle": lambda: b"".join(writing.write(vocabulary, "ttl")),
        "read Turtle in the child": lambda: reading.read(whole),
    }


def report(name: str, asked: Callable[[], object]) -> None:
    took = []
    while len(took) < ROUNDS and sum(took) < 20_000:
        began = time.perf_counter()
        asked()
        took.append(1000 * (time.perf_counter() - began))
    print(f"  {name:<28}{statistics.median(took):>9.0f}{max(took):>9.0f}")


if __name__ == "__main__":
    main()
