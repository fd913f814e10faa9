"""Sharing by a link, as the archivist and as the guest."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from dam.sharing.models import Role, ShareLink
from dam.webhooks.models import Delivery, Endpoint
from tests.browser.test_accessibility import TOO_WIDE, axe, findings  # noqa: F401
from tests.factories import make_fact

WIDTHS = (1440, 390, 360)
READY = """video => video.readyState
    || new Promise((done) => video.addEventListener("loadedmetadata", () => done(1), { once: true }))"""


@pytest.fixture
def guest(chromium, live_server):
    """A browser of somebody else, who has no account."""
    context = chromium.new_context(base_url=live_server.url)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def share(page, asset, password=""):
    """Make a link by the form; returns the address for guests."""
    page.goto(reverse("share-asset", args=[asset.pk]))
    page.get_by_label("A word to the guest").fill("As we said on the telephone.")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Make the link").click()
    return page.get_by_label("Address for guests").input_value()


def test_an_archivist_shares_a_film_and_the_guest_sees_just_that(page, guest, showcase, archivist):
    make_fact(showcase.film, "place", "Rotterdam", source="person", status="accepted")
    address = share(page, showcase.film, "seven gulls")
    guest.goto(address)
    guest.get_by_label("Password").fill("six gulls")
    guest.keyboard.press("Enter")
    expect(guest.get_by_text("That is not the password")).to_be_visible()
    guest.get_by_label("Password").fill("seven gulls")
    guest.keyboard.press("Enter")
    expect(guest.get_by_text("As we said on the telephone.")).to_be_visible()
    guest.locator("video").evaluate(READY)
    assert "Rotterdam" not in guest.content()
    guest.get_by_role("link", name="Transcript").click()
    expect(guest.get_by_role("heading", name="Transcript of")).to_be_visible()
    assert guest.goto(reverse("asset", args=[showcase.film.pk])).url.count("/accounts/login/")
    page.get_by_role("link", name="Settings and visits").click()
    expect(page.get_by_role("row").filter(has_text="opened the link")).to_have_count(1)
    page.get_by_role("button", name="Revoke").click()
    assert guest.goto(address).status == 404
    page.get_by_role("button", name="Undo").click()
    assert guest.goto(address).status == 200


def test_every_page_of_sharing_is_accessible_and_fits(page, showcase, archivist, axe):  # noqa: F811
    archivist.memberships.update(role=Role.ADMINISTRATOR)
    collection = share_collection(page, showcase)
    protected = share(page, showcase.photographs[1], "seven gulls")
    endpoint = Endpoint.objects.create(
        library=showcase.library, made_by=archivist, name="The website", url="https://hook.example.org/",
        events=["asset.added"], problem="hook.example.org answered 500 instead of 2xx.",
    )  # fmt: skip
    Delivery.objects.create(endpoint=endpoint, event="test", state="failed", body="{}", status_code=500)
    own = [
        reverse("links"), reverse("new-link"), reverse("share-asset", args=[showcase.film.pk]),
        ShareLink.objects.earliest("pk").get_absolute_url(), reverse("audit"), reverse("webhooks"),
        endpoint.get_absolute_url(), collection, protected, f"{collection}{showcase.photographs[0].pk}/",
        f"{collection}0/",
    ]  # fmt: skip
    wrong = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            wrong += [fault for address in own for fault in faults(page, address, width, axe)]
    assert not wrong, "\n".join(wrong)


def faults(page, address, width, axe):  # noqa: F811
    page.goto(address)
    wide = [f"{address} at {width}: scrolls sideways"] if page.evaluate(TOO_WIDE) else []
    return wide + ([f"{address}: {each}" for each in findings(page, axe)] if width == 1440 else [])


def share_collection(page, showcase):
    page.goto(reverse("share-collection", args=[showcase.collection.pk]))
    page.get_by_role("button", name="Make the link").click()
    return page.get_by_label("Address for guests").input_value()
