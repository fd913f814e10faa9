"""The index says what the facts say, whatever happened to either."""

from __future__ import annotations

import random
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dam.assets.signals import asset_ingested
from indexing import store
from indexing.analysers.contract import Finding
from indexing.models import Annotation
from indexing.signals import facts_changed
from search import documents, tasks
from search.management.commands import search as command
from search.models import AssetDocument, MomentDocument, Word
from search.words import words
from tests.factories import make_asset, make_fact, make_library, make_user

pytestmark = pytest.mark.django_db
Status, Source = Annotation.Status, Annotation.Source


def moments(asset) -> list[tuple[str, str, int]]:
    rows = MomentDocument.objects.filter(asset=asset, annotation__isnull=False).order_by("annotation")
    return list(rows.values_list("kind", "text", "authority"))


def texts(asset) -> list[str]:
    return [text for _, text, _ in moments(asset)]


def test_facts_that_hold_are_indexed_with_who_says_so() -> None:
    asset, person = make_asset(), make_user()
    make_fact(asset, "object", "dog")
    make_fact(asset, "keyword", "pets", source=Source.FILE, status=Status.ACCEPTED)
    make_fact(asset, "caption", "Rex", source=Source.PERSON)
    make_fact(asset, "object", "cat", status=Status.ACCEPTED, reviewer=person)
    documents.rebuild([asset.pk])
    assert moments(asset) == [
        ("object", "dog", 0),
        ("keyword", "pets", 1),
        ("caption", "Rex", 2),
        ("object", "cat", 2),
    ]


def test_facts_that_do_not_hold_are_left_out() -> None:
    asset = make_asset()
    make_fact(asset, "object", "dog", status=Status.REJECTED)
    make_fact(asset, "object", "cat", status=Status.SUPERSEDED)
    make_fact(asset, "shot", "1")
    make_fact(asset, "position", "48.1 11.5")
    make_fact(asset, "object", "")
    documents.rebuild([asset.pk])
    assert moments(asset) == []


def test_a_machine_that_is_not_sure_is_left_out_unless_a_person_agrees() -> None:
    asset = make_asset()
    make_fact(asset, "object", "unsure", confidence=0.1)
    make_fact(asset, "object", "sure", confidence=0.9)
    make_fact(asset, "object", "agreed", confidence=0.1, status=Status.ACCEPTED, reviewer=make_user())
    documents.rebuild([asset.pk])
    assert texts(asset) == ["sure", "agreed"]


def test_rebuilding_twice_changes_nothing() -> None:
    assets = [make_asset(title=f"Title {number}") for number in range(3)]
    for asset in assets:
        make_fact(asset, "object", "dog")
    for _ in range(2):
        assert documents.rebuild([asset.pk for asset in assets] * 2) == 3
    assert AssetDocument.objects.count() == 3
    assert MomentDocument.objects.count() == 9


def test_assets_that_are_no_more_are_passed_over() -> None:
    assert documents.rebuild([10**12]) == 1
    assert not AssetDocument.objects.exists()


def test_many_assets_are_rebuilt_in_few_queries(django_assert_max_num_queries) -> None:
    library = make_library()
    ids = [make_asset(library).pk for _ in range(60)]
    with django_assert_max_num_queries(8):
        documents.rebuild(ids)
    assert AssetDocument.objects.count() == 60


def test_a_text_of_any_size_fits() -> None:
    asset = make_asset()
    letters = "abcdefghijklmnopqrstuvwxyzäöüßéèñçøåæþðłőžšč日本語中文字"
    rng = random.Random(1)
    for kind in ("title", "caption", "text", "rights"):
        for language in ("", "ja"):
            long = " ".join("".join(rng.choices(letters, k=3)) for _ in range(60_000))
            make_fact(asset, kind, long, language=language, source=Source.FILE)
    make_fact(asset, "text", "x" * 200_000)
    documents.rebuild([asset.pk])
    assert AssetDocument.objects.filter(asset=asset).exists()


def test_the_last_word_of_a_long_recording_is_in_the_document() -> None:
    asset = make_asset()
    for number in range(100):
        make_fact(asset, "speech", f"{number} " + "the same words over and over " * 60)
    make_fact(asset, "speech", "zzyzx")
    documents.rebuild([asset.pk])
    assert AssetDocument.objects.filter(asset=asset, vector="zzyzx").exists()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=200))
