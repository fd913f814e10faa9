from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connections
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from dam.assets.files import local_path
from dam.assets.models import Asset, originals
from dam.locks import advisory_lock
from indexing import execution, media, pipeline
from indexing.analysers import registry
from indexing.analysers.contract import Finding, Media, MediaError
from indexing.models import Annotation, Run
from indexing.signals import facts_changed
from tests.factories import make_asset, make_fact, make_run
from tests.indexing.test_pipeline import Made
from tests.media_made import make_jpeg

pytestmark = pytest.mark.django_db


class Given(Made):
    """An analyser whose work is the function it was given."""

    def __init__(self, work: Callable[[Media, Any], Iterable[Finding]]) -> None:
        super().__init__("objects")
        self.work = work

    def analyse(self, media: Media, context: Any) -> Iterable[Finding]:
        return self.work(media, context)


@pytest.fixture
def asset(tmp_path) -> Asset:  # type: ignore[no-untyped-def]
    picture = make_jpeg(tmp_path / "picture.jpg", 640, 480)
    name = originals().save("aa/picture.jpg", ContentFile(picture.read_bytes()))
    return make_asset(original=name)


def run_with(asset: Asset, monkeypatch: pytest.MonkeyPatch, work: Callable[..., Iterable[Finding]]) -> Run:
    monkeypatch.setattr(registry, "get", lambda name: Given(work))
    run = make_run(asset, state=Run.State.QUEUED)
    execution.execute_all([run.pk])
    run.refresh_from_db()
    return run


