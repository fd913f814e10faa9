"""Decisions on facts: who may take them, what they leave behind, and the way back."""

import pytest

from dam.sharing.models import Role
from indexing import pipeline, receivers
from indexing.analysers import registry
from indexing.models import Annotation, Run
from tests.factories import make_asset, make_fact, make_library, make_member, make_run, make_user
from tests.indexing.test_pipeline import Made

pytestmark = pytest.mark.django_db


@pytest.fixture
def fact():
    return make_fact(make_asset(make_library()))


@pytest.fixture
def archivist(client, fact):
    client.force_login(make_member(fact.asset.library, Role.ARCHIVIST))
    return client


def decide(client, fact, decision, **rest):
    return client.post(f"/facts/{fact.pk}/decide/", {"decision": decision, **rest.pop("data", {})}, **rest)


@pytest.mark.parametrize("decision", ["accepted", "rejected"])
def test_a_decision_is_kept_with_the_person_and_can_be_taken_back(archivist, fact, decision):
    assert decide(archivist, fact, decision)["location"] == fact.asset.get_absolute_url()
    fact.refresh_from_db()
    assert fact.status == decision
    assert fact.reviewer
    decide(archivist, fact, "proposed")
    fact.refresh_from_db()
    assert fact.status == Annotation.Status.PROPOSED
    assert [review.decision for review in fact.reviews.order_by("pk")] == [decision, "proposed"]


def test_htmx_gets_the_buttons_as_they_stand_afterwards(archivist, fact):
    page = decide(archivist, fact, "accepted", headers={"hx-request": "true"}).content.decode()
    assert "Undo" in page
    assert "<html" not in page


def test_the_way_back_is_never_to_another_site(archivist, fact):
    ours = decide(archivist, fact, "accepted", data={"next": "/search/?q=dog"})
    assert ours["location"] == "/search/?q=dog"
    foreign = decide(archivist, fact, "proposed", data={"next": "https://elsewhere.example/"})
    assert foreign["location"] == fact.asset.get_absolute_url()


@pytest.mark.parametrize("decision", ["", "superseded", "nonsense"])
def test_other_words_are_no_decision(archivist, fact, decision):
    assert decide(archivist, fact, decision).status_code == 400
    fact.refresh_from_db()
    assert fact.status == Annotation.Status.PROPOSED


def test_viewers_and_strangers_do_not_decide(client, fact):
    for user in (make_member(fact.asset.library, Role.CONTRIBUTOR), make_user()):
        client.force_login(user)
        assert decide(client, fact, "accepted").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_what_builds_upon_the_fact_is_made_anew(archivist, fact, monkeypatch):
    captions = Made("captions", depends=["objects"])
    monkeypatch.setattr(registry, "enabled", lambda: [Made("objects"), captions])
    receivers.connect()
    built, found = make_run(fact.asset, "captions", **_same(captions)), fact.run
    decide(archivist, fact, "rejected")
    built.refresh_from_db()
    found.refresh_from_db()
    assert (built.state, found.state) == (Run.State.QUEUED, Run.State.DONE)


def _same(analyser):
    return {name: value for name, value in pipeline.identity(analyser).items() if name != "analyser"}