def test_words_are_the_same_here_and_in_the_database(text: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_to_array(trim(mediatheque_plain(%s)), ' ')", [text])
        (plain,) = cursor.fetchone()
    assert words(text) == plain


def test_the_vocabulary_holds_words_and_forgets_them() -> None:
    asset = make_asset()
    fact = make_fact(asset, "caption", "Élan vital 1234 ab")
    documents.rebuild([asset.pk])
    assert {"elan", "vital"} <= set(Word.objects.values_list("word", flat=True))
    assert not Word.objects.filter(word__in=["1234", "ab"]).exists()
    fact.delete()
    documents.rebuild([asset.pk])
    documents.prune_vocabulary()
    assert not Word.objects.filter(word__in=["elan", "vital"]).exists()


def test_verify_finds_and_mends_every_kind_of_difference() -> None:
    library = make_library()
    whole, missing, surplus, changed, renamed, stale = (make_asset(library) for _ in range(6))
    for asset in (whole, missing, surplus, changed, stale):
        make_fact(asset, "object", "dog")
    documents.rebuild_all()
    AssetDocument.objects.filter(asset=missing).delete()
    gone = MomentDocument.objects.filter(asset=surplus, kind="object").get()
    gone.pk = None
    gone.save()
    Annotation.objects.filter(asset=changed).update(text="cat")
    type(renamed).objects.filter(pk=renamed.pk).update(title="New title")
    AssetDocument.objects.filter(asset=stale).update(names="something else")
    result = documents.verify()
    assert result.checked == 6
    assert list(result.differing) == sorted(each.pk for each in (missing, surplus, changed, renamed, stale))
    assert documents.verify().differing == []
    assert texts(changed) == ["cat"]


def test_the_commands_say_what_they_did() -> None:
    make_asset()
    out = StringIO()
    call_command("search", "verify", stdout=out)
    call_command("search", "rebuild", stdout=out)
    said = out.getvalue().splitlines()
    assert said[0] == "Checked 1 assets; 1 did not fit their facts and were rebuilt."
    assert said[1] == "Rebuilt the documents of 1 assets."
    with pytest.raises(CommandError):
        call_command("search", "destroy")


def said_by(*words: str) -> list[str]:
    out = StringIO()
    call_command("search", *words, stdout=out)
    return out.getvalue().splitlines()


def test_a_check_repairs_nothing_and_fails_where_something_differs() -> None:
    asset = make_asset()
    with pytest.raises(CommandError, match="1 did not fit") as failed:
        said_by("verify", "--check")
    assert failed.value.returncode == 1
    assert not AssetDocument.objects.exists()
    documents.rebuild([asset.pk])
    assert said_by("verify", "--check") == ["Checked 1 assets; 0 did not fit their facts."]
    with pytest.raises(CommandError, match="changes the index"):
        said_by("rebuild", "--check")


def test_one_library_and_the_rest_of_the_assets_can_be_chosen() -> None:
    first, last, other = make_asset(library := make_library()), make_asset(library), make_asset()
    assert said_by("rebuild", "--library", library.slug, "--after", str(first.pk)) == [
        "Rebuilt the documents of 1 assets."
    ]
    assert AssetDocument.objects.get().asset == last
    assert "Checked 2 assets; 1 did not" in said_by("verify", "--library", library.slug)[0]
    assert not AssetDocument.objects.filter(asset=other).exists()
    with pytest.raises(CommandError, match=f"no library “nowhere”.*{library.slug}"):
        said_by("verify", "--library", "nowhere")


def test_long_work_says_how_far_it_is_and_where_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "BATCH", 2)
    monkeypatch.setattr(command, "TELL_EVERY", 0.0)
    library = make_library()
    assets = [make_asset(library) for _ in range(3)]
    said = said_by("rebuild")
    assert said[0] == f"2 assets, to id {assets[1].pk} (go on from here with --after {assets[1].pk})"
    assert said[-1] == "Rebuilt the documents of 3 assets."


def test_an_interruption_says_where_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "BATCH", 1)
    assets = [make_asset() for _ in range(2)]
    done: list[int] = []

    def interrupted(ids: list[int]) -> int:
        if done:
            raise KeyboardInterrupt
        done.extend(ids)
        return 1

    monkeypatch.setattr(documents, "rebuild", interrupted)
    with pytest.raises(CommandError, match=f"go on with --after {assets[0].pk}") as failed:
        said_by("rebuild")
    assert failed.value.returncode == command.INTERRUPTED


@pytest.mark.django_db(transaction=True)
def test_facts_are_found_as_soon_as_they_are_stored() -> None:
    asset = make_asset()
    store.import_facts(asset, [Finding("keyword", "picnic")])
    assert texts(asset) == ["picnic"]


@pytest.mark.django_db(transaction=True)
def test_a_rejected_fact_is_gone_at_once() -> None:
    asset = make_asset()
    fact = make_fact(asset, "object", "dog")
    documents.rebuild([asset.pk])
    store.review(fact, make_user(), "rejected")
    assert moments(asset) == []


def test_a_new_asset_is_found_by_its_name() -> None:
    asset = make_asset(original_name="regatta.jpg")
    asset_ingested.send(sender=type(asset), asset=asset)
    assert AssetDocument.objects.filter(asset=asset, names__icontains="regatta").exists()


def test_many_changed_assets_go_through_the_queue(monkeypatch) -> None:
    sent: list[list[int]] = []
    monkeypatch.setattr(tasks.rebuild_documents, "delay", sent.append)
    facts_changed.send(sender=Annotation, asset_ids=list(range(1, 1201)))
    assert [len(batch) for batch in sent] == [500, 500, 200]
    assert [pk for batch in sent for pk in batch] == list(range(1, 1201))


def test_the_task_rebuilds() -> None:
    asset = make_asset()
    make_fact(asset, "object", "dog")
    tasks.rebuild_documents([asset.pk])
    assert texts(asset) == ["dog"]
