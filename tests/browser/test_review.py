"""Reviewing with keys alone, and the pages on a phone and on a desk, in light and dark."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dam.people import biometrics, grouping, recognition
from dam.review import deciding, measuring
from dam.review.models import Batch
from indexing import store
from indexing.analysers import registry
from indexing.analysers.contract import Region
from indexing.models import Annotation
from tests.browser.test_accessibility import AXE, RUN, SERIOUS, TOO_WIDE
from tests.factories import make_fact, make_user
from tests.people.conftest import ADA, box, declare, face, make_person, see, unit

expect.set_options(timeout=20_000)

PICTURES = os.environ.get("PICTURES")
"""A folder for pictures of the pages, for whoever wants to look at them."""
SIZES = {"desk": (1440, 900), "phone": (390, 844), "small": (360, 740)}


@pytest.fixture
def proposals(showcase):
    """Two hundred boats, some of them in the film; a few gulls that are one each, and a sound."""
    registry.all()
    photographs = showcase.photographs
    Annotation.objects.filter(asset__library=showcase.library, status="proposed").delete()
    for number in range(200):
        place = {"x": 0.1 + (number % 5) / 10, "y": 0.2, "w": 0.3, "h": 0.4}
        if number % 7:
            make_fact(photographs[number % len(photographs)], text="boat", confidence=0.6, **place)
        else:
            make_fact(showcase.film, text="boat", confidence=0.5, start=2.0, end=4.0, **place)
    make_fact(photographs[0], "scene", "harbour", confidence=0.9)
    make_fact(showcase.recording, "sound", "gull", confidence=0.9, start=2.0, end=5.0)
    return showcase


def left(page) -> int:
    return int(page.locator("[data-left]").inner_text().replace(",", ""))


def test_two_hundred_proposals_are_reviewed_with_keys_only(page, proposals, archivist):
    page.goto("/review/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-review=grid]")
    page.wait_for_load_state("load")
    assert left(page) == 200
    for key in ("ArrowRight", "ArrowRight", "Space", "a"):
        page.keyboard.press(key)
    expect(page.locator("[data-left]")).to_have_text("152", timeout=60_000)
    assert "47 accepted, 1 rejected: boat." in page.locator("main > .messages").inner_text()
    page.keyboard.press("u")
    expect(page.locator("[data-left]")).to_have_text("200")
    page.keyboard.press("v")
    page.wait_for_selector("[data-review=one]")
    for key in "arasa":
        page.keyboard.press(key)
    expect(page.locator("[data-left]")).to_have_text("196")
    page.keyboard.press("c")
    expect(page.locator("#correct-text")).to_be_focused()
    page.keyboard.type("ship")
    page.keyboard.press("Enter")
    expect(page.locator("[data-left]")).to_have_text("195")
    assert Annotation.objects.filter(text="ship", source="person", status="accepted").count() == 1
    page.keyboard.press("v")
    page.wait_for_selector("[data-review=grid]")
    for _ in range(12):
        if not on_with_a_key(page):
            break
    assert page.url.endswith("/review/")
    assert not Annotation.objects.filter(status="proposed", asset__library=proposals.library).exists()


def on_with_a_key(page) -> bool:
    """Accept what is shown, or begin again with what was skipped; False where nothing is left."""
    page.evaluate("document.getElementById('review').dataset.old = ''")
    page.keyboard.press("Enter" if page.locator("[data-key~=Enter]").count() else "a")
    expect(page.locator("#review[data-old]")).to_have_count(0)
    return page.locator("#review").count() > 0


@pytest.fixture
def addresses(proposals, archivist, monkeypatch):
    """Every page of the room, with something on it."""
    monkeypatch.setattr(biometrics, "_likeness", {"sface": lambda cosine: 0.9 if cosine > 0.5 else 0.4})
    for number in range(12):
        store.review(make_fact(proposals.film, text="whale", confidence=0.4), make_user(), "rejected")
        if number % 2:
            store.review(make_fact(proposals.film, text="boat", confidence=0.9), archivist, "accepted")
    waits = make_fact(proposals.film, text="boat", confidence=0.7)
    deciding.decide(archivist, [waits.pk], [])
    make_fact(proposals.film, text="whale", confidence=0.6)
    measuring.measure(proposals.library.pk)
    declare(proposals.library)
    ada = make_person(proposals.library, "Ada Lovelace")
    portrait, other = proposals.photographs[0], proposals.photographs[3]
    see(portrait, face(ADA))
    recognition.name_face(box(portrait), ada, archivist)
    see(other, face(unit(0.33, 0, 0.94), Region(0.4, 0.4, 0.2, 0.2)))
    grouping.group_new_faces()
    return {
        "queue": "/review/",
        "files": "/review/?by=asset",
        "grid": "/review/group/?of=object&label=boat",
        "one": "/review/group/?of=object&label=boat&view=one",
        "sound": "/review/group/?of=sound&label=gull",
        "nothing": "/review/group/?of=object&label=nothing",
        "precision": "/review/precision/",
        "held": "/review/group/?of=object&label=whale&withheld=1",
        "same": "/people/same/",
        "merge": f"/people/{ada.pk}/merge/",
        "split": f"/people/{ada.pk}/split/",
    }


def test_pages_of_the_room_pass_axe_and_fit(page, addresses):
    if not AXE.exists():
        pytest.skip("axe-core is not installed; run npm ci")
    assert Batch.objects.exists()
    findings = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for name, address in addresses.items():
                page.goto(address)
                if PICTURES:
                    page.wait_for_load_state("networkidle")
                    page.screenshot(path=Path(PICTURES) / f"{name}-{size}-{scheme}.png")
                if page.evaluate(TOO_WIDE):
                    findings.append((name, size, "too wide"))
                if size == "phone" or (size == "desk" and scheme == "light"):
                    page.evaluate(AXE.read_text())
                    found = page.evaluate(RUN)["violations"]
                    findings += [
                        (name, size, scheme, each["id"]) for each in found if each["impact"] in SERIOUS
                    ]
    assert findings == []
