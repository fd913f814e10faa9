"""What a visitor without an account is shown of an exhibition, and what never."""

import json
import re

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from dam.assets.models import Asset, Rendition
from dam.collections.models import Exhibition, ExhibitionMoment, Library
from dam.rights.models import AssetRights
from dam.sharing.models import Role
from tests.factories import make_asset, make_fact, make_library, make_member

pytestmark = pytest.mark.django_db
ADDRESS = "/exhibitions/coast/"
RENDITIONS = ("thumb-small", "thumb-large", "proxy", "poster", "sprite", "waveform")


@pytest.fixture
def library():
    return make_library("Archive", public=True)


def make_shown(library, **fields):
    """An asset with every rendition, each holding its own name."""
    asset = make_asset(library, **fields)
    asset.original.save("o.jpg", ContentFile(b"original"))
    for name in RENDITIONS:
        kind = "video/mp4" if name == "proxy" else "image/webp"
        made = Rendition(asset=asset, name=name, media_type=kind, size=len(name), width=64, height=48)
        made.file.save(f"{name}.bin", ContentFile(name.encode()))
    return asset


@pytest.fixture
def exhibition(library):
    made = Exhibition.objects.create(
        library=library,
        title="Lights </script> of the coast",
        slug="coast",
        introduction="First.\n\n<b>Second</b>.",
        state="published",
        published_at=timezone.now(),
    )
    section = made.sections.create(heading="Beacons", text="Along the shore.")
    photograph = make_shown(library, title="Lighthouse")
    film = make_shown(library, title="Ferry", kind="video", duration=60.0)
    section.moments.create(
        asset=photograph, position=1, caption="At dusk", alt="A lighthouse", x=0.1, y=0.1, w=0.5, h=0.5
    )
    section.moments.create(asset=film, position=2, caption="Leaving", alt="A ferry", start=12.5, end=20)
    return made


def moment(title):
    return ExhibitionMoment.objects.get(asset__title=title)


def media(client, title, name):
    response = client.get(f"{ADDRESS}media/{moment(title).pk}/{name}")
    return b"".join(response.streaming_content) if response.streaming else response.status_code


def test_a_visitor_reads_it_and_is_shown_its_moments(client, exhibition):
    page = client.get(ADDRESS).content.decode()
    assert "<p>First.</p>" in page
    assert "&lt;b&gt;Second&lt;/b&gt;." in page
    assert 'alt="A lighthouse"' in page
    assert 'x="10.00%"' in page
    assert f"media/{moment('Ferry').pk}/proxy#t=12.5,20" in page
    assert media(client, "Lighthouse", "thumb-large") == b"thumb-large"
    assert media(client, "Ferry", "proxy") == b"proxy"
    assert media(client, "Ferry", "poster") == b"poster"


def test_the_credit_line_stands_below_a_picture(client, exhibition):
    AssetRights.objects.create(asset=Asset.objects.get(title="Lighthouse"), credit_line="Photo: Ada Byron")
    assert "Photo: Ada Byron</p>" in client.get(ADDRESS).content.decode()


def test_a_part_of_a_film_is_sent_where_a_part_is_asked_for(client, exhibition):
    address = f"{ADDRESS}media/{moment('Ferry').pk}/proxy"
    response = client.get(address, headers={"Range": "bytes=1-2"})
    assert (response.status_code, b"".join(response.streaming_content)) == (206, b"ro")


@pytest.mark.parametrize("name", ["original", "proxy", "thumb-small", "sprite", "waveform", "nothing"])
def test_no_other_file_of_a_photograph_is_sent(client, exhibition, name):
    assert media(client, "Lighthouse", name) == 404


def test_nothing_else_of_the_asset_is_open(client, exhibition):
    asset = Asset.objects.get(title="Lighthouse")
    for below in ("", "original", "renditions/thumb-large"):
        response = client.get(f"/assets/{asset.pk}/{below}")
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/")


