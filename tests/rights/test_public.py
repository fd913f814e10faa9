"""Public pages: only of what was published, and nothing on them but what the library lets out."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from dam.assets.models import Asset
from dam.collections.models import CollectionItem
from dam.people.models import Person
from dam.rights import mining
from dam.rights.models import AssetRights, CollectionRights, LibraryRights
from dam.sharing.models import Role
from tests.factories import make_asset, make_fact, make_member
from tests.rights.conftest import give

pytestmark = pytest.mark.django_db
BY = "https://creativecommons.org/licenses/by/4.0/"
PROHIBITED = f"{mining.VOCABULARY}DMI-PROHIBITED-AIMLTRAINING"


@pytest.fixture
def anyone():
    return Client()


def said(asset, kind, text, **fields):
    return make_fact(asset, kind, text, source="person", status="accepted", **fields)


def published(asset, **fields):
    """The asset, published in a library that allows it."""
    type(asset.library).objects.filter(pk=asset.library_id).update(public=True)
    AssetRights.objects.create(asset=asset, published_at=timezone.now(), **fields)
    return asset


@pytest.fixture
def picture(library):
    """A published photograph with a licence and a description."""
    asset = make_asset(library, title="The lighthouse", original_name="secret-name.tif")
    give(asset, "thumb-large", b"large", width=1280, height=960)
    give(asset, "thumb-small", b"small", width=320, height=240)
    said(asset, "description", 'A tower </script><script>alert("x")</script> by the sea')
    said(asset, "keyword", "coast")
    return published(asset, statement=BY, credit_line="Photo: Ada", holder="Town", year=1931)


@pytest.fixture
def film(library):
    """A published film with chapters, speech by a named person, and a translation."""
    asset = make_asset(
        library,
        title="Ferry at dusk",
        kind="video",
        media_type="video/mp4",
        duration=62.0,
        original_name="f.mp4",
    )
    give(asset, "poster", b"still", width=1280, height=720)
    give(asset, "proxy", b"playable", "video/mp4", width=1280, height=720)
    make_fact(asset, "chapter", "Leaving", start=0.0, end=30.0)
    make_fact(asset, "speech", "good evening ashore", start=1.0, end=5.0, language="en")
    make_fact(asset, "turn", "Speaker 1", start=1.0, end=5.0, details={"speaker": 1})
    said(asset, "speaker", "Grace Keeper", start=1.0, end=5.0, details={"speaker": 1})
    said(asset, "person", "Grace Keeper", start=1.0, end=5.0)
    make_fact(asset, "translation", "bom dia a todos", start=1.0, end=5.0, language="pt")
    return published(asset)


def page_of(client, asset, query=""):
    moved = client.get(f"/p/{asset.pk}-x/{query}")
    assert moved.status_code == 301
    return client.get(moved["Location"])


def test_whoever_comes_sees_the_page_without_an_account(anyone, picture):
    response = page_of(anyone, picture)
    shown = response.content.decode()
    assert response.status_code == 200
    for text in ("The lighthouse", "A tower", "Photo: Ada", "© 1931 Town", "coast", BY):
        assert text in shown
    assert "secret-name" not in shown
    assert "original" not in shown


def test_markup_in_texts_stays_text(anyone, picture):
    assert b"<script>alert" not in page_of(anyone, picture).content


def test_there_is_one_address(anyone, picture):
    response = anyone.get(f"/p/{picture.pk}-anything/")
    assert (response.status_code, response["Location"]) == (301, f"/p/{picture.pk}-the-lighthouse/")


def test_a_title_in_any_script_makes_an_address(anyone, library):
    asset = published(make_asset(library, title="Маяк ночью"))
    assert page_of(anyone, asset).status_code == 200
    untitled = published_again(make_asset(library, title="???"))
    assert anyone.get(f"/p/{untitled.pk}-x/")["Location"] == f"/p/{untitled.pk}-image/"


def published_again(asset):
    AssetRights.objects.create(asset=asset, published_at=timezone.now())
    return asset


CLOSED = {
    "not published": lambda asset: AssetRights.objects.filter(asset=asset).update(published_at=None),
    "published later": lambda asset: AssetRights.objects.filter(asset=asset).update(
        published_at=timezone.now() + timedelta(days=1)
    ),
    "library closed": lambda asset: type(asset.library).objects.update(public=False),
    "trashed": lambda asset: Asset.objects.filter(pk=asset.pk).update(trashed_at=timezone.now()),
    "embargo": lambda asset: Asset.objects.filter(pk=asset.pk).update(
        embargo_until=timezone.now() + timedelta(days=1)
    ),
    "sensitive": lambda asset: make_fact(asset, "sensitive", "nudity"),
    "use ended": lambda asset: AssetRights.objects.filter(asset=asset).update(usage_ends=date(2020, 1, 1)),
}


@pytest.mark.parametrize("why", CLOSED)
def test_what_is_closed_answers_nowhere(anyone, film, why):
    addresses = [
        f"/p/{film.pk}-ferry-at-dusk/",
        f"/p/{film.pk}/poster",
        f"/p/{film.pk}/proxy",
        f"/p/{film.pk}/captions/spoken.vtt",
        "/sitemap.xml",
    ]
    assert [anyone.get(each).status_code for each in addresses] == [200] * 5
    CLOSED[why](film)
    assert [anyone.get(each).status_code for each in addresses] == [404] * 5


def test_a_flag_that_a_person_rejected_closes_nothing(anyone, picture):
    make_fact(picture, "sensitive", "nudity", status="rejected")
    assert page_of(anyone, picture).status_code == 200


def test_a_collections_last_day_of_use_closes_the_page_too(anyone, library, collection):
    asset = published(make_asset(library))
    CollectionItem.objects.create(collection=collection, asset=asset)
    assert page_of(anyone, asset).status_code == 200
    CollectionRights.objects.create(collection=collection, usage_ends=date(2020, 1, 1))
    assert anyone.get(f"/p/{asset.pk}-x/").status_code == 404
    assert anyone.get("/sitemap.xml").status_code == 404


def test_only_small_copies_can_be_fetched(anyone, picture):
    give(picture, "sprite")
    response = anyone.get(f"/p/{picture.pk}/thumb-large")
    assert (b"".join(response.streaming_content), response["Cache-Control"]) == (b"large", "public, no-cache")
    assert anyone.get(f"/p/{picture.pk}/sprite").status_code == 404
    assert anyone.get(f"/p/{picture.pk}/original").status_code == 404


def test_nobody_is_named_unless_the_library_says_so(anyone, film):
    for address in (f"/p/{film.pk}-ferry-at-dusk/", f"/p/{film.pk}/captions/spoken.vtt"):
        shown = anyone.get(address).content.decode()
        assert "Grace" not in shown
        assert "Speaker 1" in shown
    LibraryRights.objects.create(library=film.library, public_people=True)
    assert "Grace Keeper" in page_of(anyone, film).content.decode()


def test_a_hidden_person_is_never_named(anyone, film):
    LibraryRights.objects.create(library=film.library, public_people=True)
    Person.objects.create(library=film.library, name="Grace Keeper", hidden=True)
    assert "Grace" not in page_of(anyone, film).content.decode()
    assert "Grace" not in anyone.get(f"/p/{film.pk}/captions/spoken.vtt").content.decode()


def test_a_library_may_keep_its_transcripts(anyone, film):
    assert "good evening ashore" in page_of(anyone, film).content.decode()
    LibraryRights.objects.create(library=film.library, public_transcripts=False)
    assert "good evening ashore" not in page_of(anyone, film).content.decode()
    assert anyone.get(f"/p/{film.pk}/captions/spoken.vtt").status_code == 404
    assert anyone.get(f"/p/{film.pk}-ferry-at-dusk/?language=pt").status_code == 404


def test_each_language_of_the_transcript_has_an_address(anyone, film):
    page = html.fromstring(page_of(anyone, film).content)
    links = {each.get("hreflang"): each.get("href") for each in page.xpath("//link[@rel='alternate']")}
    place = f"http://testserver/p/{film.pk}-ferry-at-dusk/"
    assert links == {"en": place, "pt": f"{place}?language=pt", "x-default": place}
    translated = html.fromstring(anyone.get(links["pt"]).content)
    assert translated.xpath("string(//link[@rel='canonical']/@href)") == links["pt"]
    assert "bom dia a todos" in translated.text_content()
    assert anyone.get(f"{place}?language=xx").status_code == 404


def json_ld(response):
    return json.loads(
        html.fromstring(response.content).xpath("//script[@type='application/ld+json']")[0].text
    )


def test_a_photograph_is_told_to_machines(anyone, picture):
    told = json_ld(page_of(anyone, picture))
    assert told["@type"] == "ImageObject"
    assert told["license"] == BY
    assert told["creditText"] == "Photo: Ada"
    assert told["contentUrl"] == f"http://testserver/p/{picture.pk}/thumb-large"
    assert '</script><script>alert("x")' in told["description"]


def test_a_film_is_told_to_machines_with_its_chapters(anyone, film):
    told = json_ld(page_of(anyone, film))
    assert (told["@type"], told["duration"], told["inLanguage"]) == ("VideoObject", "PT1M2S", "en")
    assert told["transcript"] == "good evening ashore"
    (clip,) = told["hasPart"]
    assert (clip["name"], clip["startOffset"], clip["endOffset"]) == ("Leaving", 0.0, 30.0)
    assert clip["url"].endswith("/?t=0")


@pytest.mark.parametrize("which", ["picture", "film"])
def test_every_property_is_one_of_schema_org(anyone, request, shared, which):
    folder = shared("standards", "schema-org")
    with (folder / "schemaorg-current-https-types.csv").open() as rows:
        above = {row["id"].rsplit("/", 1)[-1]: row["subTypeOf"] for row in csv.DictReader(rows)}
    with (folder / "schemaorg-current-https-properties.csv").open() as rows:
        domains = {row["label"]: row["domainIncludes"] for row in csv.DictReader(rows)}
    told = json_ld(page_of(anyone, request.getfixturevalue(which)))
    for part in (told, *told.get("hasPart", [])):
        kinds = lineage(part["@type"], above)
        for name in part.keys() - {"@context", "@type", "@id"}:
            allowed = {each.rsplit("/", 1)[-1] for each in domains[name].split(", ")}
            assert allowed & kinds, f"{name} is no property of {part['@type']}"


def lineage(kind, above):
    """The type and all types that it is a kind of."""
    parents = [each.rsplit("/", 1)[-1] for each in above.get(kind, "").split(", ") if each]
    return {kind}.union(*(lineage(each, above) for each in parents))


def test_cards_of_other_sites_find_title_picture_and_film(anyone, film):
    page = html.fromstring(page_of(anyone, film).content)
    told = {each.get("property") or each.get("name"): each.get("content") for each in page.xpath("//meta")}
    place = f"http://testserver/p/{film.pk}"
    assert told["og:title"] == told["twitter:title"] == "Ferry at dusk"
    assert (told["og:type"], told["og:url"]) == ("video.other", f"{place}-ferry-at-dusk/")
    assert told["og:image"] == told["twitter:image"] == f"{place}/poster"
    assert (told["og:video"], told["twitter:card"]) == (f"{place}/proxy", "summary_large_image")


def test_machines_are_told_in_headers_what_they_may_do(anyone, library):
    asset = published(make_asset(library), mining=PROHIBITED, usage_ends=timezone.localdate())
    give(asset, "thumb-large")
    page, media = page_of(anyone, asset), anyone.get(f"/p/{asset.pk}/thumb-large")
    directives = f"noai, noimageai, unavailable_after: {timezone.localdate().isoformat()}"
    for response in (page, media):
        assert (response["X-Robots-Tag"], response["tdm-reservation"]) == (directives, "1")
    assert f'<meta name="robots" content="{directives}">' in page.content.decode()


def test_where_nothing_is_said_nothing_is_told(anyone, picture):
    response = page_of(anyone, picture)
    assert not response.has_header("X-Robots-Tag")
    assert b'name="robots"' not in response.content


def test_archivists_publish_and_take_back(as_archivist, anyone, asset):
    place = f"/assets/{asset.pk}/publish/"
    as_archivist.post(place, {"action": "publish"})
    assert "has no public pages" in as_archivist.get(f"/assets/{asset.pk}/rights/").content.decode()
    assert not AssetRights.objects.exists()
    type(asset.library).objects.update(public=True)
    as_archivist.post(place, {"action": "publish"})
    assert page_of(anyone, asset).status_code == 200
    as_archivist.post(place, {"action": "withdraw"})
    assert anyone.get(f"/p/{asset.pk}-x/").status_code == 404


def test_a_whole_collection_is_published_and_that_is_undone_exactly(as_archivist, library, collection, asset):
    type(library).objects.update(public=True)
    earlier, hidden = make_asset(library), make_asset(library)
    CollectionItem.objects.create(collection=collection, asset=earlier)
    published_again(earlier)
    response = as_archivist.post(f"/collections/{collection.pk}/publish/", {"action": "publish"}, follow=True)
    assert "One page is published." in response.content.decode()
    assert public_ids() == {asset.pk, earlier.pk}
    since = response.context["request"].GET["published"]
    as_archivist.post(f"/collections/{collection.pk}/publish/", {"action": "withdraw", "since": since})
    assert public_ids() == {earlier.pk}
    assert hidden.pk not in public_ids()


def public_ids():
    return set(AssetRights.objects.filter(published_at__isnull=False).values_list("asset", flat=True))


def test_nobody_publishes_what_others_keep(client, library, collection, asset):
    from dam.collections.models import Collection

    type(library).objects.update(public=True)
    elsewhere = Collection.objects.create(library=library, name="Elsewhere")
    CollectionItem.objects.create(collection=elsewhere, asset=asset)
    client.force_login(make_member(library, Role.ARCHIVIST, elsewhere))
    assert client.post(f"/collections/{collection.pk}/publish/", {"action": "publish"}).status_code == 404
    assert public_ids() == set()


@pytest.mark.parametrize("since", ["yesterday", "2024-99-99T10:00:00+00:00", "2024-01-01T10:00:00"])
def test_a_moment_that_is_none_is_refused(as_archivist, collection, since):
    sent = {"action": "withdraw", "since": since}
    assert as_archivist.post(f"/collections/{collection.pk}/publish/", sent).status_code == 400
