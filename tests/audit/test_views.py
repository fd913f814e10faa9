"""Reading the audit trail, and taking it along."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest
from django.urls import reverse

from dam.audit.models import AuditEntry
from dam.audit.recording import record
from dam.sharing.models import Role
from tests.factories import make_asset, make_library, make_member, make_user

pytestmark = pytest.mark.django_db

PAGE, EXPORT = reverse("audit"), reverse("export-audit")


@pytest.fixture
def library():
    return make_library("Harbour archive")


@pytest.fixture
def administrator(client, library):
    user = make_member(library, Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def taken(client, query=""):
    return b"".join(client.get(f"{EXPORT}{query}").streaming_content).decode()


def test_administrators_read_what_concerns_their_library(client, library, administrator):
    record("asset.trashed", administrator, make_asset(library, title="The quay"))
    record("asset.trashed", None, make_asset(title="Elsewhere"))
    page = client.get(PAGE).content.decode()
    assert "The quay" in page
    assert "put in the trash" in page
    assert "Elsewhere" not in page
    assert "signed in" not in page.partition("<tbody>")[2]


def test_administrators_of_the_installation_read_everything(client):
    record("asset.trashed", None, make_asset(title="Elsewhere"))
    client.force_login(make_user(is_superuser=True))
    page = client.get(PAGE).content.decode().partition("<tbody>")[2]
    assert "Elsewhere" in page
    assert "signed in" in page


@pytest.mark.parametrize("address", [PAGE, EXPORT])
def test_nobody_else_does(client, library, address):
    client.force_login(make_member(library, Role.ARCHIVIST))
    assert client.get(address).status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?action=asset.trashed", {"The quay"}),
        ("?target=pier", {"The pier"}),
        ("?actor=nobody", set()),
        ("?since=2999-01-01", set()),
        ("?until=2999-01-01", {"The quay", "The pier"}),
        ("?since=nonsense&action=eaten", {"The quay", "The pier"}),
    ],
)
def test_filters_narrow_the_page_and_the_export(client, library, administrator, query, found):
    record("asset.trashed", administrator, make_asset(library, title="The quay"))
    record("asset.restored", administrator, make_asset(library, title="The pier"))
    rows = [json.loads(line) for line in taken(client, f"{query}&format=jsonl").splitlines()]
    named = {row["target_label"] for row in rows}
    assert named & {"The quay", "The pier"} == found
    page = client.get(f"{PAGE}{query}").content.decode().partition("<tbody>")[2]
    assert {name for name in ("The quay", "The pier") if name in page} == found


def test_an_empty_answer_offers_a_way_back(client, administrator):
    assert "Nothing like that was done" in client.get(f"{PAGE}?actor=nobody").content.decode()


def test_the_export_is_whole_safe_for_spreadsheets_and_told_of(client, library, administrator):
    record("asset.trashed", administrator, make_asset(library, title="=HYPERLINK(1)"))
    rows = list(csv.DictReader(StringIO(taken(client))))
    label = next(row["target_label"] for row in rows if row["action"] == "asset.trashed")
    assert label == "'=HYPERLINK(1)"
    assert AuditEntry.objects.filter(action="audit.exported", actor_id=administrator.pk).exists()
    assert client.get(f"{EXPORT}?format=pdf").status_code == 404


def test_the_page_is_turned_without_counting(client, library, administrator, django_assert_max_num_queries):
    for number in range(150):
        record("asset.trashed", administrator, library=library, label=f"file {number}")
    with django_assert_max_num_queries(12):
        first = client.get(PAGE)
    last = first.context["page"].next_before
    second = client.get(f"{PAGE}?before={last}").content.decode()
    assert "file 149" in first.content.decode()
    assert "file 0<" in second
    assert "file 149" not in second
    assert client.get(f"{PAGE}?before=-1").status_code == 404
