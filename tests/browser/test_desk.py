"""The desk in Chromium: a box drawn by keys, a segment split, the lanes zoomed and a span repeated."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.showcase import first_speech
from tests.browser.waiting import wait_until
from tests.factories import make_fact

TIME = "document.querySelector('[data-player]').currentTime"


@pytest.fixture
def editor(page, showcase):
    for number in range(3):
        span = {"start": 4.0 * number, "end": 4.0 * number + 4}
        speaker = {"speaker": 1 + number % 2}
        make_fact(showcase.film, "turn", f"Speaker {speaker['speaker']}", details=speaker, **span)
    page.goto(reverse("edit-transcript", args=[showcase.film.pk]))
    return page


def holding(asset, **fields):
    return asset.annotations.filter(status__in=("proposed", "accepted"), **fields)


def test_a_box_is_drawn_moved_and_taken_away_by_keys_and_drawn_by_the_pointer(page, showcase):
    picture = showcase.photographs[1]
    page.goto(picture.get_absolute_url())
    page.get_by_role("link", name="Add a fact").press("Enter")
    page.get_by_role("button", name="Draw a box").press("Enter")
    for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowRight"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.keyboard.type("lighthouse")
    page.keyboard.press("Enter")
    expect(page.locator(".region-tools [role=status]")).to_have_text("Added: lighthouse.")
    fact = holding(picture, kind="object", source="person").get()
    assert (fact.x, fact.y, fact.w, fact.h) == (0.33, 0.33, 0.32, 0.3)
    page.locator(".region", has_text="lighthouse").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".region.draft")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Save the change").press("Enter")
    expect(page.locator(".region-tools [role=status]")).to_have_text("Changed: lighthouse.")
    assert holding(picture, kind="object").get().x == 0.35
    page.locator(".region", has_text="lighthouse").focus()
    page.keyboard.press("Delete")
    expect(page.locator(".region-tools [role=status]")).to_have_text("Taken away: lighthouse.")
    page.locator("[data-stage]").scroll_into_view_if_needed()
    frame = page.locator("[data-stage]").bounding_box()
    page.mouse.move(frame["x"] + 0.2 * frame["width"], frame["y"] + 0.2 * frame["height"])
    page.mouse.down()
    page.mouse.move(frame["x"] + 0.6 * frame["width"], frame["y"] + 0.7 * frame["height"], steps=4)
    page.mouse.up()
    page.get_by_label("What it is").fill("hill")
    page.get_by_role("button", name="Add the fact").click()
    expect(page.locator(".region-tools [role=status]")).to_have_text("Added: hill.")
    drawn = holding(picture, text="hill").get()
    assert abs(drawn.x - 0.2) < 0.01
    assert abs(drawn.h - 0.5) < 0.01


def test_a_segment_is_split_and_joined_by_keys_and_saved_when_it_is_left(editor, showcase):
    page, film = editor, showcase.film
    turn = page.locator(f"#turn-{first_speech(film, 'ferry').pk}")
    words = turn.locator("[data-words]")
    words.locator("[data-word]", has_text="left").click()
    wait_until(page, f"{TIME} > 4")
    page.keyboard.press("Home")
    for _ in range("then the evening ferry".count("") - 1):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(4)
    second = page.locator(".turn", has_text="left the harbour")
    expect(second.locator("[data-words]")).to_be_focused()
    assert [each.text for each in holding(film, kind="speech").order_by("start")][1:3] == [
        "then the evening ferry",
        "left the harbour",
    ]
    page.keyboard.press("Backspace")
    expect(page.locator(".turn")).to_have_count(3)
    expect(page.locator("[data-words]", has_text="ferry left the harbour")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" wall")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-words]", has_text="harbour wall")).to_be_visible()
    expect(page.locator("[data-words]", has_text="and the gulls")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" again")
    page.locator("[data-words]").first.click()
    expect(page.locator(".turn.checked [data-words]", has_text="to sea again")).to_be_visible()
    expect(page.locator("#turns-state")).to_contain_text("Being corrected")
    assert holding(film, kind="speech", text="and the gulls followed it out to sea again").exists()


def test_the_lanes_are_zoomed_and_a_span_is_repeated_and_shared(page, showcase):
    page.goto(showcase.film.get_absolute_url())
    bars = page.locator(".lane.shot [data-bars]")
    wide = bars.bounding_box()["width"]
    page.get_by_role("button", name="Zoom in").click()
    assert bars.bounding_box()["width"] > 1.8 * wide
    page.locator(".lane.shot [data-bars] a").first.focus()
    page.keyboard.press("ArrowRight")
    wait_until(page, f"Math.abs({TIME} - 4) < 0.1")
    page.keyboard.press("l")
    expect(page.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "true")
    assert "t=4&end=8" in page.url
    page.evaluate("document.querySelector('[data-player]').currentTime = 7.8")
    wait_until(page, f"{TIME} < 6")
    page.evaluate("document.querySelector('[data-player]').pause()")
    before = page.evaluate(TIME)
    page.keyboard.press(".")
    wait_until(page, f"{TIME} > {before} && {TIME} < {before} + 0.2")
    page.reload()
    expect(page.locator("[data-span-said]")).to_have_text("0:04.0 to 0:08.0")
