"""Who takes what along: the library's rule about originals, terms accepted once, and a record of it all."""

from io import BytesIO

import pytest
from django.test import Client
from PIL import Image
from rest_framework.authtoken.models import Token

from dam.rights import agreeing
from dam.rights.models import Acceptance, Download, LibraryRights, Terms
from dam.sharing.models import Role
from tests.factories import make_member
from tests.rights.conftest import BYTES, give
from tests.rights.filling import filled, send

pytestmark = pytest.mark.django_db


def page(asset):
    return f"/assets/{asset.pk}/download/"


def original(asset):
    return f"/assets/{asset.pk}/original"


def body(response):
    return b"".join(response.streaming_content)


def ask_terms(library, text="Name the source.", collection=None):
    return agreeing.publish(library, collection, text, make_member(library, Role.ADMINISTRATOR))


def reserve(library, role):
    LibraryRights.objects.update_or_create(library=library, defaults={"originals_from": role})


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_the_original_is_taken_along_and_written_down(as_viewer, asset, viewer):
    response = send(as_viewer, page(asset), rendition="original")
    assert body(response) == BYTES
    assert response["Content-Disposition"] == 'attachment; filename="light.jpg"'
    taken = Download.objects.get()
    assert (taken.asset, taken.user, taken.email, taken.rendition) == (
        asset,
        viewer,
        viewer.email,
        "original",
    )


def test_the_plain_address_of_the_original_is_written_down_too_but_only_once_for_its_parts(as_viewer, asset):
    whole = as_viewer.get(original(asset) + "?download")
    assert body(whole) == BYTES
    body(as_viewer.get(original(asset) + "?download", headers={"range": "bytes=5-9"}))
    as_viewer.head(original(asset) + "?download")
    body(as_viewer.get(original(asset)))
    assert Download.objects.count() == 1


@pytest.mark.parametrize(
    ("needed", "role", "allowed"),
    [
        (Role.VIEWER, Role.VIEWER, True),
        (Role.CONTRIBUTOR, Role.VIEWER, False),
        (Role.CONTRIBUTOR, Role.CONTRIBUTOR, True),
        (Role.ARCHIVIST, Role.CONTRIBUTOR, False),
        (Role.ARCHIVIST, Role.ARCHIVIST, True),
    ],
)
def test_originals_are_for_the_role_that_the_library_names(library, asset, needed, role, allowed):
    reserve(library, needed)
    user = make_member(library, role)
    client = signed_in(user)
    inline, saved = client.get(original(asset)), client.get(original(asset) + "?download")
    chosen = client.post(page(asset), {"rendition": "original"})
    by_program = client.get(
        f"/api/assets/{asset.pk}/original/",
        headers={"authorization": f"Token {Token.objects.create(user=user).key}"},
    )
    codes = [each.status_code for each in (inline, saved, chosen, by_program)]
    assert codes == ([200] * 4 if allowed else [403, 302, 200, 403])
    if not allowed:
        assert saved["Location"] == page(asset)
        assert f"for the role of {needed.label}" in chosen.content.decode()
        assert not Download.objects.exists()


def test_terms_are_accepted_once_before_anything_is_taken(as_viewer, library, asset, viewer):
    terms = ask_terms(library)
    for address in (original(asset), original(asset) + "?download"):
        assert as_viewer.get(address)["Location"] == page(asset)
    shown = as_viewer.get(page(asset)).content
    assert b"Name the source." in shown
    refused = as_viewer.post(page(asset), filled(shown, "rendition", rendition="original"))
    assert "Accept the terms to go on." in refused.content.decode()
    assert not Download.objects.exists()
    taken = as_viewer.post(page(asset), filled(shown, "rendition", rendition="original", accept="on"))
    assert body(taken) == BYTES
    accepted = Acceptance.objects.get()
    assert (accepted.terms, accepted.user, accepted.email) == (terms, viewer, viewer.email)
    assert body(as_viewer.get(original(asset) + "?download")) == BYTES
    assert b"Name the source." not in as_viewer.get(page(asset)).content


def test_new_terms_are_asked_for_anew_and_nobody_accepts_what_was_not_shown(as_viewer, library, asset):
    ask_terms(library)
    shown = as_viewer.get(page(asset)).content
    ask_terms(library, "No resale.")
    response = as_viewer.post(page(asset), filled(shown, "rendition", rendition="original", accept="on"))
    assert "The terms have changed meanwhile" in response.content.decode()
    assert "No resale." in response.content.decode()
    assert not Acceptance.objects.exists()


