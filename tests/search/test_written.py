"""A search for what is written leads to where it stands and when."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from search import documents, meaning
from search.service import search
from tests.factories import make_asset, make_fact, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_space(monkeypatch):
    def missing(weights):
        raise LookupError("not fetched")

    monkeypatch.setattr(meaning, "current_space", missing)
    meaning._encoded.cache_clear()
    cache.clear()


def test_a_written_word_is_found_at_its_second_and_region() -> None:
    library = make_library()
    film = make_asset(library, kind="video", duration=90)
    box = {"x": 0.1, "y": 0.7, "w": 0.4, "h": 0.1}
    fact = make_fact(film, "text", "HARBOUR NEWS", start=12.5, end=15, confidence=0.97, **box)
    make_fact(film, "word", "HARBOUR", parent=fact, start=12.5, end=15, **box)
    documents.rebuild([film.pk])
    (hit,) = search(make_member(library), "harbour").hits
    (moment,) = hit.moments
    assert (moment.annotation_id, moment.reason, moment.start) == (fact.pk, "written", 12.5)
    assert tuple(moment.region) == pytest.approx((0.1, 0.7, 0.4, 0.1))
