"""Whoever is hidden is named to archivists alone: no fact that others read holds the name."""

import pytest
from django.urls import reverse

from dam.people import recognition
from dam.people.merging import merge
from dam.people.models import SOMEBODY
from dam.sharing.models import Role
from search import documents
from tests.factories import make_asset, make_member
from tests.people.conftest import ADA, LIKE_ADA, RIGHT, box, face, make_person, see

pytestmark = pytest.mark.django_db

NAME = "Adelheid"


@pytest.fixture
def archivist(library, client):
    user = make_member(library, Role.ARCHIVIST)
    client.force_login(user)
    return user


@pytest.fixture
def child(client, library, archivist):
    """A child who was named in a picture, and hidden on the page afterwards."""
    person = make_person(library, NAME)
    asset = make_asset(library)
    see(asset, face(ADA))
    recognition.name_face(box(asset), person, archivist)
    see(asset, face(ADA), version="2")
    client.post(reverse("edit-person", args=[person.pk]), {"name": NAME, "hidden": "on"})
    person.refresh_from_db()
    person.asset = asset
    return person


def shown(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_viewers_read_the_name_nowhere(client, library, child):
    documents.rebuild([child.asset.pk])
    client.force_login(make_member(library))
    for address in (
        child.asset.get_absolute_url(),
        reverse("api:annotation-list", args=[child.asset.pk]),
        "/people/",
        f"/search/suggest/?q={NAME[:5]}",
    ):
        assert NAME not in shown(client, address), address
    assert SOMEBODY in shown(client, child.asset.get_absolute_url())
    assert not child.asset.moments.filter(text__icontains=NAME).exists()


def test_archivists_read_the_name_on_the_page_of_people(client, child):
    assert NAME in shown(client, "/people/")
    assert NAME in shown(client, child.get_absolute_url())


def test_what_is_found_or_said_later_does_not_give_the_name_away(library, archivist, child):
    later = make_asset(library)
    see(later, face(LIKE_ADA), face(-ADA, RIGHT))
    recognition.name_face(box(later, RIGHT), child, archivist)
    found = later.annotations.filter(kind="person")
    assert sorted(found.values_list("text", "status")) == [(SOMEBODY, "accepted"), (SOMEBODY, "proposed")]


def test_showing_the_person_again_gives_the_name_back(client, child):
    client.post(reverse("edit-person", args=[child.pk]), {"name": NAME})
    assert child.asset.annotations.get(kind="person").text == NAME


def test_a_record_that_is_joined_with_a_hidden_one_is_hidden_too(library, archivist, child):
    other, asset = make_person(library, "Heidi"), make_asset(library)
    see(asset, face(-ADA))
    recognition.name_face(box(asset), other, archivist)
    merge(other, child)
    for each in (asset, child.asset):
        assert each.annotations.get(kind="person").text == SOMEBODY
