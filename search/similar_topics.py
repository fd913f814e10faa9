"""Search by example among what is said: the stretches about the same subject, told by their words alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf, log1p
from typing import TYPE_CHECKING, Any, NamedTuple

from dam.assets.models import Asset
from dam.sharing.access import AssetQuerySet
from indexing.models import Annotation
from search.backends import lexicon
from search.backends.tsearch import Term
from search.models import MomentDocument
from search.ranking import COMMON
from search.results import Moment, Piece, Results
from search.similar import CANDIDATES, NoExample, hits_of
from search.statements import fetch, ids_of
from search.words import words

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

SPOKEN = ("speech", "translation")
AROUND = 60.0
"""Seconds before and after a second that are its passage, where no chapter holds it."""
STRETCH = 60
"""Seconds of a recording that are compared as one."""
K1 = 1.2
"""How soon a word that is said again counts no more: BM25's customary constant (Robertson and Zaragoza 2009,
"The probabilistic relevance framework", section 3.4)."""
SHORTEST_WORD = 3
"""Letters of a word that counts."""
MOST_WORDS, TELLING = 80, 20
"""The commonest words of a passage, which are looked up, and the most telling of them, which are sought."""
LEAST_SHARED = 3
"""Telling words that a stretch must share with the passage."""
FLOOR = 0.1
"""The share of the passage's weight from which a stretch is about its subject; see docs/search.md."""
STOPPING = {
    "da": "danish",
    "de": "german",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
"""PostgreSQL's configurations that know the stop words of a language, by BCP 47; English where it is none."""

_STOP_WORDS = """
    SELECT word, configuration FROM unnest(%s::text[], %s::text[]) AS given (word, configuration)
    WHERE to_tsvector(configuration::regconfig, word) = ''
"""

_STRETCHES = """
    WITH sought AS (
        SELECT word, query::tsquery AS query, weight
        FROM unnest(%s::text[], %s::text[], %s::float[]) AS given (word, query, weight)),
    said AS (
        SELECT moment.asset_id, floor(moment.start / {stretch}) AS stretch, sought.word, sought.weight,
               count(*) AS times, min(moment.start) AS start, max(moment."end") AS "end"
        FROM sought JOIN search_momentdocument AS moment ON moment.vector @@ sought.query
        WHERE moment.kind = ANY(%s) AND moment.start IS NOT NULL AND moment.asset_id IN ({assets})
          AND NOT (moment.asset_id = %s AND moment.start < %s AND moment."end" > %s)
        GROUP BY 1, 2, 3, 4)
    SELECT asset_id, min(start), max("end"), array_agg(word ORDER BY weight DESC, word),
           sum(weight * times * (1 + {k1}) / (times + {k1})) AS score
    FROM said GROUP BY asset_id, stretch HAVING count(*) >= %s
    ORDER BY score DESC, asset_id, 2 LIMIT {candidates}
"""


class Passage(NamedTuple):
    """What is said in an asset from `start` up to `end` (seconds), each text with its language (BCP 47)."""

    asset_id: int
    start: float
    end: float
    said: Sequence[tuple[str, str]]

    @property
    def is_whole(self) -> bool:
        """Whether it is all that is said in the asset, so that only other assets can be compared with it."""
        return self.end == inf


@dataclass(frozen=True)
class Telling:
    """A word that tells a passage from others: how it is said there, its forms, and how much it counts."""

    word: str
    term: Term
    weight: float


def of_asset(asset: Asset, second: float | None = None) -> Passage:
    """The chapter at that second, else a minute before and after it; without a second, all that is said.

    Raises NoExample where nothing is said there.
    """
    start, end = (0.0, inf) if second is None else _around(asset, second)
    spoken = MomentDocument.objects.filter(asset=asset, kind__in=SPOKEN, start__lt=end, end__gt=start)
    rows = list(spoken.order_by("start", "pk").values_list("text", "language"))
    if not rows:
        where = "in it" if second is None else "there"
        raise NoExample(f"Nothing is known to be said {where}, so “{asset}” cannot be compared with others.")
    return Passage(asset.pk, start, end, rows)


def _around(asset: Asset, second: float) -> tuple[float, float]:
    chapters = Annotation.objects.filter(asset=asset, kind="chapter", start__lte=second, end__gt=second)
    held = chapters.exclude(status__in=(Annotation.Status.REJECTED, Annotation.Status.SUPERSEDED))
    chapter = held.order_by("-start").first()
    if chapter is None or chapter.start is None or chapter.end is None:
        return max(0.0, second - AROUND), second + AROUND
    return chapter.start, chapter.end


def search_by(user: AnyUser, passage: Passage) -> Results:
    """The assets with stretches about the subject of the passage, nearest first, at most HITS of them.

    Raises NoExample where the passage has no word that tells what it is about.
    """
    assets = Asset.objects.visible_to(user)
    sought = telling(passage, assets)
    if len(sought) < LEAST_SHARED:
        raise NoExample("Too little is said there to tell what it is about.")
    whole = sum(each.weight for each in sought)
    moments = [_moment(whole, *row) for row in _stretches(passage, sought, assets)]
    hits = hits_of(user, [moment for moment in moments if moment.score >= FLOOR])
    return Results(hits=hits, total=len(hits), total_is_exact=len(moments) < CANDIDATES)


def telling(passage: Passage, assets: AssetQuerySet) -> list[Telling]:
    """The words by which the passage is told from those assets, the most telling first.

    A word counts by how often it is said here, levelling off, and by BM25's inverse document frequency.
    Words that can be nowhere else, and those that are everywhere, are left out.
    """
    said = _counted(passage)
    terms = lexicon.look_up(said, assets) if said else {}
    held = min(COMMON, assets.order_by()[:COMMON].count())
    merged: dict[str, Telling] = {}
    for word, times in said.items():
        term = terms[word]
        if term.lexemes and passage.is_whole < term.assets < COMMON:
            weight = times / (times + K1) * _idf(term.assets, held)
            merged.setdefault(min(term.lexemes, key=len), Telling(word, term, weight))
    return sorted(merged.values(), key=lambda each: (-each.weight, each.word))[:TELLING]


def _idf(holding: int, of: int) -> float:
    return log1p((max(holding, of) - holding + 0.5) / (holding + 0.5))


def _counted(passage: Passage) -> dict[str, int]:
    """The commonest words of the passage that are no stop words in their language, and how often each is
    said."""
    spoken = [(word.lower(), _configuration(tag)) for text, tag in passage.said for word in words(text)]
    counts = Counter(each for each in spoken if len(each[0]) >= SHORTEST_WORD and not each[0].isdecimal())
    stopping = fetch(_STOP_WORDS, [[word for word, _ in counts], [name for _, name in counts]])
    said = Counter[str]()
    for word, configuration in counts.keys() - set(stopping):
        said[word] += counts[word, configuration]
    return dict(said.most_common(MOST_WORDS))


def _configuration(language: str) -> str:
    return STOPPING.get(language.split("-")[0].lower(), "english")


def _stretches(passage: Passage, sought: Sequence[Telling], assets: AssetQuerySet) -> list[tuple[Any, ...]]:
    """Asset, start, end, shared words and score of the stretches that share enough words, best first."""
    visible, parameters = ids_of(assets)
    columns = ([e.word for e in sought], [e.term.tsquery for e in sought], [e.weight for e in sought])
    own = [passage.asset_id, passage.end, passage.start]
    statement = _STRETCHES.format(assets=visible, stretch=STRETCH, k1=K1, candidates=CANDIDATES)
    return fetch(statement, [*columns, list(SPOKEN), *parameters, *own, LEAST_SHARED])


def _moment(
    whole: float, asset_id: int, start: float, end: float, shared: Iterable[str], score: float
) -> Moment:
    pieces = [piece for word in shared for piece in (Piece(", ", False), Piece(word, True))][1:]
    return Moment(asset_id, "talks of", "topic", tuple(pieces), start, end, score=score / whole)
