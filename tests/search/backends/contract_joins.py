"""The contract for time joins: half-open spans in seconds, as docs/query.md defines them."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dam.assets.models import Asset
from indexing.models import Annotation, Run
from search.backends.base import AssetMoments, Backend
from search.filters import Filters
from search.parser import parse
from search.query import And, Joined, Query, Relation, Word
from tests.factories import make_library, make_member, make_run
from tests.search.backends.contract_base import ContractBase

Span = tuple[float, float] | None
"""From which second to which; None lasts as long as the whole asset."""

EVER = (-20.0, 40.0)
"""Longer than any span below with any distance below."""


def ticks(span: Span) -> set[float]:
    """The quarters of a second in a half-open span of whole seconds; an instant has itself."""
    start, end = span or EVER
    quarters = range(int(start * 4), int(end * 4))
    return {quarter / 4 for quarter in quarters} or {start}


def stands(left: Span, relation: Relation, right: Span, within: float | None) -> bool:
    """The definition, for spans of whole seconds and distances of whole seconds, tick by tick."""
    here, there = ticks(left), ticks(right)
    if relation is Relation.THEN:
        if left is None or right is None or max(here) >= min(there):
            return False
        return within is None or right[0] - left[1] <= within
    if relation is Relation.WITH:
        return any(abs(one - other) <= (within or 0) for one in here for other in there)
    return bool(here & there)


timed = st.tuples(st.integers(0, 15), st.integers(0, 3)).map(lambda each: (each[0], sum(each)))
spans = st.lists(st.one_of(timed, timed, timed, st.none()), min_size=1, max_size=4)
JOINS = (
    *((Relation.WITH, within) for within in (None, 1.0, 3.0)),
    *((Relation.THEN, within) for within in (None, 0.0, 2.0)),
    (Relation.WHILE, None),
    (Relation.NOT_WHILE, None),
)


class JoinsContract(ContractBase):
    """Each relation finds assets, and in them the moments of its left side."""

    def test_with_joins_facts_that_overlap(self) -> None:
        film = self.film(
            ("speech", "the engine", 0, 5), ("object", "train", 4, 9), ("speech", "engine", 20, 25)
        )
        self.film(("speech", "the engine", 0, 5), ("object", "train", 30, 35))
        assert self.found("said:engine WITH object:train") == [film.pk]
        assert self.times_of("said:engine WITH object:train", film) == [(0, 5)]

    def test_the_facts_of_two_assets_are_never_joined(self) -> None:
        self.film(("speech", "engine", 0, 5))
        self.film(("object", "train", 0, 5))
        assert self.found("said:engine WITH object:train") == []

    def test_spans_that_only_touch_do_not_overlap(self) -> None:
        self.film(("speech", "engine", 0, 3), ("object", "train", 3, 5))
        assert self.found("said:engine WITH object:train") == []
        assert self.found("said:engine WHILE object:train") == []

    def test_equal_spans_overlap(self) -> None:
        film = self.film(("speech", "engine", 3, 5), ("object", "train", 3, 5))
        assert self.found("said:engine WITH object:train") == [film.pk]
        assert self.found("said:engine WHILE object:train") == [film.pk]
        assert self.found("said:engine THEN object:train") == []

    def test_within_reaches_before_and_after(self) -> None:
        film = self.film(("speech", "engine", 10, 12), ("object", "train", 16, 18), ("object", "bus", 5, 6))
        assert self.found("said:engine WITH object:train WITHIN 5s") == [film.pk]
        assert self.found("said:engine WITH object:bus WITHIN 5s") == [film.pk]
        assert self.found("said:engine WITH object:train WITHIN 3s") == []
        assert self.found("said:engine WITH object:bus WITHIN 3s") == []

    def test_while_shows_what_the_two_have_in_common(self) -> None:
        film = self.film(("person", "Ada", 0, 20), ("speaker", "Grace", 5, 8), ("speaker", "Grace", 15, 30))
        assert self.found("person:Ada WHILE speaker:Grace") == [film.pk]
        assert self.times_of("person:Ada WHILE speaker:Grace", film) == [(5, 8), (15, 20)]
        found = self.open_backend(self.viewer).moments(
            parse("person:Ada WHILE speaker:Grace"), Filters(), [film.pk], limit=1
        )[film.pk]
        assert (len(found.moments), found.count) == (1, 2)

    def test_a_fact_without_a_time_lasts_as_long_as_the_asset(self) -> None:
        film = self.film(("context", "wedding", None, None), ("speech", "I do", 5, 8))
        assert self.found("said:do WITH context:wedding") == [film.pk]
        assert self.times_of("context:wedding WHILE said:do", film) == [(5, 8)]
        assert self.found("context:wedding THEN said:do") == []
        assert self.found("said:do THEN context:wedding") == []
        assert self.found("context:wedding NOT WHILE said:do") == []

    def test_two_facts_without_a_time_are_together(self) -> None:
        image = self.seen(("object", "dog"), ("object", "ball"))
        assert self.found("object:dog WHILE object:ball") == [image.pk]
        assert self.times_of("object:dog WHILE object:ball", image) == [(None, None)]

    def test_an_instant_is_within_what_begins_with_it_and_not_within_what_ends_with_it(self) -> None:
        film = self.film(("object", "dog", 5, 5), ("sound", "bark", 5, 8), ("sound", "bell", 2, 5))
        assert self.found("object:dog WHILE sound:bark") == [film.pk]
        assert self.times_of("object:dog WHILE sound:bark", film) == [(5, 5)]
        assert self.found("object:dog WHILE sound:bell") == []
        assert self.found("sound:bell THEN object:dog") == [film.pk]

    def test_then_follows_at_once_or_later(self) -> None:
        film = self.film(("object", "dog", 0, 3), ("sound", "bark", 3, 4), ("sound", "bell", 7, 8))
        assert self.found("object:dog THEN sound:bark WITHIN 0s") == [film.pk]
        assert self.found("object:dog THEN sound:bell WITHIN 4s") == [film.pk]
        assert self.found("object:dog THEN sound:bell WITHIN 3.5s") == []
        assert self.found("object:dog THEN sound:bell") == [film.pk]
        assert self.found("sound:bark THEN object:dog") == []
        assert self.times_of("object:dog THEN sound:bell", film) == [(0, 3)]

    def test_an_instant_at_which_a_span_ends_is_shared_beside_the_span(self) -> None:
        film = self.film(("object", "dog", 0, 9), ("sound", "bark", 1, 3), ("sound", "bark", 3, 3))
        assert self.times_of("object:dog WHILE sound:bark", film) == [(1, 3), (3, 3)]

    def test_what_overlaps_does_not_follow(self) -> None:
        self.film(("object", "dog", 0, 3), ("sound", "bark", 2, 4))
        assert self.found("object:dog THEN sound:bark") == []

    def test_not_while_leaves_the_moments_that_overlap_nothing(self) -> None:
        film = self.film(
            ("speech", "the budget", 0, 5), ("speech", "a school", 3, 8), ("speech", "our budget", 8, 12)
        )
        silent = self.film(("speech", "the budget", 0, 5))
        self.film(("speech", "the school budget", 0, 5))
        assert set(self.found("said:budget NOT WHILE said:school")) == {film.pk, silent.pk}
        assert self.times_of("said:budget NOT WHILE said:school", film) == [(8, 12)]

    def test_attributes_of_facts_narrow_both_sides(self) -> None:
        film = self.film(("speech", "engine", 0, 5), ("object", "train", 0, 5))
        assert self.found("(said:engine WITH object:train) source:machine") == [film.pk]
        assert self.found("(said:engine WITH object:train) source:human") == []
        Annotation.objects.filter(asset=film, kind="speech").update(confidence=0.9)
        Annotation.objects.filter(asset=film, kind="object").update(confidence=0.5)
        self.refresh(film)
        assert self.found("(said:engine confidence:>0.8) WITH object:train") == [film.pk]
        assert self.found("said:engine WITH (object:train confidence:>0.8)") == []
        assert self.found("(said:engine WITH object:train) confidence:>0.8") == []

    def test_the_moments_of_a_join_come_before_those_of_a_free_word(self) -> None:
        film = self.film(
            ("title", "train train", None, None), ("speech", "engine", 0, 5), ("object", "train", 1, 2)
        )
        moments = self.moments_of("train (said:engine WITH object:train)", film)
        assert [moment.text for moment in moments] == ["engine", "train train", "train"]

    def test_an_excluded_join_excludes(self) -> None:
        apart = self.film(("speech", "engine", 0, 5), ("object", "train", 7, 9))
        self.film(("speech", "engine", 0, 5), ("object", "train", 4, 9))
        assert self.found("engine -(said:engine WITH object:train)") == [apart.pk]

    def test_a_misspelt_word_in_a_join_is_replaced(self) -> None:
        film = self.film(("speech", "an elephant", 0, 5), ("object", "train", 0, 5))
        assert self.found("said:elefant WITH object:train") == [film.pk]

    def test_joins_see_no_further_than_the_reader(self) -> None:
        self.film(("speech", "engine", 0, 5), ("object", "train", 0, 5), library=make_library())
        for relation in ("WITH", "WHILE", "THEN", "NOT WHILE"):
            assert self.found(f"said:engine {relation} object:train", make_member(self.library)) == []

    def test_joins_agree_with_their_definition(self) -> None:
        """Random spans against the definition, tick by tick: which moments answer, and when."""
        film = self.film()
        run = make_run(film)

        @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
        @given(spans, spans)
        def agree(lefts: list[Span], rights: list[Span]) -> None:
            facts = [("object", "dog", span) for span in lefts] + [("sound", "bark", span) for span in rights]
            film.annotations.all().delete()
            Annotation.objects.bulk_create(_fact(film, run, *fact) for fact in facts)
            self.refresh(film)
            backend = self.open_backend(self.viewer)
            for relation, within in JOINS:
                expected = _expected(lefts, relation, rights, within)
                assert _answer(backend, relation, within, film) == (bool(expected), _covered(expected))

        agree()


def _fact(film: Asset, run: Run, kind: str, text: str, span: Span) -> Annotation:
    start, end = span or (None, None)
    return Annotation(asset=film, run=run, kind=kind, text=text, start=start, end=end, source="machine")


def _expected(
    lefts: list[Span], relation: Relation, rights: list[Span], within: float | None
) -> list[tuple[float | None, float | None]]:
    """Where moments of the left are shown, in ticks where they are cut."""
    found: list[tuple[float | None, float | None]] = []
    for left in lefts:
        others = [right for right in rights if stands(left, relation, right, within)]
        if bool(others) is (relation is Relation.NOT_WHILE):
            continue
        if relation is Relation.WHILE:
            found += [(tick, tick) for right in others for tick in ticks(left) & ticks(right)]
        else:
            found.append(left or (None, None))
    return found


def _covered(times: list[tuple[float | None, float | None]]) -> set[float]:
    """All the ticks of all the spans."""
    return {
        tick for start, end in times for tick in ticks(None if start is None or end is None else (start, end))
    }


def _answer(
    backend: Backend, relation: Relation, within: float | None, film: Asset
) -> tuple[bool, set[float]]:
    """Whether the film is found, and all the ticks of its moments."""
    query = Query(And((Joined(Word("dog"), relation, Word("bark"), within),)))
    found = film.pk in backend.lexical(query, 10).assets
    moments = backend.moments(query, Filters(), [film.pk], 100).get(film.pk, AssetMoments()).moments
    return found, _covered([(moment.start, moment.end) for moment in moments])
