"""The audio description on a film's page: it is read, decided on, and heard in step with the film."""

from pathlib import Path

import pytest
from django.core.files import File
from playwright.sync_api import expect

from dam.assets.models import Rendition
from tests.browser.test_accessibility import AXE, RUN, SERIOUS, TOO_WIDE
from tests.browser.waiting import wait_until
from tests.factories import make_fact
from tests.media_made import make_audio

SOUND = "document.querySelector('audio[data-narration]')"
FILM = "document.querySelector('[data-player]')"
IN_STEP = f"!{SOUND}.paused && Math.abs({SOUND}.currentTime - {FILM}.currentTime) < 0.4"


@pytest.fixture
def film(showcase, tmp_path: Path):
    """A described film whose description was spoken."""
    for text, start in (("A lighthouse stands above the harbour.", 1.0), ("Two boats leave.", 5.0)):
        pause = {"pause": [start, start + 4]}
        make_fact(
            showcase.film, "narration", text, start=start, end=start + 2.5, details=pause, language="en"
        )
    path = make_audio(tmp_path / "narration.m4a", seconds=12)
    with path.open("rb") as stream:
        Rendition.objects.create(
            asset=showcase.film, name="narration", file=File(stream, name="narration.m4a"),
            media_type="audio/mp4", size=path.stat().st_size, details={},
        )  # fmt: skip
    return showcase.film


def test_a_description_is_rejected_on_the_films_page(page, film):
    page.goto(film.get_absolute_url())
    panel = page.locator("[data-narration-panel]")
    panel.get_by_role("button", name="Reject Two boats leave.").click()
    expect(panel.get_by_role("status")).to_have_text("Rejected")
    assert film.annotations.get(text="Two boats leave.").status == "rejected"


@pytest.mark.parametrize("width", [1280, 390])
def test_its_page_is_accessible_and_fits(page, film, width):
    if not AXE.exists():
        pytest.skip("axe-core is not installed; run npm ci")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{film.get_absolute_url()}narration/")
    page.evaluate(AXE.read_text())
    found = [each for each in page.evaluate(RUN)["violations"] if each["impact"] in SERIOUS]
    assert not found, [(each["id"], each["nodes"][0]["html"]) for each in found]
    assert not page.evaluate(TOO_WIDE)


def test_the_description_plays_in_step_with_the_film_while_it_is_wanted(page, film):
    page.goto(film.get_absolute_url())
    page.get_by_label("Play with the film").check()
    assert page.evaluate(f"{SOUND}.paused")
    page.evaluate(f"{FILM}.muted = true, {FILM}.currentTime = 4, {FILM}.play()")
    wait_until(page, f"{IN_STEP} && {SOUND}.currentTime > 3.9")
    page.evaluate(f"{FILM}.pause()")
    wait_until(page, f"{SOUND}.paused")
    page.get_by_label("Play with the film").uncheck()
    page.evaluate(f"{FILM}.play()")
    assert page.evaluate(f"{SOUND}.paused")
