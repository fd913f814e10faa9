"""What Lucene makes of the index: PostgreSQL's words, much of BM25's order, and near vectors."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.db import connection

from search.backends.elasticsearch import mapping, requests
from search.backends.elasticsearch.translation import Clauses
from search.backends.tsearch import Term
from search.meaning import Meaning
from search.query import And, Or, Word
from search.words import words
from tests.search.backends import lucene
from tests.search.backends.lucene import Lucene

pytestmark = pytest.mark.skipif(bool(lucene.missing()), reason=lucene.missing())

SPACE = "made"
ALL: dict[str, Any] = {"match_all": {}}


@pytest.fixture(scope="module")
def program() -> Iterator[Lucene]:
    program = Lucene()
    yield program
    program.stop()


@pytest.fixture
def shelf(program: Lucene) -> Iterator[Callable[[list[dict[str, Any]]], str]]:
    """Called with documents, it puts them into an index, numbered from 0, and gives its name."""
    made = mapping.mappings({SPACE: 64})

    def fill(documents: list[dict[str, Any]]) -> str:
        program.ask("create", "shelf", settings=mapping.settings(), mappings=made)
        for number, document in enumerate(documents):
            program.ask("put", "shelf", id=str(number), source={"asset": number, **document})
        return "shelf"

    yield fill
    program.ask("drop", "shelf")


def found(program: Lucene, index: str, body: dict[str, Any]) -> list[int]:
    return [int(hit["_id"]) for hit in program.ask("search", index, body=body)["hits"]["hits"]]


def tokens(program: Lucene, index: str, analyser: str, text: str) -> list[str]:
    return list(program.ask("analyse", index, analyser=analyser, text=text)["tokens"])


@pytest.mark.django_db
def test_english_words_have_the_stems_that_postgresql_gives_them(program: Lucene, shelf) -> None:
    text = (Path(settings.BASE_DIR) / "LICENSE").read_text()
    vocabulary = sorted({word.lower() for word in words(text) if word.isalpha()})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (ts_lexize('mediatheque_en', word))[1] FROM unnest(%s::text[]) AS each (word)",
            [vocabulary],
        )
        stems = [stem for (stem,) in cursor.fetchall()]
    known = [(word, stem) for word, stem in zip(vocabulary, stems, strict=True) if stem]
    index = shelf([])
    assert len(known) > 300
    assert [word for word, stem in known if tokens(program, index, "en", word) != [stem]] == []


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("de", "Häuser", "Hauser"),
        ("fr", "chevaux", "cheval"),
        ("es", "perros", "perro"),
        ("it", "cavalli", "cavallo"),
        ("pt", "cavalos", "cavalo"),
        ("nl", "honden", "hond"),
        ("sv", "hundarna", "hund"),
        ("da", "hundene", "hund"),
        ("no", "hundene", "hund"),
        ("fi", "koirat", "koira"),
        ("ru", "собаки", "собака"),
        ("plain", "CAFÉ", "cafe"),
    ],
)
def test_each_language_brings_forms_of_a_word_together(program: Lucene, shelf, field, one, other) -> None:
    index = shelf([])
    assert tokens(program, index, field, one) == tokens(program, index, field, other)


def test_words_are_cut_as_everywhere_and_chinese_into_pairs(program: Lucene, shelf) -> None:
    index = shelf([])
    text = "DSC_0042-harbour.JPG, l'été “naïve”"
    assert tokens(program, index, "plain", text) == ["dsc", "0042", "harbour", "jpg", "l", "ete", "naive"]
    assert tokens(program, index, "cjk", "红气球") == ["红气", "气球"]


def ours(counts: Counter[str], size: int, *asked: str) -> dict[str, Any]:
    """The body that the backend sends for any of the words, where they are on so many documents."""
    terms = {word: Term((word,), False, counts[word]) for word in asked}
    clauses = Clauses(terms, lambda node: ())
    tree = And((Or(tuple(Word(word) for word in asked)),))
    return requests.answering(clauses.on_documents(tree), [ALL], size)


def bm25(size: int, *asked: str) -> dict[str, Any]:
    """The same words, each worth the same, by Lucene's own BM25."""
    either = [{"multi_match": {"query": word, "type": "phrase", "fields": ["b.*"]}} for word in asked]
    return {**requests.answering({"bool": {"should": either}}, [ALL], size), "bm25": True}


def holding(documents: Sequence[str]) -> Counter[str]:
    return Counter(word for text in documents for word in set(words(text.lower())))


def test_rare_and_frequent_words_and_short_texts_come_first_as_in_bm25(program: Lucene, shelf) -> None:
    texts = ["dog tree sky road"] * 6
    texts += ["zebra tree sky road", "zebra zebra sky road", "dog zebra sky road"]
    texts += ["zebra " + "tree sky road " * 9, "zebra"]
    index = shelf([{"b": {"en": [text]}} for text in texts])
    asked = ("dog", "zebra")
    expected = found(program, index, bm25(11, *asked))
    assert found(program, index, ours(holding(texts), 11, *asked)) == expected


def test_captions_of_photographs_are_ordered_much_as_by_bm25(program: Lucene, shelf, shared) -> None:
    """Each photograph is asked for by its first caption; the others are its text. The two orders share
    most of their first ten, and find what is asked for about as often."""
    with (shared("media", "photos_coco") / "manifest.csv").open() as opened:
        rows = list(csv.DictReader(opened))
    captions = [[row[f"caption{number}"] for number in range(1, 6)] for row in rows]
    texts = [" ".join(each[1:]) for each in captions]
    index = shelf([{"b": {"en": each[1:]}} for each in captions])
    counted = holding(texts)
    asked = [sorted(set(words(each[0].lower()))) for each in captions]
    mine = [found(program, index, ours(counted, 10, *each)) for each in asked]
    theirs = [found(program, index, bm25(10, *each)) for each in asked]
    shares = [len(set(one) & set(other)) / 10 for one, other in zip(mine, theirs, strict=True)]
    recall = [np.mean([n in each for n, each in enumerate(order)]) for order in (mine, theirs)]
    assert np.mean(shares) > 0.7
    assert recall[0] >= recall[1] - 0.05


def test_vectors_of_a_byte_a_number_find_nearly_all_of_the_nearest(program: Lucene, shelf) -> None:
    random = np.random.default_rng(5)
    middles = random.normal(size=(40, 64))
    vectors = middles[random.integers(40, size=2000)] + random.normal(size=(2000, 64))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    field = mapping.vector_field(SPACE)
    index = shelf([{"views": [{field: vector.tolist()}]} for vector in vectors])
    recalls = []
    for asked in vectors[:20] + random.normal(scale=0.05, size=(20, 64)).astype(np.float32):
        nearest = set(np.argsort(vectors @ -asked)[:10].tolist())
        body = requests.near(Meaning(SPACE, asked), 20, [ALL])
        recalls.append(len(nearest & set(found(program, index, body))) / 10)
    assert np.mean(recalls) >= 0.95
