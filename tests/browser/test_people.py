"""The pages of people, on a phone and on a desk: no serious finding of axe, nothing too wide."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dam.people import grouping, recognition, withdrawal
from dam.sharing.models import Role
from indexing.analysers.contract import Region
from tests.browser.test_accessibility import AXE, RUN, SERIOUS, TOO_WIDE
from tests.people.conftest import ADA, BOB, box, declare, face, make_person, see

PICTURES = os.environ.get("PICTURES")
"""A folder for pictures of the pages, for whoever wants to look at them."""
WIDTHS = (1280, 390)


@pytest.fixture
def addresses(showcase, archivist):
    """Ada is named, Bob waits in a group, and Eve has withdrawn."""
    archivist.memberships.update(role=Role.ADMINISTRATOR)
    photograph, other = showcase.photographs[0], showcase.photographs[3]
    declare(showcase.library)
    ada, eve = (make_person(showcase.library, name) for name in ("Ada Lovelace", "Eve"))
    see(photograph, face(ADA), face(BOB, Region(0.6, 0.3, 0.2, 0.3)))
    see(other, face(ADA, Region(0.4, 0.4, 0.2, 0.2)))
    recognition.name_face(box(photograph), ada, archivist)
    see(other, face(ADA, Region(0.4, 0.4, 0.2, 0.2)), version="2")
    grouping.group_new_faces()
    return {
        "people": "/people/",
        "new": "/people/new/",
        "person": ada.get_absolute_url(),
        "edit": f"/people/{ada.pk}/edit/",
        "consent": f"/people/{ada.pk}/consent/",
        "withdraw": f"/people/{ada.pk}/withdraw/",
        "receipt": f"/people/receipts/{withdrawal.withdraw(eve, archivist).pk}/",
        "group": f"/people/groups/{showcase.library.face_clusters.order_by('size').first().pk}/",
        "faces": f"/assets/{photograph.pk}/faces/",
        "name": f"/faces/{box(photograph).pk}/name/",
        "recognition": f"/libraries/{showcase.library.pk}/recognition/",
    }


def test_pages_of_people_pass_axe_and_fit(page, addresses):
    if not AXE.exists():
        pytest.skip("axe-core is not installed; run npm ci")
    findings = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for name, address in addresses.items():
            page.goto(address)
            if PICTURES:
                page.wait_for_load_state("networkidle")
                page.screenshot(path=Path(PICTURES) / f"people-{name}-{width}.png", full_page=True)
            if page.evaluate(TOO_WIDE):
                findings.append((name, width, "too wide"))
            if width == min(WIDTHS):
                page.evaluate(AXE.read_text())
                found = page.evaluate(RUN)["violations"]
                findings += [(name, width, each["id"]) for each in found if each["impact"] in SERIOUS]
    assert findings == []
