"""Flagged pictures are blurred on every page until a person rejects the flag."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dam.assets.models import Asset, Rendition
from dam.collections.models import Library
from dam.sharing.models import Role
from indexing import flags, store
from indexing.analysers.contract import Finding
from indexing.models import Annotation
from search import documents, service
from search.meaning import MeaningOff
from tests.factories import make_asset, make_fact, make_library, make_member, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> Library:
    return make_library()


@pytest.fixture
def archivist(library: Library, client: Client) -> Client:
    client.force_login(make_member(library, Role.ARCHIVIST))
    return client


def shown(library: Library, **fields: object) -> Asset:
    """An asset with a thumbnail."""
    asset = make_asset(library, **fields)
    for name in ("thumb-small", "thumb-large"):
        Rendition.objects.create(
            asset=asset, name=name, media_type="image/webp", size=4, width=320, height=240, file="made.webp"
        )
    return asset


def flag(asset: Asset, **fields: object) -> Annotation:
    return make_fact(asset, "sensitive", "sexual content", confidence=0.9, **fields)


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_undecided_and_confirmed_flags_stand_and_rejected_ones_do_not(library: Library) -> None:
    undecided, confirmed, rejected, clean = (make_asset(library) for _ in range(4))
    flag(undecided)
    flag(confirmed, status="accepted")
    flag(rejected, status="rejected")
    assert flags.flagged([each.pk for each in (undecided, confirmed, rejected, clean)]) == {
        undecided.pk,
        confirmed.pk,
    }


def test_an_asset_that_was_not_marked_is_looked_up_rather_than_shown(library: Library) -> None:
    asset = make_asset(library)
    flag(asset)
    assert flags.is_flagged(Asset.objects.get(pk=asset.pk))


def test_a_marked_asset_costs_no_query(library: Library) -> None:
    assets = [make_asset(library) for _ in range(3)]
    with CaptureQueriesContext(connection) as captured:
        flags.mark(assets)
        assert not any(flags.is_flagged(asset) for asset in assets)
    assert len(captured) == 1


def test_the_grid_blurs_flagged_tiles_alone_and_lets_them_be_shown(
    archivist: Client, library: Library
) -> None:
    flag(shown(library, title="Hidden view"))
    shown(library, title="Open view")
    text = page(archivist, "/")
    assert text.count('class="blurred"') == 1
    assert text.count('<label class="unveil"><input type="checkbox"') == 1
    assert "Show<span" in text
    assert "Hidden view, which may be sensitive" in text


def test_the_grid_asks_for_all_flags_at_once(archivist: Client, library: Library) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(archivist, "/")
        return len(captured)

    flag(shown(library))
    queries()
    few = queries()
    for _ in range(5):
        flag(shown(library))
    assert queries() == few


def test_search_results_are_blurred(
    archivist: Client, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def off(text: str) -> None:
        raise MeaningOff("Search by meaning is off.")

    monkeypatch.setattr(service, "understand", off)
    asset = shown(library, title="Harbour")
    flag(asset)
    documents.rebuild([asset.pk])
    text = page(archivist, "/search/?q=harbour")
    assert 'class="blurred"' in text
    assert 'class="unveil"' in text


def test_the_page_of_the_asset_is_blurred_until_the_flag_is_rejected(
    archivist: Client, library: Library
) -> None:
    asset = shown(library)
    fact = flag(asset)
    address = asset.get_absolute_url()
    text = page(archivist, address)
    assert '<img class="blurred"' in text
    assert f'action="/facts/{fact.pk}/decide/"' in text
    archivist.post(f"/facts/{fact.pk}/decide/", {"decision": "accepted", "next": address})
    assert '<img class="blurred"' in page(archivist, address)
    archivist.post(f"/facts/{fact.pk}/decide/", {"decision": "rejected", "next": address})
    text = page(archivist, address)
    assert "blurred" not in text
    assert "unveil" not in text


def test_a_viewer_sees_why_but_decides_nothing(client: Client, library: Library) -> None:
    asset = shown(library)
    fact = flag(asset, start=1.0, end=2.0)
    client.force_login(make_member(library))
    text = page(client, asset.get_absolute_url())
    assert "May be sensitive" in text
    assert f"/facts/{fact.pk}/decide/" not in text


def test_a_rejected_flag_stays_rejected_when_the_asset_is_analysed_again(
    archivist: Client, library: Library
) -> None:

    asset = make_asset(library)
    run = make_run(asset, "sensitive")
    found = [Finding("sensitive", "sexual content", confidence=0.9)]
    store.save(run, found)
    store.review(flags.flags_of(asset).get(), make_member(library, Role.ARCHIVIST), "rejected")
    store.save(run, found)
    assert not flags.flagged([asset.pk])
