"""A film's descriptions are spoken at their times, kept as a rendition, and refusals say how to mend them."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from django.core.cache import cache
from django.urls import reverse
from kombu.exceptions import OperationalError

from dam.assets.files import local_path
from dam.assets.models import Asset
from dam.sharing.models import Role
from indexing import narrating, narration_views, on_demand, weights
from indexing.decoding import sound
from indexing.engines.voice_synthesis import Utterance
from indexing.models import Annotation
from tests.factories import make_asset, make_fact, make_library, make_member

pytestmark = pytest.mark.django_db
RATE = 22050
VOICE = "piper-en-us-joe"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


@pytest.fixture
def film() -> Asset:
    return make_asset(make_library(), kind="video", duration=20.0, original="no/film.mp4")


def described(film: Asset, text: str, start: float, pause_end: float, **fields: object) -> Annotation:
    place = {"start": start, "end": pause_end, "details": {"pause": [start, pause_end]}, "language": "en"}
    return make_fact(film, "narration", text, **{**place, **fields})


def tone(seconds: float) -> Utterance:
    return Utterance(np.full(round(seconds * RATE), 9000, np.int16), RATE)


@pytest.fixture
def voice(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], float]]:
    """A voice that takes half a second a word, and what it was asked for."""
    asked: list[tuple[list[str], float]] = []

    def speak(texts: Sequence[str], voice: Path, pace: float = 1.0) -> list[Utterance]:
        asked.append((list(texts), pace))
        return [tone(len(text.split()) / 2 / pace) for text in texts]

    monkeypatch.setattr(narrating, "speak", speak)
    monkeypatch.setattr(narrating, "voice_for", lambda facts: VOICE)
    monkeypatch.setattr(weights, "path", Path)
    return asked


def test_accepted_descriptions_are_said_and_while_there_are_none_the_proposed(film: Asset) -> None:
    first, second = described(film, "A harbour.", 1, 4), described(film, "A door.", 6, 9)
    described(film, "Wrong.", 12, 15, status="rejected")
    assert narrating.narrations(film) == [first, second]
    second.status = "accepted"
    second.save()
    assert narrating.narrations(film) == [second]


def test_the_track_is_as_long_as_the_film_and_speaks_in_time(film: Asset, tmp_path: Path) -> None:
    spoken = [(described(film, "one", 2, 5), tone(1.0)), (described(film, "two", 8, 12), tone(2.0))]
    narrating.write_track(spoken, 20.0, tmp_path / "track.wav")
    with wave.open(str(tmp_path / "track.wav")) as track:
        samples = np.frombuffer(track.readframes(track.getnframes()), np.int16)
    assert len(samples) == 20 * RATE
    loud = np.flatnonzero(samples) / RATE
    assert loud[0] == pytest.approx(2.0, abs=0.001)
    assert len(loud) == pytest.approx(3 * RATE, abs=2)
    assert set(np.unique(np.floor(loud))) == {2.0, 8.0, 9.0}


def test_what_is_too_long_is_spoken_faster_or_left_out(
    film: Asset, voice: list[tuple[list[str], float]]
) -> None:
    fits = described(film, "two words", 1, 3)
    hasty = described(film, "these are five words here", 4, 6.1)
    described(film, "far too many words for so short a pause", 8, 9)
    narrating.speak_narrations(film.pk)
    assert [pace for _, pace in voice] == [1.0, narrating.HASTE]
    track = film.renditions.get(name="narration")
    assert track.details["facts"] == [fits.pk, hasty.pk]
    state = on_demand.progress(film.pk, narrating.RENDITION)
    assert state is not None
    assert (state.state, state.done, state.total) == ("done", 2, 3)
    assert "left out" in state.message


def test_a_description_ends_before_the_next_one(film: Asset, voice: list[tuple[list[str], float]]) -> None:
    described(film, "a description of six words here", 1, 10)
    later = described(film, "two words", 2, 10)
    narrating.speak_narrations(film.pk)
    assert film.renditions.get(name="narration").details["facts"] == [later.pk]


def test_texts_without_words_and_in_other_languages_are_left_out(
    film: Asset, voice: list[tuple[list[str], float]]
) -> None:
    described(film, "two words", 1, 9)
    described(film, "...", 10, 12)
    described(film, "zwei Worte", 13, 15, language="de")
    narrating.speak_narrations(film.pk)
    assert voice[0][0] == ["two words"]


def test_without_a_voice_or_descriptions_the_reason_is_told(
    film: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrating.speak_narrations(film.pk)
    assert "no descriptions" in on_demand.progress(film.pk, narrating.RENDITION).message
    described(film, "Ein Hafen.", 1, 4, language="de")
    narrating.speak_narrations(film.pk)
    state = on_demand.progress(film.pk, narrating.RENDITION)
    assert (state.state, "'de'" in state.message) == ("failed", True)
    monkeypatch.setattr(weights, "available", lambda name: False)
    monkeypatch.setattr(weights.Shelf, "reason", lambda shelf, name: f"fetch {name}")
    film.annotations.update(language="en-US")
    narrating.speak_narrations(film.pk)
    assert on_demand.progress(film.pk, narrating.RENDITION).message == f"fetch {VOICE}"
    assert not film.renditions.exists()


@pytest.mark.models
def test_a_real_voice_speaks_into_the_pauses(film: Asset) -> None:
    if not weights.available(VOICE):
        pytest.skip(weights.shelf().reason(VOICE))
    described(film, "A woman opens a door.", 3, 6)
    described(film, "Two boats leave the harbour.", 12, 16)
    narrating.speak_narrations(film.pk)
    track = film.renditions.get(name="narration")
    with local_path(track.file) as path:
        heard = np.concatenate(list(sound.sample_chunks(path, 20.0, RATE, 10.0)))
    loud = np.flatnonzero(np.abs(heard) > 0.02) / RATE
    assert len(heard) / RATE == pytest.approx(20.0, abs=0.2)
    assert {int(second // 1) for second in loud} <= {3, 4, 5, 12, 13, 14, 15}
    assert loud.min() < 3.5
    assert loud.max() > 12.5


class TestPage:
    def page(self, client, film: Asset, role: int = Role.ARCHIVIST) -> str:
        client.force_login(make_member(film.library, role))
        return client.get(reverse("narration", args=[film.pk])).content.decode()

    def test_it_lists_what_is_said_with_decisions_for_archivists(self, client, film: Asset) -> None:
        described(film, "A <b>harbour</b>.", 1, 4)
        page = self.page(client, film)
        assert "A &lt;b&gt;harbour&lt;/b&gt;." in page
        assert "Speak the descriptions" in page
        assert 'value="accepted"' in page
        viewers = self.page(client, film, Role.VIEWER)
        assert "harbour" in viewers
        assert "Speak the descriptions" not in viewers

    def test_a_track_can_be_heard_and_is_said_to_be_old(
        self, client, film: Asset, voice: list[tuple[list[str], float]]
    ) -> None:
        fact = described(film, "two words", 1, 9)
        narrating.speak_narrations(film.pk)
        page = self.page(client, film)
        assert reverse("rendition", args=[film.pk, "narration"]) in page
        assert "have changed" not in page
        fact.status = "rejected"
        fact.save()
        assert "have changed" in self.page(client, film)

    def test_a_press_sends_the_film_to_a_worker_once(
        self, client, film: Asset, monkeypatch: pytest.MonkeyPatch, voice: list[tuple[list[str], float]]
    ) -> None:
        sent: list[int] = []
        monkeypatch.setattr(narration_views.speak_narration, "delay", sent.append)
        described(film, "A harbour.", 1, 4)
        client.force_login(make_member(film.library, Role.ARCHIVIST))
        for _ in range(2):
            client.post(reverse("speak-narration", args=[film.pk]))
        assert sent == [film.pk]
        assert "waits for a worker" in self.page(client, film)

    def test_a_press_without_descriptions_or_queue_says_why(
        self, client, film: Asset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(pk: int) -> None:
            raise OperationalError("no broker")

        client.force_login(make_member(film.library, Role.ARCHIVIST))
        address = reverse("speak-narration", args=[film.pk])
        assert "no descriptions" in client.post(address, follow=True).content.decode()
        monkeypatch.setattr(narrating, "voice_for", lambda facts: VOICE)
        monkeypatch.setattr(narration_views.speak_narration, "delay", away)
        assert "queue does not answer" in client.post(address, follow=True).content.decode()
        assert on_demand.progress(film.pk, narrating.RENDITION) is None
