"""Search as a reader meets it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexing.models import Embedding
from search import documents, meaning
from search.filters import Filters
from search.results import Piece
from search.service import moments_of, search
from tests.factories import make_asset, make_fact, make_library, make_member, make_run, make_user

pytestmark = pytest.mark.django_db
SPACE = "made-4"
DOG, CAT, COMMON = np.eye(4, dtype=np.float32)[:3]


class MadeSpace:
    """A space in which the first word of a query is a direction."""

    name = SPACE
    dimensions = 4
    centres_images = False
    description = "made for tests"

    def encode_text(self, query: str) -> np.ndarray:
        return {"dog": DOG, "cat": CAT}.get(query.split()[0], COMMON).copy()


@pytest.fixture
def made_space(monkeypatch):
    monkeypatch.setattr(meaning, "current_space", lambda weights: MadeSpace())
    meaning._encoded.cache_clear()
    yield
    meaning._encoded.cache_clear()


@pytest.fixture(autouse=True)
def _no_space(monkeypatch):
    """No weights, unless a test asks for a space."""

    def missing(weights):
        raise LookupError("not fetched")

    monkeypatch.setattr(meaning, "current_space", missing)
    meaning._encoded.cache_clear()
    cache.clear()


@pytest.fixture
def library(db):
    return make_library()


@pytest.fixture
def viewer(library):
    return make_member(library)


def seen(library, *facts, vector=None, **fields):
    asset = make_asset(library, **fields)
    for kind, text in facts:
        make_fact(asset, kind, text)
    if vector is not None:
        Embedding.objects.create(asset=asset, run=make_run(asset, "clip"), space=SPACE, vector=vector)
    documents.rebuild([asset.pk])
    return asset


def pks(results) -> list[int]:
    return [hit.asset.pk for hit in results.hits]


def test_a_moment_says_where_and_why(library, viewer) -> None:
    film = make_asset(library, kind="video", duration=90)
    fact = make_fact(film, "speech", "Then the dog ran home", start=12.5, end=15)
    documents.rebuild([film.pk])
    hit = search(viewer, "dogs").hits[0]
    moment = hit.moments[0]
    assert (hit.asset, moment.annotation_id, moment.reason) == (film, fact.pk, "said")
    assert (moment.start, moment.end, moment.region) == (12.5, 15, None)
    assert moment.pieces == (Piece("Then the ", False), Piece("dog", True), Piece(" ran home", False))


def test_moments_beyond_those_shown_are_counted(library, viewer) -> None:
    seen(library, *[("speech", f"dog number {number}") for number in range(8)])
    hit = search(viewer, "dog").hits[0]
    assert (len(hit.moments), hit.more_moments) == (3, 5)


def test_without_text_the_newest_come_first(library, viewer) -> None:
    assets = [seen(library) for _ in range(3)]
    assert pks(search(viewer, "  ")) == [asset.pk for asset in reversed(assets)]


def test_without_text_an_object_of_the_filters_shows_its_moments(library, viewer) -> None:
    seen(library, ("object", "cat"))
    dog = seen(library, ("object", "dog"))
    results = search(viewer, "", Filters(object="dog"))
    assert pks(results) == [dog.pk]
    assert results.hits[0].moments[0].text == "dog"


def test_filters_narrow_words(library, viewer) -> None:
    seen(library, ("object", "dog"))
    film = seen(library, ("object", "dog"), kind="video")
    assert pks(search(viewer, "dog", Filters(kind="video"))) == [film.pk]


def test_bad_filters_are_errors_and_find_nothing(library, viewer) -> None:
    seen(library, ("object", "dog"))
    results = search(viewer, "dog", Filters.from_query({"kind": "hologram"}))
    assert (results.hits, len(results.errors)) == ((), 1)


def test_a_string_that_is_too_long_is_an_error(viewer) -> None:
    assert "10,000" in search(viewer, "a" * 10_001).errors[0]


def test_a_string_without_words_finds_nothing_and_says_so(library, viewer) -> None:
    seen(library)
    results = search(viewer, "?!")
    assert (results.hits, results.errors) == ((), ())
    assert "no words" in results.notes[0]


def test_words_left_out_are_told(viewer) -> None:
    assert "left out" in search(viewer, "word " * 100).notes[0]


def test_a_correction_is_told_and_only_made_when_it_finds(library, viewer) -> None:
    asset = seen(library, ("object", "elephant"))
    results = search(viewer, "elefant")
    assert (pks(results), results.corrected) == ([asset.pk], "elephant")
    assert search(viewer, "elephant").corrected is None
    assert search(viewer, "elefant xyzzyx").corrected is None


def test_pages_follow_each_other(library, viewer) -> None:
    assets = {seen(library, ("object", "dog")).pk for _ in range(5)}
    for text in ("dog", ""):
        pages = [search(viewer, text, page=page, per_page=2) for page in (1, 2, 3, 4)]
        assert [page.next_page for page in pages] == [2, 3, None, None]
        assert [page.total for page in pages] == [5] * 4
        assert {pk for page in pages for pk in pks(page)} == assets


def test_without_weights_words_are_searched_and_the_reader_is_told(library, viewer) -> None:
    asset = seen(library, ("object", "dog"))
    results = search(viewer, "dog")
    assert pks(results) == [asset.pk]
    assert results.notes == ("Search by meaning is off: its model is not installed.",)


@pytest.mark.usefixtures("made_space")
class TestMeaning:
    def test_what_looks_like_it_is_found_without_words(self, library, viewer) -> None:
        asset = seen(library, vector=DOG)
        seen(library, vector=CAT)
        results = search(viewer, "dog")
        assert pks(results) == [asset.pk]
        moment = results.hits[0].moments[0]
        assert (moment.reason, moment.text, results.notes) == ("looks like", "dog", ())

    def test_words_and_likeness_agreeing_come_first(self, library, viewer) -> None:
        both = seen(library, ("object", "dog"), vector=DOG)
        said = seen(library, ("title", "dog dog dog"))
        alike = seen(library, vector=DOG)
        results = search(viewer, "dog")
        assert pks(results)[0] == both.pk
        assert set(pks(results)) == {both.pk, said.pk, alike.pk}
        assert {moment.reason for moment in results.hits[0].moments} == {"seen", "looks like"}

    def test_quotes_ask_for_words_alone(self, library, viewer) -> None:
        seen(library, vector=DOG)
        said = seen(library, ("speech", "dog"))
        assert pks(search(viewer, '"dog"')) == [said.pk]

    def test_others_pictures_are_not_found(self, library, viewer) -> None:
        seen(make_library(), vector=DOG)
        assert search(viewer, "dog").total == 0

    def test_the_number_of_queries_does_not_grow(self, library, viewer) -> None:
        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as captured:
                search(viewer, 'dog -zebra "big dog"')
                search(viewer, "dog beach")
            return len(captured)

        facts = [("object", "dog"), ("speech", "a big dog on the beach")]
        seen(library, *facts, vector=DOG)
        few = queries()
        for _ in range(30):
            seen(library, *facts * 5, vector=DOG)
        assert queries() == few
        assert few < 50


class TestAccess:
    @pytest.mark.parametrize("text", ["dog", '"dog"', "-cat", "", "dgo OR dog", "doggg"])
    def test_owner_and_teammate_find_it_and_a_stranger_does_not(self, library, text: str) -> None:
        asset = seen(library, ("object", "dog"))
        owner, teammate = make_member(library, 40), make_member(library)
        assert pks(search(owner, text)) == pks(search(teammate, text)) == [asset.pk]
        for stranger in (make_member(make_library()), make_user(), AnonymousUser()):
            results = search(stranger, text)
            assert (results.total, results.hits, results.corrected) == (0, [], None)

    def test_the_trash_is_not_searched(self, library, viewer) -> None:
        from django.utils import timezone

        seen(library, ("object", "dog"), trashed_at=timezone.now())
        assert search(viewer, "dog").total == 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200) | st.text(alphabet="a -\"OR\u200f\x00'\\:*&|!<>()😀é", max_size=200))
def test_any_string_is_answered(text: str) -> None:
    assert search(make_superuser(), text).errors == ()


def make_superuser():
    from dam.sharing.models import User

    return User(email="root@example.org", is_superuser=True, pk=1)


@pytest.mark.parametrize(
    "text",
    [
        "the and of",
        "\u200f\u200e\u202b",
        "😀",
        "x" * 10_000,
        "é" * 10_000,
        "OR " * 3_000,
        " ".join(f"word{number}" for number in range(1000)),
        " ".join(f'"word{number} next"' for number in range(500)),
        " ".join(f"-word{number}" for number in range(1000)),
        "ŉ ' \\ %s %% {} \x00",
    ],
)
def test_odd_strings_are_answered_in_bounded_time(library, viewer, text: str) -> None:
    import time

    seen(library, ("object", "dog"))
    started = time.perf_counter()
    results = search(viewer, text)
    assert results.errors == ()
    assert time.perf_counter() - started < 30


def test_answers_can_be_put_in_other_orders(library, viewer) -> None:
    noon = datetime(2024, 5, 1, 12, tzinfo=UTC)
    old = seen(library, ("object", "dog"), title="b", taken_at=noon, duration=5)
    new = seen(library, ("object", "dog"), title="A", taken_at=noon + timedelta(days=1), duration=9)
    undated = seen(library, ("object", "dog"), title="c")
    orders = {
        "newest": [new.pk, old.pk, undated.pk],
        "oldest": [old.pk, new.pk, undated.pk],
        "added": [undated.pk, new.pk, old.pk],
        "name": [new.pk, old.pk, undated.pk],
        "duration": [new.pk, old.pk, undated.pk],
    }
    assert {order: pks(search(viewer, "object:dog", sort=order)) for order in orders} == orders


def test_all_moments_of_one_asset_come_in_order_of_time(library, viewer) -> None:
    film = make_asset(library, kind="video", duration=90)
    for start in (40, 10, 70):
        make_fact(film, "speech", "the same words", start=start, end=start + 5)
    documents.rebuild([film.pk])
    hit = moments_of(viewer, "words", film.pk).hits[0]
    assert [moment.start for moment in hit.moments] == [10, 40, 70]
    assert hit.more_moments == 0
    assert moments_of(make_user(), "words", film.pk).hits == []
    assert moments_of(viewer, "obejct:dog", film.pk).problem is not None


def test_where_nothing_fits_what_holds_some_of_the_words_is_shown_apart(library, viewer) -> None:
    dog = seen(library, ("object", "dog"))
    seen(library, ("object", "cat"))
    results = search(viewer, "dog zeppelin")
    assert (results.hits, results.total) == ([], 0)
    assert [hit.asset.pk for hit in results.nearest_apart] == [dog.pk]
    assert search(viewer, "dog").nearest_apart == ()


def test_where_nothing_fits_what_looks_most_like_it_is_shown_apart(made_space, library, viewer) -> None:
    far = seen(library, vector=COMMON)
    results = search(viewer, "dog")
    assert results.hits == []
    assert [hit.asset.pk for hit in results.nearest_apart] == [far.pk]


def test_a_problem_points_at_its_place(viewer) -> None:
    problem = search(viewer, "harbour obejct:dog").problem
    assert problem is not None
    assert (problem.position, problem.mend) == (8, "harbour object:dog")
