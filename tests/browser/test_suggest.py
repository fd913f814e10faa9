"""The search box suggests, by the keyboard alone."""

import pytest
from playwright.sync_api import expect

from search import documents, service, suggest_terms
from search.meaning import MeaningOff
from search.saved_models import SavedSearch
from tests.browser.test_accessibility import AXE, TOO_WIDE, findings
from tests.factories import make_asset, make_fact

WIDTHS = ((1280, 800), (390, 844))


@pytest.fixture(autouse=True)
def _words_alone(monkeypatch):
    def off(text):
        raise MeaningOff("Search by meaning is off.")

    monkeypatch.setattr(service, "understand", off)


@pytest.fixture
def axe():
    if not AXE.exists():
        pytest.skip("axe-core is not installed; run npm ci")
    return AXE.read_text()


@pytest.fixture
def ada(library):
    """A person who is known, and indexed."""
    asset = make_asset(library, title="At the engine")
    make_fact(asset, "person", "Ada Lovelace", source="person", status="accepted")
    documents.rebuild([asset.pk])
    suggest_terms.refresh()
    return asset


def test_a_person_is_found_with_arrows_enter_and_escape(page, archivist, ada):
    page.goto("/collections/")
    box, options = (
        page.get_by_role("combobox", name="Search"),
        page.locator("#suggestions").get_by_role("option"),
    )
    page.keyboard.press("/")
    page.keyboard.type("pers")
    expect(options.first).to_contain_text("person:")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "suggestion-1")
    page.keyboard.press("Enter")
    expect(box).to_have_value("person:")
    expect(options).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value('person:"Ada Lovelace" ')
    page.keyboard.type("ada")
    expect(options).to_have_count(1)
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value('person:"Ada Lovelace" ada')
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type('person:"Ada Lovelace"')
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ada Lovelace")
    assert "q=person%3A%22Ada+Lovelace%22" in page.url


def test_open_suggestions_and_the_pages_of_saved_searches_are_in_order(page, archivist, ada, axe):
    kept = SavedSearch.objects.create(owner=archivist, name="Engines", text="engine OR person:ada")
    addresses = ("/search/saved/", kept.get_absolute_url(), "/search/saved/new/?q=ada", "/search/recent/")
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        for address in addresses:
            page.goto(address)
            assert findings(page, axe) == [], (address, width)
            assert not page.evaluate(TOO_WIDE), (address, width)
        page.keyboard.press("/")
        page.keyboard.type("ada")
        expect(page.locator("#suggestions").get_by_role("option").first).to_be_visible()
        assert findings(page, axe) == [], width
        assert not page.evaluate(TOO_WIDE), width
