import numpy as np
import pytest
from django.db import IntegrityError

from dam.assets.corrections import correct
from indexing import store
from indexing.analysers.contract import Finding, Place, Region, Vector
from indexing.models import Annotation, Embedding, Run
from indexing.signals import facts_changed
from tests.factories import make_asset, make_fact, make_run, make_user

pytestmark = pytest.mark.django_db

LEFT, RIGHT = Region(0.0, 0.0, 0.4, 1.0), Region(0.6, 0.0, 0.4, 1.0)


@pytest.fixture
def announced(django_capture_on_commit_callbacks):  # type: ignore[no-untyped-def]
    ids: list[list[int]] = []

    def listen(asset_ids: list[int], **_: object) -> None:
        ids.append(asset_ids)

    facts_changed.connect(listen)
    yield ids
    facts_changed.disconnect(listen)


def texts(asset, **conditions):  # type: ignore[no-untyped-def]
    return sorted(Annotation.objects.filter(asset=asset, **conditions).values_list("text", flat=True))


def test_a_run_writes_its_findings_with_their_places() -> None:
    run = make_run(make_asset(), state=Run.State.RUNNING)
    store.save(run, [Finding("object", "dog", place=Place(1, 2, LEFT), confidence=0.8)])
    fact = Annotation.objects.get()
    assert (fact.kind, fact.text, fact.start, fact.end, fact.w) == ("object", "dog", 1, 2, 0.4)
    assert (fact.source, fact.status, fact.run) == ("machine", "proposed", run)
    assert run.state == Run.State.DONE


def test_the_words_of_a_segment_become_its_children() -> None:
    run = make_run(make_asset(), "speech")
    words = [Finding("word", "good", place=Place(0, 0.4)), Finding("word", "day", place=Place(0.4, 1))]
    store.save(run, [Finding("speech", "good day", place=Place(0, 1), children=words)])
    segment = Annotation.objects.get(kind="speech")
    assert [word.text for word in segment.children.order_by("start")] == ["good", "day"]


def test_a_second_run_replaces_the_unreviewed_findings_of_the_first() -> None:
    asset = make_asset()
    store.save(make_run(asset, version="1"), [Finding("object", "dog"), Finding("object", "cat")])
    store.save(make_run(asset, version="2"), [Finding("object", "horse")])
    assert texts(asset) == ["horse"]


def test_findings_of_another_analyser_stay() -> None:
    asset = make_asset()
    store.save(make_run(asset, "ocr"), [Finding("text", "LIDO")])
    store.save(make_run(asset, "objects"), [Finding("object", "dog")])
    assert texts(asset) == ["LIDO", "dog"]


def test_a_rejected_fact_is_not_proposed_again_by_a_newer_model() -> None:
    asset, person = make_asset(), make_user()
    store.save(make_run(asset, version="1"), [Finding("object", "dog", place=Place(region=LEFT))])
    store.review(Annotation.objects.get(), person, "rejected")
    store.save(make_run(asset, version="2"), [Finding("object", "Dog", place=Place(region=LEFT))])
    assert list(Annotation.objects.values_list("status", flat=True)) == ["rejected"]


def test_what_a_person_corrected_is_not_said_again_in_other_words() -> None:
    asset = make_asset(kind="audio")
    user = make_user()
    heard = make_fact(
        asset, "speech", "The harbor of Oran", run=make_run(asset, "speech", version="0"), start=2, end=6
    )
    correct(heard, "The harbour of Ourém", user)
    again = Finding("speech", "The harbour of Orem", place=Place(2.2, 5.9))
    after = Finding("speech", "We sailed at noon", place=Place(5.5, 9.0))
    store.save(make_run(asset, "speech"), [again, after])
    holding = Annotation.objects.filter(kind="speech", status__in=("proposed", "accepted")).order_by("start")
    assert [fact.text for fact in holding] == ["The harbour of Ourém", "We sailed at noon"]


def test_the_same_label_elsewhere_in_the_picture_is_another_fact() -> None:
    asset, person = make_asset(), make_user()
    store.save(make_run(asset, version="1"), [Finding("object", "dog", place=Place(region=LEFT))])
    store.review(Annotation.objects.get(), person, "rejected")
    store.save(make_run(asset, version="2"), [Finding("object", "dog", place=Place(region=RIGHT))])
    assert sorted(Annotation.objects.values_list("status", flat=True)) == ["proposed", "rejected"]