def test_a_collections_terms_hold_for_what_lies_below_it(library, asset, collection, viewer):
    from dam.collections.models import Collection, CollectionItem
    from tests.factories import make_asset

    ask_terms(library)
    ask_terms(library, "For lights only.", collection)
    inner = Collection.objects.create(library=library, parent=collection, name="1931")
    below = make_asset(library)
    CollectionItem.objects.create(collection=inner, asset=below)
    texts = {terms.text for terms in agreeing.unaccepted(viewer, below)}
    assert texts == {"Name the source.", "For lights only."}
    assert [each.text for each in agreeing.unaccepted(viewer, make_asset(library))] == ["Name the source."]
    ask_terms(library, "", collection)
    assert [each.text for each in agreeing.unaccepted(viewer, below)] == ["Name the source."]


def test_archivists_are_not_asked(as_archivist, library, asset):
    ask_terms(library)
    assert body(as_archivist.get(original(asset) + "?download")) == BYTES


def test_a_program_is_told_where_terms_are_accepted(library, asset, viewer):
    ask_terms(library)
    key = Token.objects.create(user=viewer).key
    response = Client().get(f"/api/assets/{asset.pk}/original/", headers={"authorization": f"Token {key}"})
    assert (response.status_code, "download page" in response.json()["detail"]) == (403, True)


def test_an_account_that_goes_leaves_its_acceptance_and_downloads(library, asset, viewer):
    terms = ask_terms(library)
    agreeing.accept(viewer, [terms])
    agreeing.accept(viewer, [terms])
    Download.objects.create(asset=asset, user=viewer, email=viewer.email, rendition="web")
    viewer.delete()
    assert Acceptance.objects.get().email == Download.objects.get().email != ""


@pytest.mark.parametrize(
    ("name", "size", "form"),
    [("large", (2000, 1000), "JPEG"), ("large-png", (2000, 1000), "PNG"), ("web", (1600, 800), "JPEG")],
)
def test_a_photograph_is_taken_along_in_other_sizes(as_viewer, photograph, name, size, form):
    response = send(as_viewer, page(photograph), rendition=name)
    picture = Image.open(BytesIO(body(response)))
    assert (picture.size, picture.format, dict(picture.getexif())) == (size, form, {})
    assert response["Content-Disposition"].startswith(f'attachment; filename="grey-{name}.')
    assert Download.objects.get().rendition == name


def test_a_file_that_cannot_be_decoded_is_told_and_not_written_down(as_viewer, asset):
    response = send(as_viewer, page(asset), rendition="web")
    assert response.status_code == 302
    assert "could not be made" in as_viewer.get(page(asset)).content.decode()
    assert not Download.objects.exists()


def test_a_film_is_offered_as_the_copy_that_plays(as_viewer, library):
    from tests.factories import make_asset

    film = make_asset(
        library, kind="video", media_type="video/x-matroska", original_name="film.mkv", duration=9.0
    )
    give(film, "proxy", b"playable", "video/mp4", width=1280, height=720)
    shown = as_viewer.get(page(film)).content.decode()
    assert "Film for the web" in shown
    assert "Large JPEG" not in shown
    response = send(as_viewer, page(film), rendition="proxy")
    assert (body(response), response["Content-Type"]) == (b"playable", "video/mp4")


def test_what_is_not_offered_is_refused(as_viewer, asset):
    response = as_viewer.post(page(asset), {"rendition": "sprite"})
    assert (response.status_code, Download.objects.exists()) == (200, False)
    assert "Select a valid choice" in response.content.decode()


def test_archivists_see_who_took_what(as_archivist, asset, django_assert_max_num_queries):
    for number in range(30):
        Download.objects.create(asset=asset, email=f"reader{number}@example.org", rendition="web")
    with django_assert_max_num_queries(25):
        shown = as_archivist.get(f"/assets/{asset.pk}/downloads/").content.decode()
    assert "reader0@example.org" in shown
    assert "reader29@example.org" in shown


def test_the_players_copy_stays_open_where_originals_are_reserved(as_viewer, library, asset):
    reserve(library, Role.ARCHIVIST)
    give(asset, "thumb-large")
    assert as_viewer.get(f"/assets/{asset.pk}/renditions/thumb-large").status_code == 200


def test_terms_of_two_people_at_once_get_numbers_of_their_own(library):
    first, second = ask_terms(library, "One."), ask_terms(library, "Two.")
    assert (first.version, second.version) == (1, 2)
    assert Terms.objects.count() == 2
