"""Rights in a browser: the pages pass axe and fit, and a reader takes a marked copy after accepting terms."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image

from dam.rights import agreeing
from dam.rights.models import AssetRights, Download, LibraryRights
from dam.sharing.models import Role
from tests.browser.test_accessibility import AXE, RUN, SERIOUS, TOO_WIDE
from tests.factories import make_fact, make_member

PICTURES = os.environ.get("PICTURES")
"""A folder for pictures of the pages, for whoever wants to look at them."""
WIDTHS = (1440, 390, 360)
BY = "https://creativecommons.org/licenses/by/4.0/"


@pytest.fixture
def library(library):
    library.public = True
    library.save()
    return library


def publish(asset, **fields):
    AssetRights.objects.create(asset=asset, published_at=timezone.now(), **fields)
    make_fact(asset, "description", "Seen from the pier.", source="person", status="accepted")
    return f"/p/{asset.pk}-x/"


@pytest.fixture
def addresses(showcase, archivist):
    """Everything stated: a licence, an embargo, terms, a watermark, downloads, and three public pages."""
    library, photograph, closed = showcase.library, showcase.photographs[0], showcase.photographs[2]
    archivist.memberships.update(role=Role.ADMINISTRATOR)
    LibraryRights.objects.create(library=library, mark_text="Harbour archive")
    agreeing.publish(library, None, "Name the source.\n\nNo resale.", archivist)
    type(closed).objects.filter(pk=closed.pk).update(embargo_until=timezone.now() + timedelta(days=9))
    make_fact(
        photograph, "credit", "Photo: Ada", source="file", status="accepted", details={"tag": "IPTC:Credit"}
    )
    Download.objects.create(
        asset=photograph, user=archivist, email=archivist.email, rendition="web", marked=True
    )
    stated = {
        "statement": BY,
        "credit_line": "Photo: Ada Lovelace",
        "holder": "Harbour archive",
        "year": 1931,
    }
    public = publish(photograph, uses=["editorial", "education"], contact="rights@example.org", **stated)
    return {
        "asset": f"/assets/{photograph.pk}/rights/",
        "closed": f"/assets/{closed.pk}/rights/",
        "collection": f"/collections/{showcase.collection.pk}/rights/",
        "library": f"/libraries/{library.pk}/rights/",
        "download": f"/assets/{photograph.pk}/download/",
        "downloads": f"/assets/{photograph.pk}/downloads/",
        "public": public,
        "public-film": publish(showcase.film, **stated),
        "public-recording": publish(showcase.recording),
    }


def test_pages_of_rights_pass_axe_and_fit_in_light_and_dark(page, addresses):
    if not AXE.exists():
        pytest.skip("axe-core is not installed; run npm ci")
    findings = []
    for number, width in enumerate(WIDTHS):
        scheme = ("light", "dark")[number % 2]
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        for name, address in addresses.items():
            page.goto(address)
            if PICTURES:
                page.wait_for_load_state("networkidle")
                page.screenshot(path=Path(PICTURES) / f"rights-{name}-{width}-{scheme}.png", full_page=True)
            if page.evaluate(TOO_WIDE):
                findings.append((name, width, "too wide"))
            page.evaluate(AXE.read_text())
            found = page.evaluate(RUN)["violations"]
            findings += [(name, width, each["id"]) for each in found if each["impact"] in SERIOUS]
    assert findings == []


def test_a_reader_accepts_the_terms_and_takes_a_marked_copy(page, showcase, addresses, sign_in, tmp_path):
    reader = sign_in(make_member(showcase.library))
    page.goto(addresses["download"])
    page.get_by_label("Web size JPEG").check()
    page.get_by_label("I accept these terms").check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").click()
    waiting.value.save_as(tmp_path / "copy.jpg")
    assert Image.open(tmp_path / "copy.jpg").size == (960, 640)
    taken = Download.objects.get(user=reader)
    assert (taken.rendition, taken.marked) == ("web", True)
    page.goto(addresses["download"])
    assert page.get_by_label("I accept these terms").count() == 0
