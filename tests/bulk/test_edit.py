"""What becomes of assets when many are changed at once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dam.bulk import jobs
from dam.bulk.models import BulkItem
from dam.bulk.wishes import Wish, WishError, wish
from dam.collections.models import Collection
from dam.describing.models import AssetEvent
from dam.rights.models import AssetRights
from dam.sharing.models import Membership, Role
from indexing.models import Annotation
from tests.bulk.conftest import said, state
from tests.factories import make_asset, make_fact, make_library

pytestmark = pytest.mark.django_db


def only_item(job):
    return job.items.get()


def test_a_preview_tells_before_and_after_and_changes_nothing(plan, library):
    asset = make_asset(library, title="Old")
    before = state(asset)
    job = plan([asset], Wish("title", "set", "New"), Wish("keywords", "add", ["ship"]))
    assert only_item(job).told == [["title", "Old", "New"], ["keywords", "", "ship"]]
    assert (job.changed, job.unchanged, job.refused) == (1, 0, 0)
    assert state(asset) == before


def test_titles_are_made_from_a_pattern_and_counted_from_the_oldest(change, library):
    newer, older = (
        make_asset(library, original_name=f"{year}.tif", taken_at=datetime(year, 5, 1, tzinfo=UTC))
        for year in (1950, 1931)
    )
    change([newer, older], wish("title", "set", "Harbour {number:3}, {year} ({name})"))
    older.refresh_from_db()
    newer.refresh_from_db()
    assert older.title == "Harbour 001, 1931 (1931)"
    assert newer.title == "Harbour 002, 1950 (1950)"


@pytest.mark.parametrize("pattern", ["{colour}", "{number:x}", "{title:4}", "{}"])
def test_a_pattern_that_cannot_be_filled_in_is_refused_with_what_can(pattern):
    with pytest.raises(WishError, match=r"Known are \{title\}"):
        wish("title", "set", pattern)


def test_a_title_that_becomes_too_long_is_told_and_the_others_are_changed(change, library):
    long, short = make_asset(library, title="x" * 495), make_asset(library, title="Pier")
    job = change([long, short], wish("title", "set", "Harbour: {title}"))
    assert "504 characters" in job.items.get(asset=long).reason
    short.refresh_from_db()
    assert short.title == "Harbour: Pier"


def test_an_asset_is_one_revision_further_where_it_was_changed(change, library):
    changed, same = make_asset(library, title="A"), make_asset(library, title="B")
    change([changed, same], Wish("title", "set", "B"))
    changed.refresh_from_db()
    same.refresh_from_db()
    assert (changed.revision, same.revision) == (1, 0)


def test_a_keyword_is_added_once_and_a_proposal_of_it_is_accepted(change, library, ada):
    bare, proposed, tagged = (make_asset(library) for _ in range(3))
    machine = make_fact(proposed, "keyword", "ship", confidence=0.4)
    make_fact(tagged, "keyword", "Ship", source="person", status="accepted")
    job = change([bare, proposed, tagged], Wish("keywords", "add", ["ship"]))
    assert said(bare, "keyword") == ["ship"]
    assert proposed.annotations.get() == machine
    assert said(proposed, "keyword") == ["ship"]
    assert said(tagged, "keyword") == ["Ship"]
    assert (job.changed, job.unchanged) == (2, 1)
    written = bare.annotations.get()
    assert (written.source, written.author, written.reviewer) == ("person", ada, ada)
    assert written.reviews.get().reviewer == ada


def test_a_removed_keyword_becomes_history_or_is_turned_down(change, library):
    asset = make_asset(library)
    own = make_fact(asset, "keyword", "ship", source="person", status="accepted")
    files = make_fact(asset, "keyword", "Ship", source="file", status="accepted")
    make_fact(asset, "keyword", "pier", source="person", status="accepted")
    change([asset], Wish("keywords", "remove", ["ship"]))
    own.refresh_from_db()
    files.refresh_from_db()
    assert (own.status, files.status) == ("superseded", "rejected")
    assert said(asset, "keyword") == ["pier"]


def test_keywords_are_replaced_as_a_whole_but_proposals_stay(change, library):
    asset = make_asset(library)
    for text in ("ship", "pier"):
        make_fact(asset, "keyword", text, source="person", status="accepted")
    proposal = make_fact(asset, "keyword", "crane")
    change([asset], Wish("keywords", "set", ["pier", "fog"]))
    proposal.refresh_from_db()
    assert said(asset, "keyword") == ["fog", "pier"]
    assert proposal.status == "proposed"


def test_a_description_is_replaced_and_the_old_one_is_history(change, library):
    asset = make_asset(library)
    old = make_fact(asset, "description", "Old", source="person", status="accepted")
    change([asset], Wish("description", "set", "New"))
    old.refresh_from_db()
    assert old.status == "superseded"
    assert said(asset, "description") == ["New"]


def test_what_is_added_to_a_description_twice_stands_there_once(change, library):
    asset = make_asset(library)
    make_fact(asset, "description", "A pier.", source="person", status="accepted")
    change([asset], Wish("description", "add", "Scanned in 2024."))
    again = change([asset], Wish("description", "add", "Scanned in 2024."))
    assert said(asset, "description") == ["A pier.\n\nScanned in 2024."]
    assert again.unchanged == 1


def test_filling_in_leaves_what_people_or_the_file_say(change, library):
    empty, person, file = (make_asset(library) for _ in range(3))
    make_fact(person, "credit", "Ada", source="person", status="accepted")
    make_fact(file, "credit", "Agency", source="file", status="accepted")
    change([empty, person, file], Wish("credit", "fill", "Harbour archive"))
    assert [said(each, "credit") for each in (empty, person, file)] == [
        ["Harbour archive"],
        ["Ada"],
        ["Agency"],
    ]


def test_a_date_is_kept_as_it_was_written_and_orders_the_asset(change, library):
    asset = make_asset(library)
    change([asset], wish("date", "set", "circa 1931"))
    asset.refresh_from_db()
    assert asset.annotations.get(kind="date").details["edtf"] == "1931~"
    assert asset.taken_at is not None


def test_an_unreadable_date_is_refused_with_the_mend():
    with pytest.raises(WishError, match=r"Date: .*Write"):
        wish("date", "set", "the day before yesterday")


def test_a_place_keeps_its_coordinates_and_is_removed_by_its_name(change, library):
    asset = make_asset(library)
    change([asset], wish("places", "add", "Altona (53.55, 9.93)"))
    assert asset.annotations.get().details == {"lat": 53.55, "lon": 9.93}
    change([asset], wish("places", "remove", "altona"))
    assert said(asset, "place") == []


def test_assets_go_into_a_collection_and_out_of_another(change, library):
    source, target = (Collection.objects.create(library=library, name=name) for name in ("Old", "New"))
    inside, outside = make_asset(library), make_asset(library)
    source.items.create(asset=inside)
    job = change(
        [inside, outside],
        Wish("collection", "enter", target.pk),
        Wish("collection", "take out", source.pk),
    )
    assert set(target.assets.all()) == {inside, outside}
    assert not source.items.exists()
    assert only_told(job, inside) == [["collection", "", "New"], ["collection", "Old", ""]]


def only_told(job, asset):
    return job.items.get(asset=asset).told


def test_a_collection_takes_nothing_of_another_library(change, library, ada):
    other = make_library()
    Membership.objects.create(user=ada, library=other, role=Role.ARCHIVIST)
    target = Collection.objects.create(library=library, name="Ships")
    stray, own = make_asset(other), make_asset(library)
    job = change([stray, own], Wish("collection", "enter", target.pk))
    assert "another library" in job.items.get(asset=stray).reason
    assert list(target.assets.all()) == [own]
    assert job.library is None


def test_assets_go_to_the_trash_and_come_back(change, library, ada):
    asset = make_asset(library)
    change([asset], Wish("trash", "trash"))
    asset.refresh_from_db()
    assert asset.trashed_at is not None
    assert asset.trashed_by == ada
    change([asset], Wish("trash", "restore"))
    asset.refresh_from_db()
    assert (asset.trashed_at, asset.trashed_by) == (None, None)


def test_proposals_of_a_kind_are_decided_on_above_a_confidence(change, library):
    asset = make_asset(library)
    sure, unsure = (make_fact(asset, "object", "dog", confidence=share) for share in (0.95, 0.5))
    other = make_fact(asset, "scene", "beach", confidence=0.99)
    change([asset], Wish("decision", "accepted", ["object", 0.9]))
    for fact in (sure, unsure, other):
        fact.refresh_from_db()
    assert [fact.status for fact in (sure, unsure, other)] == ["accepted", "proposed", "proposed"]


def test_a_viewers_assets_are_refused_and_counted(plan, library, ada):
    elsewhere = make_library()
    Membership.objects.create(user=ada, library=elsewhere, role=Role.VIEWER)
    job = plan([make_asset(library), make_asset(elsewhere)], Wish("title", "set", "New"))
    assert (job.changed, job.refused) == (1, 1)
    assert job.items.get(state="refused").reason == "You may look at it, but not change it."


def test_a_role_that_was_removed_meanwhile_stops_the_change(plan, library, ada):
    asset = make_asset(library, title="Old")
    job = plan([asset], Wish("title", "set", "New"))
    Membership.objects.filter(user=ada).delete()
    jobs.apply(job)
    asset.refresh_from_db()
    assert asset.title == "Old"
    assert (job.changed, job.refused) == (0, 1)


def test_the_history_of_an_asset_names_whoever_changed_it(change, library, ada):
    asset = make_asset(library)
    change([asset], Wish("trash", "trash"))
    event = AssetEvent.objects.get(pgh_obj=asset.pk)
    assert event.pgh_context.metadata["user"] == ada.pk


def test_what_was_trashed_meanwhile_is_refused(plan, library):
    asset = make_asset(library)
    job = plan([asset], Wish("title", "set", "New"))
    type(asset).objects.filter(pk=asset.pk).update(trashed_at=datetime(2024, 1, 1, tzinfo=UTC))
    jobs.apply(job)
    assert only_item(job).state == BulkItem.State.REFUSED
    assert "trash" in only_item(job).reason


def test_the_second_application_of_a_job_is_refused(change, library):
    job = change([make_asset(library)], Wish("title", "set", "New"))
    with pytest.raises(jobs.StateError):
        jobs.apply(job)


def test_a_fact_of_another_place_is_left_alone(change, library):
    asset = make_asset(library)
    timed = make_fact(asset, "caption", "A ship passes", start=1.0, end=2.0, status="accepted")
    change([asset], Wish("captions", "set", ["A harbour"]))
    timed.refresh_from_db()
    assert timed.status == Annotation.Status.ACCEPTED


def test_rights_are_stated_in_the_record_and_found_by_words(change, library, ada):
    asset, stated = make_asset(library), make_asset(library)
    AssetRights.objects.create(asset=stated, holder="Somebody else", year=1931)
    job = change(
        [asset, stated],
        wish("statement", "set", "cc0 1.0 universal"),
        wish("holder", "fill", "Harbour archive"),
    )
    assert AssetRights.objects.get(asset=asset).holder == "Harbour archive"
    assert AssetRights.objects.get(asset=stated).holder == "Somebody else"
    assert AssetRights.objects.get(asset=asset).changed_by == ada
    assert said(asset, "rights") == ["CC0 1.0 Universal. © Harbour archive"]
    assert said(stated, "rights") == ["CC0 1.0 Universal. © 1931 Somebody else"]
    assert job.changed == 2


def test_an_unknown_rights_statement_is_refused():
    with pytest.raises(WishError, match="'free for all' is none of those known"):
        wish("statement", "set", "free for all")
