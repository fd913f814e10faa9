"""A guest of a share link is nobody everywhere else: every address of the site, generated from its table."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from dam.sharing.models import Role
from tests.factories import make_member
from tests.sharing.addresses import RULES, patterns
from tests.sharing.test_access_matrix import ask, refused, rows, state_of_everything  # noqa: F401

pytestmark = pytest.mark.django_db


def guest_of_everything(given):
    """A browser that has opened a link to the collection of the rows, with all that may travel."""
    archivist = Client()
    archivist.force_login(make_member(given["library"], Role.ARCHIVIST))
    travelling = ("may_download", "shows_transcript", "shows_people", "shows_places")
    settings = {"title": "All", "last_day": "2099-01-01", **dict.fromkeys(travelling, "on")}
    made = archivist.post(reverse("share-collection", args=[given["collection"].pk]), settings)
    guest = Client()
    assert guest.get(made.context["address"]).status_code == 200
    return guest


def test_a_guest_gets_nowhere_but_to_the_pages_of_guests(rows):  # noqa: F811
    guest = guest_of_everything(rows)
    before = state_of_everything()
    wrong = []
    for name in sorted(set(RULES) & set(patterns())):
        rule = RULES[name]
        for method in rule.methods:
            response = ask(guest, method, name, rule, rows)
            if not refused(response):
                wrong.append(f"{method} {name} answered {response.status_code}")
    assert not wrong, "\n".join(wrong)
    assert state_of_everything() == before
