"""From typed words to the second of a film."""

import pytest
from playwright.sync_api import expect

from search import service
from search.meaning import MeaningOff
from tests.browser.waiting import wait_until


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


def test_filters_narrow_the_results_and_stand_in_the_address(page, showcase):
    page.goto("/search/?q=lighthouse")
    expect(page.locator(".hit")).to_have_count(2)
    page.get_by_label("Media").select_option("audio")
    expect(page.locator(".hit")).to_have_count(1)
    assert "q=lighthouse" in page.url
    assert "kind=audio" in page.url


def test_an_object_is_outlined_in_its_picture(page, showcase):
    page.goto("/search/?q=person")
    hit = page.locator(".hit.image")
    picture, box = hit.locator("img").bounding_box(), hit.locator("rect").bounding_box()
    assert abs(box["x"] - (picture["x"] + 0.55 * picture["width"])) < 4
    assert abs(box["height"] - 0.4 * picture["height"]) < 6
