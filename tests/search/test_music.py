"""Similar music and the map of moods: within what the reader may hear, in words as well as in dots."""

from __future__ import annotations

import numpy as np
import pytest
from django.test import Client

from dam.assets.models import Asset
from dam.collections.models import Collection, CollectionItem, Library
from dam.sharing.models import User
from indexing.engines.music.musicnn import SPACE
from indexing.engines.music.musicnn_network import DIMENSIONS
from indexing.models import Embedding
from search import music_map as mapping
from search.filters import Filters
from search.music_map import SIDE, music_map
from search.similar import NoExample
from search.similar_music import of_asset, search_by
from tests.factories import make_asset, make_fact, make_library, make_member, make_run

pytestmark = pytest.mark.django_db


def vector(*values: float) -> np.ndarray:
    made = np.zeros(DIMENSIONS, np.float32)
    made[: len(values)] = values
    return made / np.linalg.norm(made)


def recording(library: Library | None = None, *sections: np.ndarray) -> Asset:
    """A recording whose sections of ten seconds, the last of twenty, have those vectors."""
    asset = make_asset(library, kind="audio", media_type="audio/mpeg", duration=60.0)
    run = make_run(asset, "music")
    for number, values in enumerate(sections):
        end = 10 * number + (20 if number == len(sections) - 1 else 10)
        Embedding.objects.create(asset=asset, run=run, space=SPACE, vector=values, start=10 * number, end=end)
    return asset


def placed(asset: Asset, valence: float, energy: float) -> Asset:
    make_fact(asset, "energy", "", number=energy, details={"valence": valence})
    return asset


@pytest.fixture
def library() -> Library:
    return make_library()


@pytest.fixture
def viewer(library: Library) -> User:
    return make_member(library)


@pytest.fixture
def page(client: Client, viewer: User) -> Client:
    client.force_login(viewer)
    return client


class TestSimilarMusic:
    def test_what_sounds_most_alike_comes_first_and_unlike_music_not_at_all(
        self, library: Library, viewer: User
    ) -> None:
        example = recording(library, vector(1))
        near, nearer = recording(library, vector(1, 0.6)), recording(library, vector(1, 0.1))
        recording(library, vector(0, 1))
        found = search_by(viewer, of_asset(example))
        assert [hit.asset for hit in found.hits] == [nearer, near]
        assert found.hits[0].moments[0].reason == "sounds like"

    def test_the_section_at_the_second_is_the_example_and_the_longest_without_one(
        self, library: Library, viewer: User
    ) -> None:
        example = recording(library, vector(1), vector(0, 1))
        first, last = recording(library, vector(1, 0.1)), recording(library, vector(0.1, 1))
        assert [hit.asset for hit in search_by(viewer, of_asset(example, 3.0)).hits] == [first]
        assert [hit.asset for hit in search_by(viewer, of_asset(example, 99.0)).hits] == [last]
        assert [hit.asset for hit in search_by(viewer, of_asset(example)).hits] == [last]

    def test_what_the_reader_may_not_hear_is_not_found(self, library: Library, viewer: User) -> None:
        example = recording(library, vector(1))
        recording(None, vector(1))
        assert search_by(viewer, of_asset(example)).hits == []

    def test_a_recording_without_music_is_explained(self, library: Library, page: Client) -> None:
        silent = make_asset(library, kind="audio", duration=5.0)
        with pytest.raises(NoExample, match="No music"):
            of_asset(silent)
        assert 'role="alert"' in page.get("/search/music/", {"asset": silent.pk}).content.decode()

    def test_the_page_links_to_the_second_that_sounds_alike(self, library: Library, page: Client) -> None:
        example, other = recording(library, vector(1)), recording(library, vector(0, 1), vector(1, 0.1))
        text = page.get("/search/music/", {"asset": example.pk, "t": "2"}).content.decode()
        assert f"/assets/{other.pk}/?t=10" in text
        assert "sounds like" in text

    @pytest.mark.parametrize("asset", ["x", "-1", "1" * 19, "999999"])
    def test_an_address_that_names_no_asset_is_no_page(self, page: Client, asset: str) -> None:
        assert page.get("/search/music/", {"asset": asset}).status_code == 404

    def test_a_hidden_asset_is_no_example(self, page: Client) -> None:
        assert page.get("/search/music/", {"asset": recording(None, vector(1)).pk}).status_code == 404

    def test_the_page_of_a_recording_leads_there(self, library: Library, page: Client) -> None:
        asset = recording(library, vector(1))
        assert f"/search/music/?asset={asset.pk}" in page.get(asset.get_absolute_url()).content.decode()
        still = make_asset(library)
        assert "/search/music/" not in page.get(still.get_absolute_url()).content.decode()


class TestTheMap:
    def test_happy_lies_right_and_energetic_above(self, library: Library, viewer: User) -> None:
        placed(recording(library), 0.9, 0.8)
        placed(recording(library), 0.1, 0.2)
        lively, calm = music_map(viewer, Filters()).dots
        assert lively.x > SIDE / 2 > calm.x
        assert lively.y < SIDE / 2 < calm.y
        assert (lively.quarter, calm.quarter) == ("happy and energetic", "sad and calm")

    def test_only_whole_recordings_that_nobody_rejected_and_the_reader_may_hear(
        self, library: Library, viewer: User
    ) -> None:
        shown = placed(recording(library), 0.5, 0.5)
        placed(recording(None), 0.5, 0.5)
        make_fact(recording(library), "energy", "", number=0.5, details={"valence": 0.5}, start=0.0, end=9.0)
        make_fact(recording(library), "energy", "", number=0.5, details={"valence": 0.5}, status="rejected")
        assert [dot.asset for dot in music_map(viewer, Filters()).dots] == [shown]

    def test_a_collection_narrows_it(self, library: Library, page: Client) -> None:
        inside, outside = placed(recording(library), 0.5, 0.5), placed(recording(library), 0.5, 0.5)
        collection = Collection.objects.create(library=library, name="Wax cylinders")
        CollectionItem.objects.create(collection=collection, asset=inside)
        text = page.get("/music/", {"collection": collection.pk}).content.decode()
        assert inside.get_absolute_url() in text
        assert outside.get_absolute_url() not in text

    def test_each_dot_is_told_in_words_beside_the_map(self, library: Library, page: Client) -> None:
        asset = placed(recording(library), 0.9, 0.8)
        make_fact(asset, "mood", "happy")
        make_fact(asset, "tempo", "120 BPM", number=120.0)
        make_fact(asset, "mood", "sad", status="rejected")
        text = page.get("/music/").content.decode()
        assert "happy and energetic · happy" in text
        assert "120 BPM" in text
        assert "· sad" not in text
        assert "machine's guess" in text
        assert text.count(f'href="{asset.get_absolute_url()}"') == 2

    def test_the_newest_are_shown_where_there_are_too_many(
        self, library: Library, viewer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(mapping, "MOST", 2)
        made = [placed(recording(library), 0.5, 0.1 * number) for number in range(3)]
        found = music_map(viewer, Filters())
        assert {dot.asset for dot in found.dots} == set(made[1:])
        assert found.more

    def test_no_music_and_a_wrong_collection_are_explained(self, page: Client) -> None:
        assert "No music here so far" in page.get("/music/").content.decode()
        assert 'role="alert"' in page.get("/music/", {"collection": "x"}).content.decode()

    def test_strangers_are_sent_to_sign_in(self, client: Client) -> None:
        assert client.get("/music/").status_code == 302
        assert client.get("/search/music/").status_code == 302
