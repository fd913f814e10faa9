import pytest
from django.core.management import CommandError, call_command

from dam.review import measures, measuring
from dam.review.models import Measure
from indexing import execution, store
from indexing.analysers.contract import Finding
from indexing.models import Annotation
from indexing.signals import look_around
from tests.factories import make_asset, make_fact, make_library, make_run, make_user
from tests.review.conftest import propose, statuses

pytestmark = pytest.mark.django_db


def decide(asset, user, right, wrong, text="dog", **fields):
    """Facts on which a person has decided: so many right, so many wrong."""
    for status, count in (("accepted", right), ("rejected", wrong)):
        for fact in propose(asset, text, count, **fields):
            store.review(fact, user, status)


@pytest.fixture
def user():
    return make_user()


def test_precision_is_counted_by_analyser_and_label(asset, user):
    decide(asset, user, 3, 1)
    decide(asset, user, 1, 0, text="bark", kind="sound", run=make_run(asset, "sounds"))
    propose(asset, count=5)
    make_fact(asset, text="dog", source="person", status="accepted", reviewer=user)
    measuring.measure(asset.library_id)
    dog, bark = Measure.objects.order_by("analyser")
    assert (dog.analyser, dog.label, dog.accepted, dog.rejected, dog.precision) == (
        "objects",
        "dog",
        3,
        1,
        0.75,
    )
    assert dog.interval == pytest.approx((0.3006, 0.9544), abs=1e-4)
    assert (bark.analyser, bark.kind, bark.precision) == ("sounds", "sound", 1.0)


def test_no_name_of_a_person_is_written_down_again(asset, user):
    decide(asset, user, 2, 1, text="Ada", kind="person")
    measuring.measure(asset.library_id)
    (measure,) = Measure.objects.all()
    assert (measure.kind, measure.label, measure.accepted) == ("person", "", 2)


def test_a_label_that_is_nearly_always_wrong_is_withheld_until_it_improves(asset, user):
    waits = propose(asset, count=2) + propose(make_asset(asset.library))
    other, elsewhere = propose(asset, "cat"), propose(make_asset(make_library()))
    decide(asset, user, 0, 9)
    measuring.measure(asset.library_id)
    assert statuses(waits) == ["withheld"] * 3
    assert statuses([*other, *elsewhere]) == ["proposed", "proposed"]
    store.review(waits[0], user, "accepted")
    decide(asset, user, 4, 0)
    measuring.measure(asset.library_id)
    assert statuses(waits) == ["accepted", "proposed", "proposed"]


def test_proposals_below_the_confidence_that_is_good_enough_are_withheld(asset, user):
    decide(asset, user, 10, 0, confidence=0.8)
    decide(asset, user, 0, 6, confidence=0.4)
    low, high, none = (propose(asset, confidence=value)[0] for value in (0.5, 0.9, None))
    measuring.measure(asset.library_id)
    assert Measure.objects.get().threshold == 0.8
    assert statuses([low, high, none]) == ["withheld", "proposed", "proposed"]


def test_what_a_later_run_finds_is_withheld_too_and_only_its_like(asset, user):
    decide(asset, user, 0, 9)
    measuring.measure(asset.library_id)
    new = make_asset(asset.library)
    store.save(make_run(new), [Finding("object", "dog", confidence=0.9), Finding("object", "cat")])
    assert dict(new.annotations.values_list("text", "status")) == {"dog": "withheld", "cat": "proposed"}
    improved = make_asset(asset.library)
    store.save(make_run(improved, version="2"), [Finding("object", "dog", confidence=0.9)])
    assert improved.annotations.get().status == "proposed"
    elsewhere = make_asset(make_library())
    store.save(make_run(elsewhere), [Finding("object", "dog", confidence=0.9)])
    assert elsewhere.annotations.get().status == "proposed"


def test_a_threshold_holds_for_what_a_later_run_finds(asset, user):
    decide(asset, user, 10, 0, confidence=0.8)
    decide(asset, user, 0, 6, confidence=0.4)
    measuring.measure(asset.library_id)
    new = make_asset(asset.library)
    found = [Finding("object", "dog", number=number, confidence=number) for number in (0.5, 0.9)]
    store.save(make_run(new), found)
    assert dict(new.annotations.values_list("number", "status")) == {0.5: "withheld", 0.9: "proposed"}


def test_other_analysers_are_not_told_of_what_is_withheld(asset):
    make_fact(asset, text="dog", status="withheld")
    make_fact(asset, text="cat")
    assert [fact.text for fact in execution._Facts(asset)("object")] == ["cat"]


@pytest.mark.parametrize("kind", ["sensitive", "mention", "person", "caption"])
def test_flags_watched_words_names_and_sentences_are_never_withheld(asset, user, kind):
    decide(asset, user, 0, 12, kind=kind)
    waits = propose(asset, kind=kind)
    measuring.measure(asset.library_id)
    assert statuses(waits) == ["proposed"]
    assert not Measure.objects.restraining().exists()


def test_an_archivist_keeps_a_label_shown_and_lets_it_go_again(archivist, asset, user):
    waits = propose(asset)
    decide(asset, user, 0, 9)
    measuring.measure(asset.library_id)
    measure = Measure.objects.get()
    measures.keep(measure, archivist, True)
    assert statuses(waits) == ["proposed"]
    measuring.measure(asset.library_id)
    assert statuses(waits) == ["proposed"]
    measures.keep(Measure.objects.get(), archivist, False)
    assert statuses(waits) == ["withheld"]


def test_measuring_twice_changes_nothing(asset, user, django_capture_on_commit_callbacks):
    propose(asset)
    decide(asset, user, 0, 9)
    measuring.measure(asset.library_id)
    before = list(Measure.objects.values())
    with django_capture_on_commit_callbacks() as told:
        measuring.measure(asset.library_id)
    assert list(Measure.objects.values()) == before
    assert told == []


def test_decisions_that_are_taken_back_are_not_counted(asset, user):
    decide(asset, user, 1, 0)
    measuring.measure(asset.library_id)
    store.review(asset.annotations.get(), user, "proposed")
    measuring.measure(asset.library_id)
    assert Measure.objects.get().decided == 0


def test_the_planner_measures_when_people_have_decided(asset, user):
    look_around()
    assert not Measure.objects.exists()
    decide(asset, user, 1, 0)
    measuring._rested_until = float("-inf")
    look_around()
    assert Measure.objects.get().accepted == 1
    decide(asset, user, 1, 0)
    look_around()
    assert Measure.objects.get().accepted == 1, "it was measured a moment ago"
    measuring._rested_until = float("-inf")
    look_around()
    assert Measure.objects.get().accepted == 2


def test_the_command_measures_the_libraries_that_it_is_told(asset, user, capsys):
    decide(asset, user, 1, 0)
    with pytest.raises(CommandError, match="no library nowhere"):
        call_command("precision", "nowhere")
    call_command("precision", asset.library.slug)
    assert "Measured 1" in capsys.readouterr().out
    assert Measure.objects.get().accepted == 1


def test_a_run_of_a_library_without_rules_costs_one_query_more(asset, django_assert_num_queries):
    from dam.review import thresholds

    run = make_run(asset)
    facts = [Annotation(kind="object", text="dog")] * 500
    with django_assert_num_queries(1):
        assert thresholds.held_back(run, facts) == []
    with django_assert_num_queries(0):
        assert thresholds.held_back(run, [Annotation(kind="speech", text="dog")]) == []
