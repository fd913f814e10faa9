"""The timeline of the asset page: lanes for all of the film, and what the script needs to step by frames."""

import pytest
from django.urls import reverse

from dam.assets.lanes import BARS, lanes
from indexing.models import Annotation
from tests.factories import make_asset, make_fact, make_library, make_member

pytestmark = pytest.mark.django_db


def spans(kind, count, lasting=1.0):
    return [
        Annotation(pk=number, kind=kind, text=f"{kind} {number}", start=number, end=number + lasting)
        for number in range(count)
    ]


@pytest.mark.parametrize("kind", ["shot", "speech"])
def test_a_lane_without_gaps_reaches_to_the_end_however_many_there_are(kind):
    (lane,) = lanes({kind: spans(kind, 5 * BARS + 1)})
    (row,) = lane.rows
    assert len(row.bars) <= BARS
    assert (row.bars[0].start, row.bars[-1].end) == (0, 5 * BARS + 1)
    assert sum(1 + bar.more for bar in row.bars) == 5 * BARS + 1
    assert all(one.end == other.start for one, other in zip(row.bars, row.bars[1:], strict=False))


def test_the_lanes_of_a_film_come_in_the_order_of_reading():
    kinds = ("music", "sound", "object", "speech", "turn", "person", "shot")
    drawn = lanes({kind: spans(kind, 2) for kind in kinds})
    assert [lane.kind.name for lane in drawn] == ["shot", "person", "object", "turn", "speech", "sound"]


@pytest.fixture
def film(client):
    library = make_library()
    client.force_login(make_member(library))
    streams = [{"type": "audio"}, {"type": "video", "rate": 23.976, "cover": False}]
    return make_asset(library, kind="video", duration=60.0, technical={"streams": streams})


def test_the_page_says_how_many_frames_a_second_there_are(client, film):
    make_fact(film, "shot", start=0.0, end=30.0)
    shown = client.get(film.get_absolute_url() + "?t=5&end=9").content.decode()
    assert 'data-rate="23.976 "' in shown
    assert 'data-second="0" data-until="30"' in shown


def test_who_may_only_look_gets_no_tools_that_change_facts(client, film):
    make_fact(film, "speech", "hello", start=0.0, end=3.0)
    shown = client.get(film.get_absolute_url()).content.decode()
    assert reverse("place-facts", args=[film.pk]) not in shown
    assert reverse("edit-transcript", args=[film.pk]) not in shown
