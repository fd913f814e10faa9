"""Where else people talk of the same: by the words that tell a passage, within what the reader may hear."""

from __future__ import annotations

import pytest
from django.test import Client

from dam.assets.models import Asset
from dam.collections.models import Library
from dam.sharing.models import User
from search import documents
from search.similar import NoExample
from search.similar_topics import of_asset, search_by, telling
from tests.factories import make_asset, make_fact, make_library, make_member

pytestmark = pytest.mark.django_db
STEAM = "the boiler of the steam engine drove the piston and the locomotive left the station with its coal"
BREAD = "knead the dough with flour and yeast and bake the bread in a hot oven until the crust is brown"
RIVER = "the river floods the meadow each spring and the heron waits among the reeds for a careless fish"


def recording(library: Library | None, *texts: str, language: str = "en") -> Asset:
    """A recording in which each text is said for a minute."""
    asset = make_asset(library, kind="audio", media_type="audio/mpeg", duration=60.0 * len(texts))
    for number, text in enumerate(texts):
        place = {"start": 60.0 * number + 1, "end": 60.0 * number + 50}
        make_fact(asset, "speech", text, language=language, **place)
    documents.rebuild([asset.pk])
    return asset


@pytest.fixture
def library() -> Library:
    """With some other recordings, so that words are rarer than others."""
    library = make_library()
    for number in range(4):
        recording(library, f"the weather of today and the news at {number} o'clock from the old town")
    return library


@pytest.fixture
def viewer(library: Library) -> User:
    return make_member(library)


@pytest.fixture
def page(client: Client, viewer: User) -> Client:
    client.force_login(viewer)
    return client


def found(user: User, asset: Asset, second: float | None = None) -> list[Asset]:
    return [hit.asset for hit in search_by(user, of_asset(asset, second)).hits]


def test_what_shares_most_of_the_telling_words_comes_first(library: Library, viewer: User) -> None:
    example = recording(library, STEAM)
    some = recording(library, "the coal was for the boiler and the station was cold")
    most = recording(library, "a steam engine has a piston and a boiler that burns coal; a locomotive too")
    recording(library, BREAD)
    assert found(viewer, example) == [most, some]


def test_an_answer_is_the_stretch_and_the_words_that_are_shared(library: Library, viewer: User) -> None:
    example = recording(library, STEAM)
    recording(library, BREAD, "steam drove the piston of the locomotive", RIVER)
    (hit,) = search_by(viewer, of_asset(example)).hits
    (moment,) = hit.moments
    assert (moment.reason, moment.kind, moment.start, moment.end) == ("talks of", "topic", 61.0, 110.0)
    shared = {piece.text for piece in moment.pieces if piece.matched}
    assert shared == {"steam", "piston", "drove", "locomotive"}


def test_forms_of_a_word_are_one_word(library: Library, viewer: User) -> None:
    example = recording(library, "engines, boilers and pistons")
    other = recording(library, "an engine with a boiler and a piston")
    assert found(viewer, example) == [other]


def test_the_passage_is_the_chapter_at_the_second_or_what_is_said_around_it(
    library: Library, viewer: User
) -> None:
    example = recording(library, STEAM, BREAD, RIVER)
    steam, bread = recording(library, STEAM), recording(library, BREAD)
    assert found(viewer, example, 0.0)[0] == steam
    make_fact(example, "chapter", "Baking", start=60.0, end=120.0)
    assert found(viewer, example, 70.0) == [bread]


def test_a_rejected_chapter_is_none(library: Library, viewer: User) -> None:
    example = recording(library, STEAM, BREAD, RIVER)
    make_fact(example, "chapter", "Baking", start=0.0, end=180.0, status="rejected")
    assert of_asset(example, 65.0).start == 5.0


def test_another_stretch_of_the_same_recording_is_found_too(library: Library, viewer: User) -> None:
    example = recording(library, STEAM, BREAD, BREAD, RIVER, STEAM)
    make_fact(example, "chapter", "Trains", start=0.0, end=60.0)
    (hit,) = search_by(viewer, of_asset(example, 10.0)).hits
    assert (hit.asset, hit.moments[0].start) == (example, 241.0)


def test_stop_words_tell_nothing_in_any_language_whose_stop_words_are_known(
    library: Library, viewer: User
) -> None:
    said = "nous avons dans notre maison une cuisine avec des fenêtres"
    example = recording(library, said, language="fr-FR")
    recording(library, said, language="fr-FR")
    sought = {each.word for each in telling(of_asset(example), Asset.objects.visible_to(viewer))}
    assert sought == {"maison", "cuisine", "fenêtres"}


def test_a_translation_finds_what_is_said_in_another_language(library: Library, viewer: User) -> None:
    example = recording(library, "a máquina a vapor e a caldeira da locomotiva", language="pt")
    make_fact(example, "translation", STEAM, language="en", start=1.0, end=50.0)
    documents.rebuild([example.pk])
    other = recording(library, STEAM)
    assert found(viewer, example) == [other]


def test_what_the_reader_may_not_hear_is_neither_found_nor_counted(library: Library, viewer: User) -> None:
    example = recording(library, STEAM)
    recording(library, "the boiler, the piston and the coal")
    before = telling(of_asset(example), Asset.objects.visible_to(viewer))
    for _ in range(3):
        recording(None, STEAM)
    assert telling(of_asset(example), Asset.objects.visible_to(viewer)) == before
    assert len(found(viewer, example)) == 1


def test_too_little_said_is_explained(library: Library, viewer: User, page: Client) -> None:
    silent = make_asset(library, kind="audio", duration=5.0)
    with pytest.raises(NoExample, match="Nothing is known to be said"):
        of_asset(silent)
    hello = recording(library, "hello and good day")
    with pytest.raises(NoExample, match="Too little"):
        search_by(viewer, of_asset(hello))
    assert 'role="alert"' in page.get(f"/search/similar-topics/{hello.pk}/").content.decode()
    assert 'role="alert"' in page.get(f"/search/similar-topics/{silent.pk}/").content.decode()


def test_the_page_leads_to_the_stretch(library: Library, page: Client) -> None:
    example, other = recording(library, STEAM), recording(library, BREAD, STEAM)
    text = page.get(f"/search/similar-topics/{example.pk}/", {"t": "2"}).content.decode()
    assert f"/assets/{other.pk}/?t=61" in text
    assert "talks of" in text
    assert "<mark>boiler</mark>" in text


def test_nothing_on_the_subject_is_said_so(library: Library, page: Client) -> None:
    example = recording(library, STEAM + ". " + BREAD)
    recording(library, "coal")
    recording(library, "boiler")
    recording(library, "oven")
    text = page.get(f"/search/similar-topics/{example.pk}/").content.decode()
    assert "Nobody else talks of it" in text


def test_the_transcript_leads_there(library: Library, page: Client) -> None:
    asset = recording(library, STEAM)
    assert f"/search/similar-topics/{asset.pk}/" in page.get(asset.get_absolute_url()).content.decode()
    still = make_asset(library)
    assert "/search/similar-topics/" not in page.get(still.get_absolute_url()).content.decode()


def test_a_hidden_recording_is_no_example(page: Client) -> None:
    assert page.get(f"/search/similar-topics/{recording(None, STEAM).pk}/").status_code == 404
