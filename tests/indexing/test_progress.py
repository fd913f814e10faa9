"""What the analysis of an asset costs, in all and for each minute of film."""

from __future__ import annotations

import pytest

from dam.sharing.models import Role
from indexing import pipeline, progress
from indexing.analysers import registry
from tests.factories import make_asset, make_library, make_member, make_run
from tests.indexing.test_pipeline import Made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def analysers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two analysers that work on films."""
    made = [Made("shots"), Made("objects")]
    for each in made:
        each.applies_to = ("video",)
    monkeypatch.setattr(registry, "enabled", lambda: made)


def film(library, duration=120.0, **seconds):
    asset = make_asset(library, kind="video", media_type="video/mp4", duration=duration)
    for analyser in registry.enabled():
        if analyser.name in seconds:
            identity = pipeline.identity(analyser)
            make_run(asset, seconds=seconds[analyser.name], **identity)
    return asset


def test_each_analysis_is_told_with_its_seconds_for_a_minute_of_film():
    steps = progress.asset_progress(film(make_library(), shots=30.0, objects=6.0))
    assert [(step.analyser, step.seconds, cost) for step, cost in steps.costs()] == [
        ("shots", 30.0, 15.0),
        ("objects", 6.0, 3.0),
    ]
    assert (steps.seconds, steps.seconds_a_minute) == (36.0, 18.0)


def test_what_has_not_ended_or_has_no_length_costs_nothing_a_minute():
    waiting = progress.asset_progress(film(make_library(), shots=30.0))
    assert [cost for _, cost in waiting.costs()] == [15.0, None]
    timeless = progress.asset_progress(film(make_library(), duration=None, shots=30.0))
    assert (timeless.seconds, timeless.seconds_a_minute) == (30.0, None)


def test_the_page_of_a_film_shows_what_it_cost(client):
    library = make_library()
    client.force_login(make_member(library, Role.VIEWER))
    page = client.get(film(library, shots=30.0, objects=6.5).get_absolute_url()).content.decode()
    page = " ".join(page.split())
    assert "30.0 s · 15.0 s per minute of film" in page
    assert "Together 36.5 s, 18.2 s per minute of film" in page or "18.3 s per minute of film" in page
