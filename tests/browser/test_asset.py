"""The asset page: the player at its second, the transcript, the shots and the boxes."""

import pytest
from playwright.sync_api import expect

from indexing import pipeline
from indexing.analysers import registry
from indexing.models import Run
from tests.browser.showcase import first_speech
from tests.browser.waiting import wait_until

TIME = "document.querySelector('[data-player]').currentTime"


def wait_for_second(page, second):
    wait_until(page, f"Math.abs({TIME} - {second}) < 0.7")


@pytest.mark.parametrize("name", ["film", "recording"])
def test_a_link_to_a_second_opens_there(page, showcase, name):
    page.goto(f"{getattr(showcase, name).get_absolute_url()}?t=5")
    wait_for_second(page, 5)


def test_a_word_jumps_and_the_transcript_follows(page, showcase):
    page.goto(showcase.film.get_absolute_url())
    word = page.locator(".said").get_by_role("link", name="ferry", exact=True)
    second = float(word.get_attribute("data-second"))
    word.click()
    wait_until(page, f"{TIME} >= {second} - 0.05")
    expect(page.locator("[data-line][aria-current]")).to_contain_text("the evening ferry")
    assert f"t={second:g}"[:5] in page.url
    wait_until(page, "document.querySelector('.said a[aria-current]') !== null")


def test_playing_moves_the_marked_word(page, showcase):
    page.goto(showcase.film.get_absolute_url())
    page.locator(".lines .time").first.click()
    wait_until(page, "document.querySelector('.said a[aria-current]')?.textContent === 'lighthouse'")


def test_a_shot_jumps_to_its_beginning(page, showcase):
    page.goto(showcase.film.get_absolute_url())
    page.locator(".shots a").nth(2).click()
    wait_until(page, f"{TIME} >= 7.9")
    expect(page.locator(".shots a").nth(2)).to_have_attribute("aria-current", "true")


def test_the_timeline_shows_a_frame_and_seeks(page, showcase):
    page.goto(showcase.film.get_absolute_url())
    timeline = page.locator("[data-timeline]").first
    box = timeline.bounding_box()
    timeline.hover(position={"x": box["width"] * 0.75, "y": 10})
    expect(timeline.locator(".scrub-time")).to_have_text("0:09")
    assert "sprite" in page.locator(".scrub .sprite").evaluate(
        "(tile) => getComputedStyle(tile).backgroundImage"
    )
    timeline.click(position={"x": box["width"] * 0.5, "y": 10})
    wait_for_second(page, 6)


def test_the_spectrogram_opens_by_keyboard_and_seeks_where_it_is_clicked(page, showcase):
    page.goto(showcase.recording.get_absolute_url())
    page.locator(".spectrogram summary").focus()
    page.keyboard.press("Enter")
    picture = page.get_by_alt_text("Spectrogram", exact=False)
    wait_until(page, "document.querySelector('.spectrogram img').naturalWidth > 0")
    box = picture.bounding_box()
    picture.click(position={"x": box["width"] * 0.5, "y": 20})
    length = page.evaluate("document.querySelector('[data-player]').duration")
    wait_for_second(page, length / 2)


def test_the_waveform_is_drawn(page, showcase):
    page.goto(showcase.recording.get_absolute_url())
    wait_until(
        page,
        "(() => { const canvas = document.querySelector('.timeline canvas');"
        " const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;"
        " return data.some((value) => value > 0); })()",
    )


def test_boxes_are_switched_by_checkbox_and_key(page, showcase):
    page.goto(showcase.photographs[0].get_absolute_url())
    boxes = page.locator("[data-boxes] .box")
    expect(boxes).to_have_count(2)
    expect(boxes.first).to_be_visible()
    page.get_by_label("Boxes").uncheck()
    expect(boxes.first).to_be_hidden()
    page.keyboard.press("b")
    expect(boxes.first).to_be_visible()


def test_a_box_stands_where_the_fact_says(page, showcase):
    page.goto(showcase.photographs[0].get_absolute_url())
    picture = page.locator(".still img").bounding_box()
    box = page.locator("[data-boxes] rect").first.bounding_box()
    assert abs(box["x"] - (picture["x"] + 0.12 * picture["width"])) < 4
    assert abs(box["width"] - 0.25 * picture["width"]) < 6


def test_a_film_shows_only_the_boxes_of_the_moment(page, showcase):
    page.goto(f"{showcase.film.get_absolute_url()}?t=1.5")
    wait_for_second(page, 1.5)
    expect(page.locator("[data-boxes] .box:not([data-away])")).to_have_count(1)


def test_a_failed_analysis_says_why_and_is_tried_again(page, showcase, monkeypatch):
    monkeypatch.setattr(registry, "enabled", registry.all)
    analyser = next(each for each in registry.all() if "video" in each.applies_to)
    run = Run.objects.create(
        asset=showcase.film,
        state=Run.State.FAILED,
        error="The model ran out of memory.",
        **pipeline.identity(analyser),
    )
    page.goto(showcase.film.get_absolute_url())
    expect(page.locator(".steps .failed")).to_contain_text("The model ran out of memory.")
    page.get_by_role("button", name="Try the failed ones again").click()
    expect(page.locator(".messages")).to_contain_text("1 failed analyses will be tried again.")
    run.refresh_from_db()
    assert run.state == Run.State.QUEUED


def test_the_fact_of_the_address_is_the_chosen_one(page, showcase):
    speech = first_speech(showcase.film, "gulls")
    page.goto(f"{showcase.film.get_absolute_url()}?t={speech.start:g}&fact={speech.pk}")
    expect(page.locator("[data-line].chosen")).to_contain_text("gulls")