def test_a_moment_of_another_exhibition_is_not_sent_through_this_one(client, library, exhibition):
    other = Exhibition.objects.create(library=library, title="Other", slug="other")
    hidden = other.sections.create().moments.create(asset=make_shown(library, title="Hidden"))
    assert client.get(f"{ADDRESS}media/{hidden.pk}/thumb-large").status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        lambda e: Exhibition.objects.update(state="draft"),
        lambda e: Exhibition.objects.update(state="withdrawn"),
        lambda e: Exhibition.objects.update(deleted_at=timezone.now()),
        lambda e: Library.objects.update(public=False),
    ],
    ids=["draft", "withdrawn", "deleted", "library without public pages"],
)
def test_one_that_is_closed_does_not_exist_for_visitors(client, exhibition, change):
    change(exhibition)
    assert client.get(ADDRESS).status_code == 404
    assert media(client, "Lighthouse", "thumb-large") == 404
    client.force_login(make_member(exhibition.library, Role.CONTRIBUTOR))
    assert client.get(ADDRESS).status_code == 404


def in_a_day():
    return timezone.now() + timezone.timedelta(days=1)


@pytest.mark.parametrize(
    "change",
    [
        lambda asset: Asset.objects.filter(pk=asset.pk).update(trashed_at=timezone.now()),
        lambda asset: Asset.objects.filter(pk=asset.pk).update(embargo_until=in_a_day()),
        lambda asset: Asset.objects.filter(pk=asset.pk).update(library=make_library()),
        lambda asset: AssetRights.objects.create(
            asset=asset, usage_ends=timezone.now() - timezone.timedelta(2)
        ),
        lambda asset: make_fact(asset, "sensitive", "nudity"),
        lambda asset: make_fact(asset, "sensitive", "nudity", status="accepted"),
        lambda asset: ExhibitionMoment.objects.filter(asset=asset).update(taken_out_at=timezone.now()),
    ],
    ids=["trashed", "embargo", "another library", "use ended", "flagged", "confirmed flag", "taken out"],
)
@pytest.mark.parametrize("by", ["visitor", "archivist"])
def test_what_not_everyone_may_see_is_left_out(client, exhibition, change, by):
    if by == "archivist":
        client.force_login(make_member(exhibition.library, Role.ARCHIVIST))
    change(Asset.objects.get(title="Lighthouse"))
    page = client.get(ADDRESS).content.decode()
    assert "A lighthouse" not in page
    assert "At dusk" not in page
    assert "A ferry" in page
    assert media(client, "Lighthouse", "thumb-large") == 404


def test_a_cleared_flag_and_an_embargo_that_is_over_leave_nothing_out(client, exhibition):
    asset = Asset.objects.get(title="Lighthouse")
    make_fact(asset, "sensitive", "nudity", status="rejected")
    Asset.objects.filter(pk=asset.pk).update(embargo_until=timezone.now())
    assert media(client, "Lighthouse", "thumb-large") == b"thumb-large"


def test_an_archivist_sees_a_draft_as_visitors_will(client, exhibition):
    Exhibition.objects.update(state="draft")
    client.force_login(make_member(exhibition.library, Role.ARCHIVIST))
    page = client.get(ADDRESS).content.decode()
    assert "A preview" in page
    assert 'name="robots" content="noindex"' in page
    assert media(client, "Lighthouse", "thumb-large") == b"thumb-large"


def test_other_sites_and_machines_are_told_what_it_is(client, exhibition):
    page = client.get(ADDRESS).content.decode()
    assert '<link rel="canonical" href="http://testserver/exhibitions/coast/">' in page
    assert re.search(
        r'property="og:image" content="http://testserver/exhibitions/coast/media/\d+/thumb-large"', page
    )
    assert '<meta property="og:title" content="Lights &lt;/script&gt; of the coast">' in page
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert (data["@type"], data["name"]) == ("Collection", "Lights </script> of the coast")
    assert [each["@type"] for each in data["hasPart"]] == ["ImageObject", "VideoObject"]
    assert data["hasPart"][1]["contentUrl"].startswith("http://testserver/exhibitions/coast/media/")


def test_only_reading_is_possible(client, exhibition):
    assert client.post(ADDRESS).status_code == 405
    assert client.delete(f"{ADDRESS}media/{moment('Ferry').pk}/proxy").status_code == 405


def test_queries_do_not_grow_with_moments(client, exhibition, library, django_assert_max_num_queries):
    section = exhibition.sections.get()
    for number in range(15):
        section.moments.create(asset=make_asset(library), position=number + 3)
    with django_assert_max_num_queries(6):
        client.get(ADDRESS)
