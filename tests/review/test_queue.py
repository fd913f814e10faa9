import pytest

from dam.collections.models import Collection
from dam.review.forms import ReviewFilter
from dam.review.grouping import GROUPS_A_PAGE, Group, groups
from dam.review.waiting import page_at, waiting, waiting_count
from dam.sharing.models import Role
from tests.factories import make_asset, make_fact, make_library, make_member, make_run
from tests.review.conftest import propose

pytestmark = pytest.mark.django_db


def titles(user, by="label", **chosen):
    found, _ = groups(waiting(user, chosen), by)
    return [group.title for group in found]


def test_the_group_with_the_most_doubt_to_settle_comes_first(archivist, asset):
    propose(asset, "sure dog", 6, confidence=0.98)
    propose(asset, "unsure cat", 2, confidence=0.5)
    propose(asset, "many boats", 4, confidence=0.6)
    found, following = groups(waiting(archivist, {}), "label")
    assert [(each.title, each.count) for each in found] == [
        ("many boats", 4),
        ("unsure cat", 2),
        ("sure dog", 6),
    ]
    assert found[1].gain == 2000
    assert following == ""


def test_only_what_machines_propose_and_nobody_decided_on_waits(archivist, asset):
    propose(asset, "waits")
    make_fact(asset, text="decided", status="accepted", reviewer=archivist)
    make_fact(asset, text="withheld", status="withheld")
    make_fact(asset, text="said", source="person")
    make_fact(asset, "speech", "not to be judged at a glance")
    parent = propose(asset, "speech", kind="speech")[0]
    make_fact(asset, text="a part", parent=parent)
    assert titles(archivist) == ["waits"]
    held, _ = groups(waiting(archivist, {}, withheld=True), "label")
    assert [group.title for group in held] == ["withheld"]


def test_what_others_hold_does_not_wait_for_me(archivist, library, asset):
    propose(make_asset(make_library()), "elsewhere")
    inside, outside = asset, make_asset(library)
    collection = Collection.objects.create(library=library, name="Harbour")
    collection.items.create(asset=inside)
    propose(inside, "inside")
    propose(outside, "outside")
    confined = make_member(library, Role.ARCHIVIST, collection)
    assert sorted(titles(archivist)) == ["inside", "outside"]
    assert titles(confined) == ["inside"]
    assert titles(make_member(library, Role.CONTRIBUTOR)) == []


def test_what_waits_is_grouped_by_label_person_speaker_and_asset(archivist, asset):
    propose(asset, "dog", 2)
    propose(asset, "Ada", kind="person")
    propose(asset, "Bob", kind="speaker")
    propose(asset, "A pier at dusk", kind="caption")
    assert titles(archivist, "label") == ["dog"]
    assert titles(archivist, "person") == ["Ada"]
    assert titles(archivist, "speaker") == ["Bob"]
    (group,), _ = groups(waiting(archivist, {}), "asset")
    assert (group.title, group.count, group.asset_id) == ("The pier", 5, asset.pk)


def test_the_queue_is_narrowed_by_kind_place_confidence_and_analyser(archivist, library, asset):
    collection = Collection.objects.create(library=library, name="Harbour")
    collection.items.create(asset=asset)
    propose(asset, "dog", confidence=0.3)
    propose(asset, "bark", kind="sound", confidence=0.9, run=make_run(asset, "sounds"))
    propose(make_asset(library), "cat", confidence=0.6)
    for asked, expected in (
        ({"kind": "sound"}, ["bark"]),
        ({"place": f"collection-{collection.pk}"}, ["dog", "bark"]),
        ({"place": f"library-{library.pk}"}, ["cat", "dog", "bark"]),
        ({"least": "50", "most": "80"}, ["cat"]),
        ({"analyser": "sounds"}, ["bark"]),
        ({"least": "not a number", "kind": "object"}, ["cat", "dog"]),
    ):
        chosen = ReviewFilter(archivist, asked).chosen()
        assert titles(archivist, **chosen) == expected, asked


def test_groups_are_paged_without_a_gap_or_a_repetition(archivist, asset):
    labels = [f"label {number:03}" for number in range(GROUPS_A_PAGE + 5)]
    for label in labels:
        propose(asset, label)
    first, cursor = groups(waiting(archivist, {}), "label")
    second, end = groups(waiting(archivist, {}), "label", cursor)
    assert [group.title for group in [*first, *second]] == labels
    assert end == ""


def test_a_label_may_hold_a_colon(archivist, asset):
    for number in range(GROUPS_A_PAGE + 1):
        propose(asset, f"a:{number:03}:b")
    _, cursor = groups(waiting(archivist, {}), "label")
    second, _ = groups(waiting(archivist, {}), "label", cursor)
    assert [group.title for group in second] == [f"a:{GROUPS_A_PAGE:03}:b"]


def test_facts_of_a_group_are_paged_forwards_and_back(archivist, asset):
    facts = [propose(asset, confidence=number / 10)[0] for number in (9, 8, 8, 7)]
    facts += propose(asset, confidence=None)
    found = Group(kind="object", label="dog").of(waiting(archivist, {}))
    first = page_at(found, "", 2)
    second = page_at(found, first.next, 2)
    third = page_at(found, second.next, 2)
    assert [each.pk for page in (first, second, third) for each in page.facts] == [each.pk for each in facts]
    assert (first.previous, third.next) == ("", "")
    assert page_at(found, second.previous, 2).facts == first.facts


def test_an_address_that_names_no_place_is_not_found(client, archivist, asset):
    propose(asset)
    assert client.get("/review/?after=nonsense").status_code == 404
    assert client.get("/review/?by=asset&after=5:x").status_code == 404
    assert client.get("/review/group/?of=object&label=dog&at=x_y").status_code == 404


def test_the_count_in_the_header_costs_no_query_the_second_time(archivist, asset, django_assert_num_queries):
    propose(asset, count=3)
    assert waiting_count(archivist) == 3
    with django_assert_num_queries(0):
        assert waiting_count(archivist) == 3


@pytest.mark.parametrize("address", ["/review/", "/review/?by=asset", "/review/group/?of=object&label=dog"])
def test_pages_cost_the_same_queries_for_few_facts_and_for_many(
    client, archivist, library, address, django_assert_max_num_queries
):
    propose(make_asset(library), count=2)
    client.get(address)
    with django_assert_max_num_queries(20) as few:
        client.get(address)
    for _ in range(30):
        propose(make_asset(library), count=3)
    with django_assert_max_num_queries(len(few)):
        client.get(address)