def test_an_accepted_fact_survives_a_run_that_does_not_find_it() -> None:
    asset = make_asset()
    store.save(make_run(asset, version="1"), [Finding("object", "dog")])
    store.review(Annotation.objects.get(), make_user(), "accepted")
    store.save(make_run(asset, version="2"), [])
    assert texts(asset, status="accepted") == ["dog"]


def test_a_persons_fact_is_never_touched_by_a_run() -> None:
    asset = make_asset()
    make_fact(asset, text="Ada's dog", source="person")
    store.save(make_run(asset), [])
    assert texts(asset) == ["Ada's dog"]


def test_a_decision_can_be_taken_back_and_its_history_is_kept() -> None:
    fact, person = make_fact(make_asset()), make_user()
    store.review(fact, person, "rejected")
    store.review(fact, person, "proposed")
    fact.refresh_from_db()
    assert fact.status == "proposed"
    assert list(fact.reviews.order_by("pk").values_list("decision", flat=True)) == ["rejected", "proposed"]


def test_vectors_of_an_analyser_are_replaced() -> None:
    asset = make_asset()
    for version in ("1", "2"):
        store.save(make_run(asset, "clip", version=version), [Vector("made", np.array([1.0, 0.0]))])
    assert Embedding.objects.get().run.version == "2"


def test_an_unknown_kind_changes_nothing() -> None:
    asset = make_asset()
    store.save(make_run(asset, version="1"), [Finding("object", "dog")])
    with pytest.raises(KeyError, match="nonsense"):
        store.save(make_run(asset, version="2"), [Finding("nonsense", "x")])
    assert texts(asset) == ["dog"]


def test_a_region_outside_the_frame_changes_nothing() -> None:
    asset = make_asset()
    store.save(make_run(asset, version="1"), [Finding("object", "dog")])
    outside = Finding("object", "cat", place=Place(region=Region(0.5, 0.5, 3.0, 0.1)))
    with pytest.raises(IntegrityError):
        store.save(make_run(asset, version="2"), [outside])


def test_nul_characters_do_not_reach_the_database() -> None:
    asset = make_asset()
    store.save(make_run(asset), [Finding("text", "LI\x00DO")])
    assert texts(asset) == ["LIDO"]


def test_facts_of_the_file_are_accepted_and_replaced_when_it_is_read_again() -> None:
    asset = make_asset()
    store.import_facts(asset, [Finding("title", "Harbour"), Finding("keyword", "boats")])
    store.import_facts(asset, [Finding("title", "Harbour at dawn")])
    assert texts(asset, source="file", status="accepted") == ["Harbour at dawn"]


def test_changed_facts_are_announced_after_the_commit(announced, django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    asset = make_asset()
    with django_capture_on_commit_callbacks(execute=True):
        store.save(make_run(asset), [Finding("object", "dog")])
    assert announced == [[asset.pk]]


def test_vectors_alone_are_not_announced(announced, django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    with django_capture_on_commit_callbacks(execute=True):
        store.save(make_run(make_asset(), "clip"), [Vector("made", np.array([1.0, 0.0]))])
    assert announced == []


def test_a_failure_keeps_the_facts_and_states_the_reason() -> None:
    asset = make_asset()
    store.save(make_run(asset, version="1"), [Finding("object", "dog")])
    run = make_run(asset, version="2", state=Run.State.RUNNING)
    store.fail(run, "The file is truncated.")
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "The file is truncated.")
    assert texts(asset) == ["dog"]


def test_vectors_come_back_as_the_numbers_that_analysers_work_with() -> None:
    run = make_run(make_asset(), "clip", state=Run.State.RUNNING)
    store.save(run, [Vector("space", np.array([0.6, 0.8], np.float32), Place(1, 2))])
    (vector,) = store.vectors_of(run.asset, "space")
    assert (vector.values.dtype, vector.values.tolist()) == (np.float32, pytest.approx([0.6, 0.8]))
    assert vector.place == Place(1, 2)
