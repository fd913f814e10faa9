"""Arranging by mouse and by keyboard, and an exhibition from the first pick to the visitor's page."""

from playwright.sync_api import expect

from dam.collections.models import CollectionItem, Exhibition, Library
from tests.browser.test_accessibility import AXE, TOO_WIDE, findings
from tests.browser.waiting import wait_until


def order_of(page):
    return page.locator("[data-arrange] [data-item]").all_text_contents()


def test_rows_are_dragged_and_moved_by_buttons_and_stay_there(page, showcase):
    for asset in showcase.photographs[1:4]:
        CollectionItem.objects.create(collection=showcase.collection, asset=asset)
    page.goto(f"/collections/{showcase.collection.pk}/arrange/")
    names = order_of(page)
    handles = page.locator("[data-handle]")
    handles.nth(3).drag_to(handles.nth(1), target_position={"x": 20, "y": 3})
    expect(page.locator(".messages")).to_contain_text("Now at place 2")
    page.reload()
    assert order_of(page) == [names[0], names[3], names[1], names[2]]
    page.get_by_role("button", name=f"Move {names[3]} up").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("Now at place 1")
    assert order_of(page) == [names[3], names[0], names[1], names[2]]
    check(page)


def test_picks_become_an_exhibition_that_a_visitor_sees(page, showcase, archivist, chromium, live_server):
    Library.objects.update(public=True)
    CollectionItem.objects.create(collection=showcase.collection, asset=showcase.film)
    page.goto(f"/collections/{showcase.collection.pk}/")
    for _ in range(2):
        page.keyboard.press("j")
        page.keyboard.press("p")
        expect(page.locator(".messages")).to_contain_text("Put into My lightbox")
        page.locator(".messages").evaluate("region => { region.textContent = ''; }")
    page.goto("/lightboxes/")
    page.get_by_role("link", name="My lightbox").click()
    expect(page.locator(".picks > li")).to_have_count(2)
    check(page)
    page.goto("/exhibitions/")
    page.get_by_label("Title").fill("Lights of the coast")
    page.get_by_role("button", name="Create").click()
    page.get_by_label("All of a lightbox").select_option("My lightbox")
    page.get_by_role("button", name="Add to this section").click()
    for number in range(2):
        page.get_by_label("Alternative text").nth(number).fill("A view of the harbour")
        page.get_by_role("button", name="Save what is said of").nth(number).click()
    page.get_by_label("From").fill("0:05")
    page.get_by_role("button", name="Save what is said of Ferry at dusk").click()
    check(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messages")).to_contain_text("open to everyone now")
    visitor = chromium.new_context(base_url=live_server.url)
    seen = visitor.new_page()
    seen.goto(Exhibition.objects.get().get_absolute_url())
    expect(seen.get_by_role("heading", name="Lights of the coast")).to_be_visible()
    assert seen.get_by_role("img", name="A view of the harbour").evaluate(
        "img => img.decode().then(() => img.naturalWidth > 0)"
    )
    wait_until(seen, "document.querySelector('video').readyState > 0")
    assert seen.evaluate("document.querySelector('video').currentTime") >= 4.9
    seen.keyboard.press("j")
    expect(seen.locator(".exhibit").first).to_be_focused()
    check(seen)
    visitor.close()


def check(page):
    """No serious finding, and nothing too wide on a phone."""
    assert findings(page, AXE.read_text()) == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert not page.evaluate(TOO_WIDE), page.url
    page.set_viewport_size({"width": 1440, "height": 900})
