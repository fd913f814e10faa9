"""From typed words to the second of a film."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from search import service
from search.meaning import MeaningOff
from tests.browser.test_accessibility import axe, findings
from tests.browser.waiting import wait_until

__all__ = ["axe"]


@pytest.fixture(autouse=True)
def _words_alone(monkeypatch):
    """Search as it is where no model for meaning is installed."""

    def off(text):
        raise MeaningOff("Search by meaning is off.")

    monkeypatch.setattr(service, "understand", off)


def test_typed_words_lead_to_the_second_at_which_they_are_said(page, showcase):
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("evening ferry")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_be_visible()
    page.locator(".hit.video .moment").first.click()
    wait_until(page, "document.querySelector('[data-player]')?.currentTime >= 3.9")
    expect(page.locator("[data-line].chosen")).to_contain_text("evening ferry")


def look(page, name):
    """Keep a picture of the page where somebody asked for it."""
    if os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(os.environ["SCREENSHOTS"]) / f"{name}.png", full_page=True)


def test_panel_text_and_address_are_in_step(page, showcase):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/search/?q=lighthouse")
    expect(page.locator(".hit")).to_have_count(2)
    page.get_by_label("Media").select_option("audio")
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator("#q")).to_have_value("lighthouse type:audio")
    assert page.url.endswith("/search/?q=lighthouse+type%3Aaudio")
    page.get_by_role("link", name="type:audio").click()
    expect(page.locator(".hit")).to_have_count(2)
    expect(page.locator("#q")).to_have_value("lighthouse")
    page.locator(".facets").get_by_role("link", name="video").click()
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.get_by_label("Media")).to_have_value("video")
    look(page, "search-panel")
    page.go_back()
    expect(page.locator(".hit")).to_have_count(2)


def test_the_panel_works_without_javascript(chromium, live_server, context, showcase):
    plain = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=context.storage_state()
    )
    page = plain.new_page()
    page.goto("/search/?q=lighthouse")
    page.get_by_label("Media").select_option("audio")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".hit")).to_have_count(1)
    assert "q=lighthouse+type%3Aaudio" in page.url
    plain.close()


def test_hits_are_opened_stepped_through_and_scrubbed(page, showcase):
    page.goto("/search/?q=boat")
    page.get_by_role("link", name="2 more moments").click()
    expect(page.locator(".hit.opened [data-item]")).to_have_count(4)
    page.locator("h1").click()
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('href')") != first
    expect(page.locator("[data-step]")).to_have_text(re.compile(r"^2 of \d on this page$"))
    frame = page.locator(".hit.opened .frame").first
    box = frame.bounding_box()
    page.mouse.move(box["x"] + 4, box["y"] + 20)
    start = frame.locator(".scrubbed").get_attribute("style")
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + 20)
    assert frame.locator(".scrubbed").get_attribute("style") != start
    look(page, "search-opened")
    page.keyboard.press("Enter")
    page.wait_for_url("**/assets/**", wait_until="commit", timeout=60_000)


def test_on_a_phone_facets_wait_and_an_error_can_be_mended(page, showcase):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/search/?q=obejct:boat")
    look(page, "search-error-phone")
    page.get_by_role("alert").get_by_role("link", name="object:boat").click()
    expect(page.locator(".hit")).to_have_count(2)
    facet = page.locator(".facets").get_by_role("link", name="video")
    expect(facet).to_be_hidden()
    look(page, "search-phone")
    page.get_by_text("Narrow down").click()
    expect(facet).to_be_visible()
    look(page, "search-facets-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_no_page_of_the_search_has_a_serious_finding(page, showcase, axe):
    opened = f"/search/?q=boat&asset={showcase.film.pk}"
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for address in ("/search/help/", "/search/?q=object:boat", "/search/?q=obejct:boat", opened):
            page.goto(address)
            assert findings(page, axe) == [], f"{address} at {width}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_an_object_is_outlined_in_its_picture(page, showcase):
    page.goto("/search/?q=person")
    hit = page.locator(".hit.image")
    picture, box = hit.locator("img").bounding_box(), hit.locator("rect").bounding_box()
    assert abs(box["x"] - (picture["x"] + 0.55 * picture["width"])) < 4
    assert abs(box["height"] - 0.4 * picture["height"]) < 6
