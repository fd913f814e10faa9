from types import SimpleNamespace

import pytest

from dam.people import biometrics
from dam.people.signals import look_again
from indexing import receivers
from indexing.analysers import registry
from indexing.models import Run
from tests.factories import make_asset, make_run

FACES = SimpleNamespace(name="faces", version="2", model="made", spaces={"sface": 128})
CLIP = SimpleNamespace(name="clip", version="1", model="made", spaces={"clip": 512})


@pytest.fixture(autouse=True)
def analysers(monkeypatch):
    monkeypatch.setattr(registry, "enabled", lambda: [FACES, CLIP])


def states(asset):
    return dict(asset.runs.values_list("analyser", "state"))


@pytest.mark.django_db
def test_a_look_that_is_asked_for_repeats_what_fills_that_space_on_those_assets():
    asset, other = make_asset(), make_asset()
    for each in (asset, other):
        make_run(each, "faces", version="2", attempts=1)
        make_run(each, "clip")
    look_again.send(sender=None, space="sface", asset_ids=[asset.pk])
    assert states(asset) == {"faces": "queued", "clip": "done"}
    assert states(other) == {"faces": "done", "clip": "done"}
    assert Run.objects.get(asset=asset, analyser="faces").attempts == 0


@pytest.mark.django_db
def test_a_run_under_way_is_not_begun_again():
    asset = make_asset()
    make_run(asset, "faces", version="2", state=Run.State.RUNNING)
    look_again.send(sender=None, space="sface", asset_ids=[asset.pk])
    assert states(asset) == {"faces": "running"}


def test_likeness_of_faces_is_read_by_the_curve_measured_for_their_engine():
    from indexing.engines.face_likeness import CENTRE, same_person

    receivers.connect()
    likeness = biometrics.likeness_in("sface")
    assert likeness is not None
    assert likeness(CENTRE) == pytest.approx(0.5)
    assert likeness(0.6) == pytest.approx(same_person(0.6))
