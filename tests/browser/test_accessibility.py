"""Every page, on a phone and on a desk, in light and dark: no serious finding of axe, nothing too wide."""

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from dam.sharing.models import Role
from search import service
from search.meaning import MeaningOff
from tests.browser.showcase import first_speech
from tests.factories import make_fact, make_user
from tests.people.conftest import ADA, BOB, hear, speaker

AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
RUN = (
    "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
)
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SERIOUS = {"serious", "critical"}


@pytest.fixture(autouse=True)
def _words_alone(monkeypatch):
    def off(text):
        raise MeaningOff("Search by meaning is off.")

    monkeypatch.setattr(service, "understand", off)


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.exists():
        pytest.skip("axe-core is not installed; run npm ci")
    return AXE.read_text()


@pytest.fixture
def addresses(showcase, archivist):
    archivist.memberships.update(role=Role.ADMINISTRATOR)
    own = [showcase.film, showcase.recording, showcase.photographs[0]]
    flagged = showcase.photographs[1]
    make_fact(flagged, "sensitive", "nudity", confidence=0.9)
    hear(showcase.recording, speaker(1, ADA, (0, 3), (5, 9)), speaker(2, BOB, (3, 5), (9, 12)))
    return [
        "/",
        "/?kind=video",
        *(f"{asset.get_absolute_url()}?t=1.5" for asset in own),
        *transcripts(showcase),
        "/search/",
        flagged.get_absolute_url(),
        f"{own[-1].get_absolute_url()}alike/",
        "/search/similar/",
        f"/search/similar/?asset={own[-1].pk}",
        "/people/",
        f"/assets/{showcase.recording.pk}/voices/",
        "/search/?q=boat",
        "/search/?q=lighthouse",
        "/search/?q=zeppelin&kind=painting",
        "/collections/",
        f"/collections/{showcase.collection.pk}/",
        f"/collections/{showcase.collection.pk}/edit/",
        f"/libraries/{showcase.library.pk}/members/",
        "/upload/",
        "/jobs/",
        f"/jobs/{showcase.job.pk}/",
        "/models/",
        "/accounts/password/change/",
        "/nowhere/",
    ]


def transcripts(showcase):
    """A transcript, and one of which a sentence is being corrected."""
    address = reverse("transcript", args=[showcase.film.pk])
    return [address, f"{address}?edit={first_speech(showcase.film, 'gulls').pk}"]


def findings(page, axe):
    """Serious findings of axe as "rule: element" lines."""
    page.evaluate(axe)
    found = page.evaluate(RUN)["violations"]
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in found
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_finding_or_scrolls_sideways(page, addresses, axe, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    wrong = []
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 800})
        for address in addresses:
            page.goto(address)
            if page.evaluate(TOO_WIDE):
                wrong.append(f"{address} at {width}: scrolls sideways")
            if width == 1440 or scheme == "light":
                wrong += [f"{address} at {width}: {each}" for each in findings(page, axe)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_signing_in_have_no_serious_finding(page, axe, scheme):
    make_user()
    page.emulate_media(color_scheme=scheme)
    for address in ("/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"):
        page.goto(address)
        assert findings(page, axe) == [], address


def test_the_skip_link_is_first_and_leads_past_the_header(page, archivist):
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