def test_what_the_analyser_finds_is_stored(asset: Asset, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_with(asset, monkeypatch, lambda media, context: [Finding("object", "dog", confidence=0.9)])
    assert (run.state, run.attempts) == (Run.State.DONE, 1)
    assert run.seconds is not None
    assert Annotation.objects.get().text == "dog"


def test_the_analyser_sees_the_picture_of_the_original(asset: Asset, monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = []

    def look(media: Media, context: Any) -> Iterable[Finding]:
        shapes.append(media.picture(64).shape)
        return []

    run_with(asset, monkeypatch, look)
    assert len(shapes) == 1
    assert max(shapes[0][:2]) == 64


def test_the_analyser_sees_earlier_facts_but_not_rejected_ones(
    asset: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    shots = make_run(asset, "shots")
    make_fact(asset, "shot", "", run=shots, start=0, end=2, details={"keyframe": 1.0})
    make_fact(asset, "shot", "", run=shots, start=2, end=3, status="rejected")
    seen: list[Finding] = []

    def look(media: Media, context: Any) -> Iterable[Finding]:
        seen.extend(context.facts("shot"))
        return []

    run_with(asset, monkeypatch, look)
    assert [(fact.place.start, fact.place.end, fact.details["keyframe"]) for fact in seen] == [(0, 2, 1.0)]


def test_unreadable_media_fails_with_the_reason_it_was_given(
    asset: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(media: Media, context: Any) -> Iterable[Finding]:
        raise MediaError("The film ends in the middle of a frame.")

    run = run_with(asset, monkeypatch, refuse)
    assert (run.state, run.error) == (Run.State.FAILED, "The film ends in the middle of a frame.")


def test_a_fault_of_the_analyser_is_a_failed_run_and_not_a_crash(
    asset: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_with(asset, monkeypatch, lambda media, context: [1 / 0])  # type: ignore[list-item]
    assert run.state == Run.State.FAILED
    assert "ZeroDivisionError" in run.error


def test_what_was_built_upon_earlier_facts_is_made_anew(
    asset: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    captions = Made("captions", depends=("objects",))
    monkeypatch.setattr(registry, "enabled", lambda: [captions])
    built = make_run(asset, "captions", finished_at=timezone.now())
    run_with(asset, monkeypatch, lambda media, context: [Finding("object", "dog")])
    built.refresh_from_db()
    assert built.state == Run.State.QUEUED


def test_a_finding_of_an_unknown_kind_fails_the_run_and_writes_nothing(
    asset: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_with(asset, monkeypatch, lambda media, context: [Finding("object", "dog"), Finding("nonsense")])
    assert run.state == Run.State.FAILED
    assert not Annotation.objects.exists()


def test_a_missing_original_is_a_failed_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def look(media: Media, context: Any) -> Iterable[Finding]:
        media.picture(64)
        return []

    run = run_with(make_asset(original="no/such.jpg"), monkeypatch, look)
    assert run.state == Run.State.FAILED
    assert run.error


def test_a_message_delivered_twice_does_the_work_once(asset: Asset, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    run = run_with(asset, monkeypatch, lambda media, context: calls.append(1) or [])
    execution.execute_all([run.pk])
    assert calls == [1]


@pytest.mark.django_db(transaction=True)
def test_a_run_that_another_worker_holds_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run(make_asset(), state=Run.State.QUEUED)
    monkeypatch.setattr(registry, "get", lambda name: Given(lambda media, context: []))
    other = connections.create_connection("default")
    monkeypatch.setattr("dam.locks.connection", other)
    with advisory_lock(pipeline.LOCK, run.pk) as held:
        assert held
        monkeypatch.undo()
        execution.execute_all([run.pk])
    other.close()
    run.refresh_from_db()
    assert run.state == Run.State.QUEUED


class InOneCall(Given):
    """The same for a model that takes several stills at once."""

    def __init__(self, work: Callable[[Media, Any], Iterable[Finding]]) -> None:
        super().__init__(work)
        self.calls: list[int] = []

    def analyse_stills(self, media: list[Media], context: Any) -> list[list[Finding]]:
        self.calls.append(len(media))
        return [list(self.work(each, context)) for each in media]


def together(
    monkeypatch: pytest.MonkeyPatch, assets: list[Asset], work: Any, **fields: Any
) -> tuple[Any, list[Run]]:
    analyser = InOneCall(work)
    monkeypatch.setattr(registry, "get", lambda name: analyser)
    runs = [make_run(each, state=Run.State.QUEUED, **fields) for each in assets]
    execution.execute_all([run.pk for run in runs])
    for run in runs:
        run.refresh_from_db()
    return analyser, runs


def name_it(media: Media, context: Any) -> list[Finding]:
    return [Finding("object", f"{media.picture(64).shape[1]} wide")]


def test_several_stills_go_through_one_call_of_the_model(
    asset: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_asset(original=asset.original.name)
    analyser, runs = together(monkeypatch, [asset, other], name_it)
    assert analyser.calls == [2]
    assert [run.state for run in runs] == ["done", "done"]
    assert runs[0].seconds == runs[1].seconds
    assert set(Annotation.objects.values_list("asset", "text")) == {
        (asset.pk, "64 wide"),
        (other.pk, "64 wide"),
    }


def test_one_bad_still_does_not_cost_the_others(asset: Asset, monkeypatch: pytest.MonkeyPatch) -> None:
    _, runs = together(monkeypatch, [asset, make_asset(original="no/such.jpg")], name_it)
    assert [run.state for run in runs] == ["done", "failed"]


def test_what_was_tried_before_goes_alone(asset: Asset, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_asset(original=asset.original.name)
    analyser, runs = together(monkeypatch, [asset, other], name_it, attempts=1)
    assert analyser.calls == []
    assert [run.state for run in runs] == ["done", "done"]


def test_runs_of_one_message_open_a_file_once(asset: Asset, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    monkeypatch.setattr(execution, "open_media", lambda *args: opened.append(args) or media.open_media(*args))
    monkeypatch.setattr(registry, "get", lambda name: Given(name_it))
    runs = [make_run(asset, name, state=Run.State.QUEUED) for name in ("objects", "clip")]
    execution.execute_all([run.pk for run in runs])
    assert len(opened) == 1
    assert Run.objects.filter(state="done").count() == 2


def test_an_original_is_fetched_once_and_only_when_it_is_asked_for(
    asset: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[FieldFile] = []
    monkeypatch.setattr(execution, "local_path", lambda file: fetched.append(file) or local_path(file))

    def look(media: Media, context: Any) -> Iterable[Finding]:
        assert fetched == []
        media.picture(64), media.picture(32)
        assert fetched == [asset.original]
        return []

    assert run_with(asset, monkeypatch, look).state == Run.State.DONE


@pytest.mark.django_db(transaction=True)
def test_an_asset_that_is_deleted_meanwhile_does_not_cost_the_others(
    asset: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    doomed = make_asset(original=asset.original.name)

    def look(media: Media, context: Any) -> list[Finding]:
        Asset.objects.filter(pk=doomed.pk).delete()
        return name_it(media, context)

    monkeypatch.setattr(registry, "get", lambda name: Given(look))
    runs = [make_run(each, state=Run.State.QUEUED) for each in (doomed, asset)]
    execution.execute_all([run.pk for run in runs])
    assert list(Run.objects.values_list("asset", "state")) == [(asset.pk, "done")]
    assert Annotation.objects.get().asset_id == asset.pk


def test_facts_of_every_kind_but_words_are_read_with_one_question(
    asset: Asset,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Any,
) -> None:
    speech = make_run(asset, "speech")
    make_fact(asset, "speech", "hello there", run=speech, start=0, end=2)
    make_fact(asset, "word", "hello", run=speech, start=0, end=1)

    def look(media: Media, context: Any) -> list[Finding]:
        with django_assert_num_queries(2):
            said, seen, words = (context.facts(kind) for kind in ("speech", "object", "word"))
        assert ([each.text for each in said], list(seen)) == (["hello there"], [])
        assert [each.text for each in words] == ["hello"]
        return []

    assert run_with(asset, monkeypatch, look).state == Run.State.DONE


@pytest.mark.django_db(transaction=True)
def test_what_machines_find_in_one_message_is_announced_together(
    asset: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[list[int]] = []
    monkeypatch.setattr(registry, "get", lambda name: Given(name_it))
    runs = [make_run(asset, name, state=Run.State.QUEUED) for name in ("objects", "clip")]

    def listen(asset_ids: list[int], **_: Any) -> None:
        told.append(list(asset_ids))

    facts_changed.connect(listen)
    execution.execute_all([run.pk for run in runs])
    execution.execute_all([run.pk for run in runs])
    facts_changed.disconnect(listen)
    assert told == [[asset.pk], [asset.pk]]
