"""Nothing leaks before an embargo ends: no page, search, count, suggestion, file or feed tells of the asset.

Every address is asked twice: under embargo, when no trace of the asset may be in the answer, and after, when
the same address must tell of it; so no check passes because it looks in the wrong place.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from dam.assets.models import Asset, IngestItem, IngestJob
from dam.collections.models import (
    Collection,
    CollectionItem,
    Exhibition,
    ExhibitionMoment,
    ExhibitionSection,
)
from dam.people.models import Appearance, Consent, Person
from dam.rights.models import AssetRights
from dam.sharing.models import Role
from dam.watchlists import alerts
from dam.watchlists.models import Follow, WatchList
from indexing.engines.spaces import RENDERED_TEXT
from indexing.models import Embedding
from search import documents, suggest_terms
from search.facets import facets
from search.service import search
from tests.factories import make_asset, make_fact, make_library, make_member
from tests.rights.conftest import give

pytestmark = pytest.mark.django_db
TRACE = "Zanzibar"
BEFORE = timedelta(days=1)


@pytest.fixture
def library():
    library = make_library("Harbour archive")
    library.public = True
    library.save()
    return library


@pytest.fixture
def held(library):
    """A film about a lighthouse under embargo, with everything that could tell of it."""
    asset = make_asset(
        library,
        title=TRACE,
        original_name=f"{TRACE}.mp4",
        kind="video",
        media_type="video/mp4",
        duration=9.0,
        size=8,
        embargo_until=timezone.now() + BEFORE,
    )
    asset.original.save("a.mp4", ContentFile(b"original"))
    for name in ("thumb-small", "thumb-large", "poster"):
        give(asset, name, b"picture")
    give(asset, "proxy", b"playable", "video/mp4", width=640, height=360)
    make_fact(asset, "object", "lighthouse", source="person", status="accepted")
    make_fact(asset, "speech", "the keeper of zeppelins", start=0.0, end=4.0, language="en")
    make_fact(asset, "genre", "shanty", source="person", status="accepted")
    AssetRights.objects.create(asset=asset, published_at=timezone.now() - BEFORE)
    documents.rebuild([asset.pk])
    suggest_terms.refresh()
    return asset


@pytest.fixture
def reader(library):
    """The highest role that an embargo keeps out."""
    return make_member(library, Role.CONTRIBUTOR)


@pytest.fixture
def asking(reader):
    client = Client()
    client.force_login(reader)
    return client


def end(asset):
    Asset.objects.filter(pk=asset.pk).update(embargo_until=timezone.now() - timedelta(seconds=1))


def told(response):
    if getattr(response, "streaming", False):
        return b"".join(response.streaming_content).decode(errors="replace")
    return response.content.decode(errors="replace")


OF_THE_ASSET = [
    "/assets/{pk}/",
    "/assets/{pk}/original",
    "/assets/{pk}/original?download",
    "/assets/{pk}/renditions/thumb-small",
    "/assets/{pk}/renditions/proxy",
    "/assets/{pk}/transcript/",
    "/assets/{pk}/export/webvtt",
    "/assets/{pk}/highlights/",
    "/assets/{pk}/narration/",
    "/assets/{pk}/download/",
    "/search/similar/?asset={pk}",
    "/search/similar-topics/{pk}/",
    "/search/music/?asset={pk}",
    "/api/assets/{pk}/",
    "/api/assets/{pk}/original/",
    "/api/assets/{pk}/progress/",
    "/api/assets/{pk}/annotations/",
    "/api/assets/{pk}/renditions/",
    "/api/assets/{pk}/renditions/thumb-small/",
]


def answers(client, asset, addresses):
    """The status of each address."""
    return {each: client.get(each.format(pk=asset.pk)).status_code for each in addresses}


def test_no_address_of_the_asset_answers_before_the_embargo_ends(asking, library, held):
    assert answers(asking, held, OF_THE_ASSET) == dict.fromkeys(OF_THE_ASSET, 404)
    archivist = Client()
    archivist.force_login(make_member(library, Role.ARCHIVIST))
    assert answers(archivist, held, OF_THE_ASSET) == dict.fromkeys(OF_THE_ASSET, 200)
    end(held)
    assert answers(asking, held, OF_THE_ASSET) == dict.fromkeys(OF_THE_ASSET, 200)


LISTS = {
    "/": TRACE,
    "/?kind=video": TRACE,
    "/search/?q=shanty": TRACE,
    "/search/?q=said:zeppelins": TRACE,
    "/search/": "lighthouse",
    "/search/suggest/?q=lightho": "lighthouse",
    "/search/suggest/?q=object:lig": "lighthouse",
    "/search/suggest/?q=lang:": 'data-text="lang:en',
    "/opensearch/suggestions/?q=lightho": "lighthouse",
    "/api/assets/": TRACE,
    "/api/assets/?kind=video": TRACE,
    "/api/search/?q=shanty": TRACE,
    "/api/search/?q=said:zeppelins": TRACE,
}
"""Addresses, and what would tell of the asset in their answers."""


def test_no_list_search_or_suggestion_tells_of_it(asking, held):
    assert [address for address, trace in LISTS.items() if trace in told(asking.get(address))] == []
    end(held)
    assert [address for address, trace in LISTS.items() if trace not in told(asking.get(address))] == []


def test_no_collection_shows_or_counts_it(asking, library, held):
    collection = Collection.objects.create(library=library, name="Films")
    CollectionItem.objects.create(collection=collection, asset=held)
    places = [f"/collections/{collection.pk}/", f"/api/assets/?collection={collection.pk}"]
    listed = told(asking.get("/collections/"))
    assert not any(TRACE in told(asking.get(place)) for place in places)
    assert f"/assets/{held.pk}/" not in listed
    end(held)
    assert all(TRACE in told(asking.get(place)) for place in places)


def test_no_total_and_no_facet_counts_it(reader, library, held):
    seen = make_asset(library)
    make_fact(seen, "object", "lighthouse")
    documents.rebuild([seen.pk])
    assert counted(reader) == (1, {"lighthouse": 1})
    end(held)
    assert counted(reader) == (2, {"lighthouse": 2})


def counted(reader):
    found = search(reader, "object:lighthouse")
    values = {facet.name: facet.values for facet in facets([hit.asset.pk for hit in found.hits], {})}
    return found.total, {value.label: value.assets for value in values["object"]}


def test_nothing_that_is_similar_to_it_leads_to_it(asking, library, held):
    example = make_asset(library, title="Another")
    for asset in (held, example):
        run = make_fact(asset).run
        Embedding.objects.create(asset=asset, run=run, space=RENDERED_TEXT, vector=[1.0] + [0.0] * 511)
    place = f"/search/similar/?asset={example.pk}"
    assert TRACE not in told(asking.get(place))
    end(held)
    assert TRACE in told(asking.get(place))


def test_the_map_of_music_does_not_show_it(asking, library):
    recording = make_asset(
        library, title=TRACE, kind="audio", media_type="audio/wav", embargo_until=timezone.now() + BEFORE
    )
    for kind, number in (("energy", 0.5), ("danceability", 0.5)):
        make_fact(recording, kind, number=number, status="accepted", source="person")
    make_fact(recording, "mood", "happy", confidence=0.9)
    assert TRACE not in told(asking.get("/music/"))


def test_no_alert_tells_of_what_was_spotted_in_it(asking, reader, library, held):
    watchlist = WatchList.objects.create(library=library, name="Keepers", entries="zeppelins")
    Follow.objects.create(watchlist=watchlist, user=reader, since=timezone.now() - BEFORE)
    details = {"lists": [watchlist.pk]}
    make_fact(held, "mention", "zeppelins", start=1.0, end=2.0, details=details)
    alerts.bring_up_to_date([held.pk])
    assert f"/assets/{held.pk}/" not in told(asking.get("/alerts/"))
    end(held)
    assert f"/assets/{held.pk}/" in told(asking.get("/alerts/"))


def test_a_persons_page_does_not_lead_to_it(asking, library, held):
    ada = Person.objects.create(library=library, name="Ada")
    Consent.objects.create(person=ada, given_by="Ada", scope="both")
    fact = make_fact(held, "person", "Ada", status="accepted", start=1.0, end=2.0)
    Appearance.objects.create(annotation=fact, person=ada)
    places = [f"/people/{ada.pk}/", "/people/"]
    assert not any(f"/assets/{held.pk}/" in told(asking.get(place)) for place in places)
    end(held)
    assert f"/assets/{held.pk}/" in told(asking.get(places[0]))


def test_a_job_does_not_name_its_file_to_those_who_did_not_bring_it(client, library, held):
    job = IngestJob.objects.create(library=library, label="Films")
    IngestItem.objects.create(job=job, source="a", name=f"{TRACE}.mp4", state="imported", asset=held)
    client.force_login(make_member(library, Role.CONTRIBUTOR))
    places = [f"/jobs/{job.pk}/", f"/api/ingest-jobs/{job.pk}/items/"]
    assert not any(TRACE in told(client.get(place)) for place in places)
    end(held)
    assert all(TRACE in told(client.get(place)) for place in places)


PUBLIC = [
    "/p/{pk}-zanzibar/",
    "/p/{pk}/thumb-large",
    "/p/{pk}/proxy",
    "/p/{pk}/captions/spoken.vtt",
    "/sitemap.xml",
]


def test_its_public_page_opens_when_the_embargo_ends(held):
    assert answers(Client(), held, PUBLIC) == dict.fromkeys(PUBLIC, 404)
    end(held)
    assert answers(Client(), held, PUBLIC) == dict.fromkeys(PUBLIC, 200)


def test_an_exhibition_leaves_it_out_until_then(held):
    shown = Exhibition.objects.create(
        library=held.library, title="Lights", slug="lights", state=Exhibition.State.PUBLISHED
    )
    section = ExhibitionSection.objects.create(exhibition=shown, text="Words")
    moment = ExhibitionMoment.objects.create(section=section, asset=held, caption=TRACE)
    places = ["/exhibitions/lights/", f"/exhibitions/lights/media/{moment.pk}/poster"]
    assert TRACE not in told(Client().get(places[0]))
    assert Client().get(places[1]).status_code == 404
    end(held)
    assert TRACE in told(Client().get(places[0]))
    assert Client().get(places[1]).status_code == 200


def test_an_embargo_that_is_set_closes_what_was_open(asking, held):
    end(held)
    assert asking.get(f"/assets/{held.pk}/").status_code == 200
    Asset.objects.filter(pk=held.pk).update(embargo_until=timezone.now() + BEFORE)
    assert asking.get(f"/assets/{held.pk}/").status_code == 404
    assert TRACE not in told(asking.get("/search/?q=lighthouse"))
