"""An asset's own rights hold; else its nearest collection's; and what the file says fills the gaps."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from dam.collections.models import Collection, CollectionItem
from dam.rights import mining, resolution
from dam.rights.models import AssetRights, CollectionRights
from dam.rights.proposals import from_the_file
from dam.rights.statements import STATEMENTS
from tests.factories import make_asset, make_fact

pytestmark = pytest.mark.django_db
BY = "https://creativecommons.org/licenses/by/4.0/"
NO_AI = f"{mining.VOCABULARY}DMI-PROHIBITED-AIMLTRAINING"


def below(parent, name):
    return Collection.objects.create(library=parent.library, parent=parent, name=name)


def file_says(asset, kind, text="", **details):
    return make_fact(asset, kind, text, source="file", status="accepted", details=details)


def test_nothing_is_known_where_nobody_says_anything(asset):
    found = resolution.of(asset)
    assert (found.source, found.is_known, found.credit, found.expired) == ("nobody", False, "", False)


def test_the_assets_own_record_holds_as_a_whole(asset, collection):
    CollectionRights.objects.create(collection=collection, holder="The town", statement=BY)
    AssetRights.objects.create(asset=asset, holder="Ada", year=1931)
    found = resolution.of(asset)
    assert (found.source, found.notice, found.statement) == ("asset", "© 1931 Ada", None)


def test_a_record_that_states_nothing_lets_the_collection_speak(asset, collection):
    CollectionRights.objects.create(collection=collection, statement=BY)
    AssetRights.objects.create(asset=asset, published_at=timezone.now())
    found = resolution.of(asset)
    assert (found.source, found.collection, found.statement) == ("collection", collection.pk, STATEMENTS[BY])


def test_the_nearest_collection_wins(asset, collection):
    inner = below(below(collection, "1930s"), "1931")
    CollectionItem.objects.create(collection=inner, asset=asset)
    CollectionRights.objects.create(collection=collection, holder="outer")
    CollectionRights.objects.create(collection=inner.parent, holder="middle")
    assert resolution.of(asset).holder == "middle"
    CollectionRights.objects.create(collection=inner, holder="inner")
    assert resolution.of(asset).holder == "inner"


def test_of_two_collections_as_near_the_older_one_wins(asset, collection, library):
    other = Collection.objects.create(library=library, name="Another")
    CollectionItem.objects.create(collection=other, asset=asset)
    CollectionRights.objects.create(collection=other, holder="newer")
    CollectionRights.objects.create(collection=collection, holder="older")
    assert resolution.of(asset).holder == "older"


def test_the_file_fills_the_gaps_and_a_persons_word_outranks_it(asset):
    file_says(asset, "credit", "Photo: Ada")
    file_says(asset, "metadata", **{resolution.MINING_TAG: "DMI-PROHIBITED-AIMLTRAINING"})
    found = resolution.of(asset)
    assert (found.source, found.credit, found.mining_uri) == ("file", "Photo: Ada", NO_AI)
    make_fact(asset, "credit", "Foto: Ada L.", source="person", status="accepted")
    assert resolution.of(asset).credit == "Foto: Ada L."
    allowed = f"{mining.VOCABULARY}DMI-ALLOWED"
    AssetRights.objects.create(asset=asset, credit_line="Town archive", mining=allowed)
    found = resolution.of(asset)
    assert (found.credit, found.mining_uri) == ("Town archive", allowed)


def test_a_machines_or_a_rejected_credit_does_not_count(asset):
    make_fact(asset, "credit", "made up", status="accepted")
    make_fact(asset, "credit", "wrong", source="file", status="rejected")
    assert resolution.of(asset).credit == ""


def test_what_the_file_says_is_proposed(asset):
    file_says(asset, "credit", "Photo: Ada", tag="IPTC:Credit")
    file_says(asset, "metadata", **{resolution.MINING_TAG: f"{mining.VOCABULARY}DMI-ALLOWED"})
    file_says(asset, "metadata", **{"EXIF:FNumber": "5.6"})
    make_fact(asset, "creator", "Grace", source="file", status="rejected")
    found = from_the_file(asset)
    assert [(each.field, each.text) for each in found] == [
        ("credit_line", "Photo: Ada"),
        ("mining", "Allowed"),
    ]


@pytest.mark.parametrize(("days", "expired"), [(-1, True), (0, False), (1, False)])
def test_use_ends_with_its_last_day(asset, days, expired):
    AssetRights.objects.create(asset=asset, usage_ends=timezone.localdate() + timedelta(days=days))
    assert resolution.of(asset).expired is expired


def test_many_assets_cost_no_more_queries_than_one(library, collection, django_assert_max_num_queries):
    CollectionRights.objects.create(collection=collection, holder="The town")
    assets = [make_asset(library) for _ in range(30)]
    CollectionItem.objects.bulk_create(CollectionItem(collection=collection, asset=each) for each in assets)
    with django_assert_max_num_queries(4):
        found = resolution.of_many(assets)
    assert {each.holder for each in found.values()} == {"The town"}


def test_an_e_mail_address_is_linked_as_one():
    assert resolution.Rights(contact="ada@example.org").contact_url == "mailto:ada@example.org"
    assert resolution.Rights(contact="https://example.org/@ada").contact_url == "https://example.org/@ada"
    assert resolution.Rights(usage_ends=date(1999, 1, 1)).expired
