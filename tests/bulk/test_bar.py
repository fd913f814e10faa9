"""What stands on other rooms' pages: the bar in which assets are chosen, and the jobs that are open."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from dam.bulk.wishes import Wish
from dam.sharing.models import Role
from tests.factories import make_asset, make_member

pytestmark = pytest.mark.django_db


def rendered(source, user, address="/?kind=video"):
    request = RequestFactory().get(address)
    request.user = user
    return Template("{% load bulk %}" + source).render(Context({"request": request}))


def test_an_archivist_gets_the_bar_with_the_address_of_the_page(ada):
    shown = rendered("{% bulk_bar total=4812 %}", ada)
    assert 'value="/?kind=video"' in shown
    assert "Change all 4,812 that match" in shown
    assert "/bulk/choose/?from=%2F%3Fkind%3Dvideo" in shown


def test_who_may_change_nothing_gets_no_bar(library):
    assert "form" not in rendered("{% bulk_bar %}", make_member(library, Role.VIEWER))


def test_open_jobs_are_shown_and_done_ones_are_not(ada, library, plan, change):
    change([make_asset(library)], Wish("title", "set", "Done"))
    assert "panel" not in rendered("{% bulk_jobs %}", ada)
    plan([make_asset(library)], Wish("keywords", "add", ["ship"]))
    assert "Add to keywords" in rendered("{% bulk_jobs %}", ada)
