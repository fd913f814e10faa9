"""What is alike on the page of an asset, and flagged pictures that are shown by the keyboard alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from indexing.engines.perceptual_hash import SPACE
from indexing.models import Embedding
from tests.browser.showcase import Showcase
from tests.factories import make_fact, make_run
from tests.indexing.test_alike import made_hash


@pytest.fixture
def alike(showcase: Showcase) -> Showcase:
    """The first photograph has a copy, and the third of a film's shots looks like the first."""
    one, other = showcase.photographs[:2]
    shots = [{"start": 0, "end": 4}, {"start": 8, "end": 12}]
    for asset, places in ((one, [{}]), (other, [{}]), (showcase.film, shots)):
        run = make_run(asset, "likeness")
        for place in places:
            Embedding.objects.create(asset=asset, run=run, space=SPACE, vector=made_hash(1), **place)
    return showcase


def look(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody asked for it."""
    if os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(os.environ["SCREENSHOTS"]) / f"{name}.png", full_page=True)


def test_copies_and_takes_lead_to_their_seconds(page: Page, alike: Showcase) -> None:
    page.goto(f"/assets/{alike.film.pk}/alike/")
    expect(page.get_by_role("heading", name="Shots that look alike")).to_be_visible()
    look(page, "alike")
    page.get_by_role("link", name="0:08").first.click()
    page.wait_for_url(f"**/assets/{alike.film.pk}/?t=8")


def test_a_flagged_tile_is_blurred_until_it_is_ticked_by_the_keyboard(page: Page, showcase: Showcase) -> None:
    make_fact(showcase.photographs[0], "sensitive", "sexual content", confidence=0.9)
    page.goto("/")
    picture = page.locator(".veil img")
    expect(picture).to_have_css("filter", "blur(24px) saturate(0.5)")
    look(page, "veiled-grid")
    box = page.get_by_role("checkbox", name="may be sensitive")
    box.focus()
    page.keyboard.press("Space")
    expect(picture).to_have_css("filter", "none")
    look(page, "shown-grid")


def test_the_stage_of_a_flagged_asset_is_blurred_with_all_its_pictures(
    page: Page, showcase: Showcase
) -> None:
    make_fact(showcase.film, "sensitive", "sexual content", confidence=0.9, start=0, end=4)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(showcase.film.get_absolute_url())
    video = page.locator("video")
    expect(video).to_have_css("filter", "blur(24px) saturate(0.5)")
    look(page, "veiled-stage-phone")
    page.get_by_role("checkbox", name="may be sensitive").check()
    expect(video).to_have_css("filter", "none")
    expect(page.locator(".shots .blurred").first).to_have_css("filter", "none")


def test_search_by_example_is_usable_on_a_phone(page: Page, alike: Showcase) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/search/similar/")
    expect(page.get_by_label("A picture of yours", exact=True)).to_be_visible()
    look(page, "similar-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
