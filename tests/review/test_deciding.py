import pytest

from dam.collections.models import Collection
from dam.review import deciding
from dam.review.deciding import ReviewError
from dam.review.models import Batch
from dam.sharing.models import Role
from indexing import store
from indexing.analysers.contract import Finding
from indexing.models import Annotation, Review
from indexing.signals import decided
from tests.factories import make_asset, make_fact, make_library, make_member, make_run
from tests.people.conftest import ADA, face, make_person, see
from tests.review.conftest import propose, statuses

pytestmark = pytest.mark.django_db


def ids(facts):
    return [fact.pk for fact in facts]


def test_a_batch_accepts_and_rejects_and_writes_down_who_did(archivist, asset):
    facts = propose(asset, count=3)
    outcome = deciding.decide(archivist, ids(facts[:2]), ids(facts[2:]))
    assert statuses(facts) == ["accepted", "accepted", "rejected"]
    assert {fact.reviewer for fact in facts} == {archivist}
    assert Review.objects.filter(reviewer=archivist).count() == 3
    batch = outcome.batch
    assert (batch.label, batch.accepted, batch.rejected, batch.items.count()) == ("dog", 2, 1, 3)
    assert outcome.missed == 0


def test_each_decision_is_told_once(archivist, asset, django_capture_on_commit_callbacks):
    facts = propose(asset, count=2)
    told = []

    def listen(annotation, **_):
        told.append((annotation.pk, annotation.status))

    decided.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            deciding.decide(archivist, ids(facts[:1]), ids(facts[1:]))
    finally:
        decided.disconnect(listen)
    assert told == [(facts[0].pk, "accepted"), (facts[1].pk, "rejected")]


def test_undo_puts_everything_back_as_it_was(archivist, asset):
    facts = [*propose(asset, count=2), make_fact(asset, text="dog", status="withheld")]
    batch = deciding.decide(archivist, ids(facts[:1]), ids(facts[1:])).batch
    outcome = deciding.undo(batch)
    assert statuses(facts) == ["proposed"] * 3
    assert outcome.missed == 0
    assert deciding.last(archivist) is None
    assert deciding.undo(batch).batch is None


def test_what_somebody_else_decided_meanwhile_stays_and_is_told(archivist, library, asset):
    facts = propose(asset, count=2)
    colleague = make_member(library, Role.ARCHIVIST)
    store.review(facts[0], colleague, "rejected")
    outcome = deciding.decide(archivist, ids(facts), [])
    assert (outcome.missed, outcome.batch.accepted) == (1, 1)
    assert statuses(facts) == ["rejected", "accepted"]


def test_undo_leaves_alone_what_somebody_changed_since(archivist, library, asset):
    facts = propose(asset, count=2)
    batch = deciding.decide(archivist, ids(facts), []).batch
    store.review(facts[0], make_member(library, Role.ARCHIVIST), "accepted")
    assert deciding.undo(batch).missed == 1
    assert statuses(facts) == ["accepted", "proposed"]


def test_nobody_decides_on_what_is_not_theirs_to_edit(archivist, library):
    elsewhere = propose(make_asset(make_library()))
    assert deciding.decide(archivist, ids(elsewhere), []).batch is None
    viewer = make_member(library)
    mine = propose(make_asset(library))
    assert deciding.decide(viewer, ids(mine), []).missed == 1
    assert statuses([*elsewhere, *mine]) == ["proposed", "proposed"]
    assert not Batch.objects.exists()


def test_a_correction_rejects_what_was_said_and_says_what_is_there(archivist, asset):
    (fact,) = propose(asset, x=0.1, y=0.2, w=0.3, h=0.4)
    batch = deciding.correct(archivist, fact.pk, "  wolf ").batch
    wolf = asset.annotations.get(text="wolf")
    assert statuses([fact, wolf]) == ["rejected", "accepted"]
    assert (wolf.source, wolf.author, wolf.x, wolf.h) == ("person", archivist, 0.1, 0.4)
    deciding.undo(batch)
    assert statuses([fact, wolf]) == ["proposed", "superseded"]


def test_a_correction_outlives_the_next_run(archivist, asset):
    run = make_run(asset)
    store.save(run, [Finding("object", "dog", confidence=0.7)])
    fact = asset.annotations.get()
    deciding.correct(archivist, fact.pk, "wolf")
    store.save(run, [Finding("object", "dog", confidence=0.7)])
    held = asset.annotations.filter(status__in=("proposed", "accepted"))
    assert list(held.values_list("text", flat=True)) == ["wolf"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 3000])
