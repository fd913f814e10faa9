"""Describing with keys alone, and losing nothing that was typed."""

from django.urls import reverse
from playwright.sync_api import expect

from dam.describing.record import record_of
from dam.describing.saving import save
from tests.browser.waiting import wait_until
from tests.factories import make_fact, make_member

OFFERED = ".draft-offer"


def test_an_asset_is_described_with_keys_and_typed_text_survives(page, showcase):
    asset = showcase.photographs[0]
    address = reverse("describe", args=[asset.pk])
    make_fact(asset, "alt", "a boat on a lake", confidence=0.8)
    page.goto(address)
    page.get_by_label("Description", exact=True).fill("Typed before the window closed")
    wait_until(page, f"localStorage.getItem('draft:describe-{asset.pk}') !== null")
    page.goto("/")
    page.goto(address)
    expect(page.locator(OFFERED)).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_label("Description", exact=True)).to_have_value("Typed before the window closed")
    page.get_by_role("button", name="Use this: a boat on a lake").click()
    expect(page.get_by_label("Alternative text", exact=True)).to_have_value("a boat on a lake")
    page.get_by_label("Date", exact=True).press_sequentially("circa 1931")
    expect(page.locator("#date-reading")).to_contain_text("1931~")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{asset.get_absolute_url()}")
    values = record_of(asset).values
    assert values["description"] == "Typed before the window closed"
    assert (values["alt"], values["date"]) == ("a boat on a lake", "circa 1931")
    page.goto(address)
    expect(page.locator(OFFERED)).to_have_count(0)


def test_two_people_choose_between_their_words(page, showcase, library):
    asset, other = showcase.photographs[1], make_member(library, 30)
    page.goto(reverse("describe", args=[asset.pk]))
    page.get_by_label("Description", exact=True).fill("Mine")
    save(asset, other, {"description": "Theirs"})
    page.get_by_label("Description", exact=True).press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Somebody changed the same")
    page.get_by_label("Both, one after the other").check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**{asset.get_absolute_url()}")
    assert record_of(asset).values["description"] == "Theirs\n\nMine"
