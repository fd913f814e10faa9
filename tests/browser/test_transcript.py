"""The transcript page and the captions of the player, as Chromium reads them."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from dam.export.captioning.captions import captions
from dam.export.transcript import transcript_of
from tests.browser.showcase import SENTENCES, first_speech
from tests.browser.waiting import wait_until

TIME = "document.querySelector('[data-player]').currentTime"
TRACK = "document.querySelector('track').track"
CUES = f"[...{TRACK}.cues].map((cue) => [cue.startTime, cue.endTime, cue.getCueAsHTML().textContent])"


@pytest.fixture
def address(showcase):
    return reverse("transcript", args=[showcase.film.pk])


def test_the_browser_reads_the_captions_that_were_made(page, showcase):
    page.goto(showcase.film.get_absolute_url())
    assert page.evaluate(f"{TRACK}.mode") == "disabled"
    page.evaluate(f"{TRACK}.mode = 'showing'")
    wait_until(page, "document.querySelector('track').readyState === 2")
    made = captions(transcript_of(showcase.film), showcase.film.duration)
    told = [
        [each.start / 1000, each.end / 1000, "\n".join(line.text for line in each.lines)] for each in made
    ]
    assert told
    assert page.evaluate(CUES) == told


def test_a_word_jumps_to_its_second_and_is_marked(page, address):
    page.goto(address)
    word = page.locator("[data-word]", has_text="ferry")
    second = float(word.get_attribute("data-word"))
    word.click()
    wait_until(page, f"{TIME} >= {second} - 0.05")
    wait_until(page, "document.querySelector('[data-now]') !== null")
    expect(page.locator(".paragraph[aria-current]")).to_contain_text("ferry")


def test_a_link_to_a_second_opens_there(page, address):
    page.goto(f"{address}#t=5.5")
    wait_until(page, f"Math.abs({TIME} - 5.5) < 0.7")


def test_a_correction_works_without_javascript(chromium, context, live_server, showcase, address):
    state = context.storage_state()
    plain = chromium.new_context(base_url=live_server.url, java_script_enabled=False, storage_state=state)
    page = plain.new_page()
    page.goto(f"{address}?edit={first_speech(showcase.film, 'gulls').pk}")
    page.get_by_label("What is said").fill("and the swans followed it out to sea")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".paragraph").last).to_contain_text("and the swans followed")
    expect(page.locator("body")).not_to_contain_text("gulls")
    plain.close()


def test_on_paper_there_are_only_words(page, address, tmp_path):
    page.goto(address)
    page.emulate_media(media="print")
    for hidden in ("[data-player]", ".masthead", ".reading-head .actions"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".words").first).to_contain_text(SENTENCES[0].split()[1])
    page.pdf(path=tmp_path / "transcript.pdf", format="A4")
    assert (tmp_path / "transcript.pdf").read_bytes().startswith(b"%PDF")
