"""Choosing many assets and changing them, with keys and with the mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import AXE, RUN, SERIOUS, TOO_WIDE
from tests.factories import make_asset

PLACES = [(360, "light"), (390, "dark"), (1440, "light"), (1440, "dark")]


def test_a_range_is_ticked_changed_and_taken_back(page, archivist, library):
    for number in range(8):
        make_asset(library, title=f"Pier {number}")
    page.goto("/bulk/choose/?from=/")
    boxes = page.locator("[data-pick]")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    boxes.nth(6).focus()
    page.keyboard.press("Space")
    boxes.nth(2).focus()
    page.keyboard.press("x")
    expect(page.locator("[data-select-count]")).to_have_text("4 chosen")
    page.get_by_role("button", name="Change what is ticked").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change 4 assets")
    page.get_by_label("What to do with: Keywords").select_option("add")
    page.get_by_role("textbox", name="Keywords").fill("harbour")
    page.get_by_role("button", name="See what would change").click()
    page.get_by_role("button", name="Apply to 4 assets").click()
    expect(page.locator("#work")).to_have_attribute("data-busy", "no")
    assert library.assets.filter(annotations__text="harbour", annotations__status="accepted").count() == 4
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Undo: Add to keywords")
    assert not library.assets.filter(annotations__text="harbour", annotations__status="accepted").exists()


@pytest.fixture
def pages(page, archivist, library):
    """The address of every page, with a file matched and a change previewed."""
    for number in range(3):
        make_asset(library, original_name=f"{number}.jpg", title="A title that goes on " * 10)
    page.goto("/bulk/import/")
    rows = "file name;title;keywords\n" + "".join(f"{n}.jpg;{'long ' * 40};a|b\n" for n in range(4))
    file = {"name": "descriptions of the harbour.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Look at the file").click()
    addresses = ["/bulk/", "/bulk/import/", "/bulk/choose/?from=/", page.url]
    page.get_by_role("button", name="See what would change").click()
    addresses.append(page.url)
    page.goto("/bulk/choose/?from=/")
    page.get_by_role("button", name="Change all that match").click()
    return [*addresses, page.url]


def test_every_page_can_be_used_by_everybody_on_every_screen(page, pages):
    if not AXE.exists():
        pytest.skip("axe-core is not installed; run npm ci")
    for address in pages:
        page.goto(address)
        page.evaluate(AXE.read_text())
        for width, scheme in PLACES:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            found = page.evaluate(RUN)["violations"]
            told = [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in SERIOUS]
            assert not told, f"{address} at {width}, {scheme}: {told}"
            assert not page.evaluate(TOO_WIDE), f"{address} is too wide at {width}"
