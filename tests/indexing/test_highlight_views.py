"""The highlights of a recording on their page, and asking for a reel."""

import pytest
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError

from dam.sharing.models import Role
from indexing import highlight_views, on_demand, reels
from tests.factories import make_asset, make_fact, make_member, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def recording():
    asset = make_asset(kind="audio", duration=60.0)
    run = make_run(asset, "highlights")
    make_fact(asset, "highlight", "Applause", run=run, start=3, end=9, number=1)
    return asset


def signed_in(asset, role: Role) -> Client:
    client = Client()
    client.force_login(make_member(asset.library, role))
    return client


def test_a_viewer_sees_the_moments_and_no_buttons(recording) -> None:
    page = signed_in(recording, Role.VIEWER).get(reverse("highlights", args=[recording.pk])).content.decode()
    assert "Applause" in page
    assert "Cut a preview reel" not in page
    assert "Reject" not in page


def test_a_press_sends_the_recording_to_a_worker_once(recording, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(highlight_views.cut_reel, "delay", sent.append)
    client, address = signed_in(recording, Role.ARCHIVIST), reverse("make-reel", args=[recording.pk])
    assert "waits for a worker" in client.post(address, follow=True).content.decode()
    client.post(address)
    assert sent == [recording.pk]


def test_a_quick_worker_has_the_last_word(recording, monkeypatch: pytest.MonkeyPatch) -> None:
    def at_once(pk: int) -> None:
        on_demand.tell(pk, reels.RENDITION, on_demand.Progress("done", 1, 1))

    monkeypatch.setattr(highlight_views.cut_reel, "delay", at_once)
    signed_in(recording, Role.ARCHIVIST).post(reverse("make-reel", args=[recording.pk]))
    assert on_demand.progress(recording.pk, reels.RENDITION) == on_demand.Progress("done", 1, 1)


def test_a_queue_that_is_away_is_said_and_leaves_no_progress(
    recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(pk: int) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(highlight_views.cut_reel, "delay", away)
    client, address = signed_in(recording, Role.ARCHIVIST), reverse("make-reel", args=[recording.pk])
    assert "queue does not answer" in client.post(address, follow=True).content.decode()
    assert on_demand.progress(recording.pk, reels.RENDITION) is None


def test_nothing_highlighted_is_refused(recording) -> None:
    recording.annotations.update(status="rejected")
    client, address = signed_in(recording, Role.ARCHIVIST), reverse("make-reel", args=[recording.pk])
    assert "no highlights to cut" in client.post(address, follow=True).content.decode()