def test_an_empty_or_endless_correction_changes_nothing(archivist, asset, text):
    (fact,) = propose(asset)
    with pytest.raises(ReviewError):
        deciding.correct(archivist, fact.pk, text)
    assert statuses([fact]) == ["proposed"]


def test_the_same_words_accept(archivist, asset):
    (fact,) = propose(asset)
    deciding.correct(archivist, fact.pk, "dog")
    assert statuses([fact]) == ["accepted"]


def test_a_label_is_renamed_wherever_machines_say_it(archivist, library, asset):
    mine = [*propose(asset, "canoo", 2), make_fact(asset, text="canoo", status="accepted")]
    refused = make_fact(asset, text="canoo", status="rejected")
    theirs = propose(make_asset(make_library()), "canoo")
    batch = deciding.rename_all(archivist, "object", "canoo", "canoe").batch
    statuses([*mine, refused, *theirs])
    assert [fact.text for fact in mine] == ["canoe"] * 3
    assert [refused.text, theirs[0].text] == ["canoo", "canoo"]
    assert batch.accepted == 3
    mine[0].text = "kayak"
    mine[0].save()
    assert deciding.undo(batch).missed == 1
    statuses(mine)
    assert [fact.text for fact in mine] == ["kayak", "canoo", "canoo"]


def test_people_are_not_renamed_as_labels_are(archivist, asset):
    propose(asset, "Ada", kind="person")
    with pytest.raises(ReviewError, match="Persons are merged"):
        deciding.rename_all(archivist, "person", "Ada", "Eve")


def test_a_batch_holds_no_name_of_a_person(archivist, asset):
    (fact,) = propose(asset, "Ada", kind="person")
    batch = deciding.decide(archivist, [fact.pk], []).batch
    assert (batch.kind, batch.label, batch.text) == ("person", "", "")


@pytest.fixture
def guess(library, archivist, asset):
    """A face that a machine takes for Ada."""
    ada = make_person(library)
    see(asset, face(ADA))
    (fact,) = propose(asset, "Ada", kind="person", x=0.1, y=0.1, w=0.2, h=0.3, details={"person": ada.pk})
    fact.appearance = ada.appearances.create(annotation=fact)
    return fact


def test_a_person_is_corrected_to_somebody_who_consents(archivist, library, asset, guess):
    bob = make_person(library, "Bob")
    batch = deciding.name(archivist, guess.pk, bob).batch
    said = asset.annotations.get(kind="person", text="Bob")
    assert statuses([guess, said]) == ["rejected", "accepted"]
    assert said.appearance.person == bob
    deciding.undo(batch)
    assert statuses([guess, said]) == ["proposed", "superseded"]


def test_nobody_is_named_without_consent(archivist, library, guess):
    eve = make_person(library, "Eve", consent=False)
    with pytest.raises(ReviewError, match="consent"):
        deciding.name(archivist, guess.pk, eve)
    assert statuses([guess]) == ["proposed"]
    assert not Batch.objects.exists()


def test_nobody_is_named_by_a_text(archivist, guess):
    with pytest.raises(ReviewError, match="Choose a person"):
        deciding.correct(archivist, guess.pk, "Eve")
    assert statuses([guess]) == ["proposed"]


def test_progress_counts_what_was_decided_today_and_not_undone(archivist, asset):
    first, second = propose(asset, count=2)
    deciding.decide(archivist, [first.pk], [])
    undone = deciding.decide(archivist, [], [second.pk]).batch
    assert deciding.decided_today(archivist) == 2
    deciding.undo(undone)
    assert deciding.decided_today(archivist) == 1


def test_a_role_that_was_taken_away_leaves_decisions_as_they_are(archivist, library, asset):
    facts = propose(asset)
    batch = deciding.decide(archivist, ids(facts), []).batch
    archivist.memberships.update(collection=Collection.objects.create(library=library, name="Elsewhere"))
    assert deciding.undo(batch).missed == 1
    assert statuses(facts) == ["accepted"]


def test_a_batch_costs_the_same_queries_for_one_fact_and_for_many(
    archivist, asset, django_assert_max_num_queries
):
    few, many = propose(asset, count=2), propose(asset, count=40)
    with django_assert_max_num_queries(40) as before:
        deciding.decide(archivist, ids(few[:1]), ids(few[1:]))
    with django_assert_max_num_queries(len(before)):
        deciding.decide(archivist, ids(many[:20]), ids(many[20:]))
    assert Annotation.objects.filter(reviewer=archivist).count() == 42
