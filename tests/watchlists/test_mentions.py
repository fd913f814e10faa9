"""From a list to mentions and alerts, through the real analyser, store and signals."""

from __future__ import annotations

import pytest
from django.utils import timezone

from dam.collections.models import Collection
from dam.sharing.models import Role
from dam.watchlists import alerts, looking
from dam.watchlists.models import Alert, WatchList
from dam.watchlists.scopes import alerts_for, unread_for, watchlists_for
from indexing import store
from indexing.analysers.contract import Context
from indexing.analysers.mentions import Mentions
from indexing.models import Annotation, Run
from tests.factories import make_asset, make_fact, make_library, make_member, make_run

pytestmark = pytest.mark.django_db


def recording(library, text, **fields):
    """A recording in which that is said, half a second a word."""
    asset = make_asset(library, kind="audio", media_type="audio/flac", duration=60.0, **fields)
    said = text.split()
    sentence = make_fact(asset, "speech", text, start=0.0, end=len(said) / 2, language="en")
    for number, word in enumerate(said):
        place = {"start": number / 2, "end": number / 2 + 0.4}
        make_fact(asset, "word", word, parent=sentence, confidence=0.6, **place)
    return asset


def spot(asset):
    """Run the analyser on the stored transcript, and store what it finds."""
    rows = Annotation.objects.filter(asset=asset)
    context = Context(
        weights=None,
        facts=lambda kind: [store.finding_of(row) for row in rows.filter(kind=kind).order_by("start", "pk")],
        watched=lambda: looking.watched(asset),
    )
    found = list(Mentions().analyse(None, context))
    Run.objects.filter(asset=asset, analyser="mentions").delete()
    store.save(make_run(asset, "mentions", started_at=timezone.now()), found)
    return [(row.text, row.start, row.details["by"]) for row in mentions(asset)]


def mentions(asset):
    return Annotation.objects.filter(asset=asset, kind="mention").order_by("start")


def watch(library, entries, **fields):
    return WatchList.objects.create(library=library, name=entries[:50], entries=entries, **fields)


def test_entries_are_spotted_as_written_and_by_sound():
    library = make_library()
    listed = watch(library, "reciter\nSherburn")
    asset = recording(library, "the Reciter, and colonel Sherbourne said")
    assert spot(asset) == [("reciter", 0.5, "words"), ("Sherburn", 2.0, "sound")]
    details = mentions(asset).last().details
    assert details["lists"] == [listed.pk]
    assert details["heard"] == "Sherbourne"
    assert 0 < details["distance"] < 0.2
    assert 0.2 <= mentions(asset).last().confidence < 1


def test_quotes_and_the_switch_keep_a_list_to_what_is_written():
    library = make_library()
    watch(library, '"Sherburn"')
    watch(library, "Sherburn", by_sound=False)
    assert spot(recording(library, "colonel Sherbourne said")) == []


def test_a_list_of_a_collection_is_for_what_is_in_it_or_below():
    library = make_library()
    above = Collection.objects.create(library=library, name="Above")
    below = Collection.objects.create(library=library, name="Below", parent=above)
    watch(library, "reciter", collection=above)
    inside, outside = recording(library, "the reciter"), recording(library, "the reciter")
    below.items.create(asset=inside)
    assert spot(inside) == [("reciter", 0.5, "words")]
    assert spot(outside) == []
    assert spot(recording(make_library(), "the reciter")) == []


def test_two_lists_with_the_same_entry_share_its_mention():
    library = make_library()
    lists = [watch(library, "reciter"), watch(library, "Reciter\nother")]
    asset = recording(library, "the reciter")
    assert len(spot(asset)) == 1
    assert mentions(asset).get().details["lists"] == sorted(each.pk for each in lists)


def test_nothing_said_is_nothing_spotted():
    library = make_library()
    watch(library, "reciter")
    assert spot(make_asset(library, kind="audio", duration=5.0)) == []


def test_a_changed_list_has_recordings_searched_again_without_their_sound(monkeypatch):
    library = make_library()
    first, other = recording(library, "the reciter"), recording(make_library(), "the reciter")
    runs = [make_run(each, **identity(), started_at=timezone.now()) for each in (first, other)]
    listed = watch(library, "reciter")
    assert looking.look_again(listed) == 1
    assert [Run.objects.get(pk=run.pk).state for run in runs] == ["queued", "done"]


def test_what_was_searched_before_a_change_is_caught_up_with_once():
    library = make_library()
    asset = recording(library, "the reciter")
    run = make_run(asset, **identity(), started_at=timezone.now())
    watch(library, "reciter")
    assert looking.catch_up() == 1
    Run.objects.filter(pk=run.pk).update(state="done", started_at=timezone.now())
    assert looking.catch_up() == 0


def test_a_recording_that_comes_into_a_watched_collection_is_searched_again():
    library = make_library()
    collection = Collection.objects.create(library=library, name="Watched")
    watch(library, "reciter", collection=collection)
    asset = recording(library, "the reciter")
    make_run(asset, **identity(), started_at=timezone.now())
    assert looking.catch_up() == 0
    collection.items.create(asset=asset)
    assert looking.catch_up() == 1


def identity():
    return {"analyser": "mentions", "version": Mentions.version, "model": Mentions.model}


def test_followers_are_alerted_once_of_what_they_may_see(django_capture_on_commit_callbacks):
    library = make_library()
    hidden = Collection.objects.create(library=library, name="Hidden")
    listed = watch(library, "reciter")
    member, confined = make_member(library), make_member(library, Role.VIEWER, hidden)
    for user in (member, confined):
        alerts.follow(listed, user)
    asset = recording(library, "the reciter")
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            spot(asset)
    alert = alerts_for(member).get()
    assert (alert.text, alert.start, alert.fact) == ("reciter", 0.5, mentions(asset).get().pk)
    assert not alerts_for(confined).exists()
    assert alerts.mark_read(member) == 1
    with django_capture_on_commit_callbacks(execute=True):
        spot(asset)
    assert not unread_for(member).exists()
    assert alerts_for(member).count() == 1


def test_an_alert_goes_with_its_mention(django_capture_on_commit_callbacks):
    library = make_library()
    listed = watch(library, "reciter")
    member = make_member(library)
    alerts.follow(listed, member)
    asset = recording(library, "the reciter")
    with django_capture_on_commit_callbacks(execute=True):
        spot(asset)
    assert Alert.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        store.review(mentions(asset).get(), member, "rejected")
    assert not Alert.objects.exists()


def test_nobody_is_alerted_of_what_was_spotted_before_they_followed(django_capture_on_commit_callbacks):
    library = make_library()
    listed = watch(library, "reciter")
    early, late = make_member(library), make_member(library)
    alerts.follow(listed, early)
    with django_capture_on_commit_callbacks(execute=True):
        spot(recording(library, "the reciter"))
    alerts.follow(listed, late)
    assert (alerts_for(early).count(), alerts_for(late).count()) == (1, 0)


def test_a_list_is_seen_by_members_of_its_place_only():
    library = make_library()
    place = Collection.objects.create(library=library, name="Place")
    whole, part = watch(library, "a word"), watch(library, "a name", collection=place)
    assert set(watchlists_for(make_member(library))) == {whole, part}
    assert set(watchlists_for(make_member(library, Role.VIEWER, place))) == {part}
    assert not watchlists_for(make_member(library), Role.ARCHIVIST).exists()
    assert not watchlists_for(make_member(make_library())).exists()
