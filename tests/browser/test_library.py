"""The library grid and the collections in a browser."""

from playwright.sync_api import expect

from tests.factories import make_asset

WATCH_SHIFTS = """
    window.moved = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.moved += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
"""
ROWS = """() => {
    const boxes = [...document.querySelectorAll(".tile")].map((tile) => tile.getBoundingClientRect());
    return Object.values(Object.groupBy(boxes, (box) => Math.round(box.top))).map((row) => ({
      right: Math.max(...row.map((box) => box.right)),
      unevenness: Math.max(...row.map((box) => box.height)) - Math.min(...row.map((box) => box.height)),
    }));
}"""


def test_rows_are_justified_and_nothing_moves_while_pictures_load(page, showcase):
    page.add_init_script(WATCH_SHIFTS)
    page.goto("/")
    expect(page.locator(".tile")).to_have_count(8)
    page.wait_for_load_state("networkidle")
    rows = page.evaluate(ROWS)
    grid = page.locator("#grid").bounding_box()
    assert len(rows) > 1
    assert all(row["unevenness"] < 2 for row in rows), rows
    assert all(abs(row["right"] - grid["x"] - grid["width"]) < 2 for row in rows[:-1]), rows
    assert page.evaluate("window.moved") < 0.02


def test_more_tiles_come_when_the_end_is_reached(page, library, archivist):
    for _ in range(75):
        make_asset(library)
    page.goto("/")
    page.mouse.wheel(0, 20000)
    expect(page.locator(".tile")).to_have_count(75)
    expect(page.get_by_role("link", name="Show more")).to_have_count(0)


def test_filters_work_without_javascript(chromium, live_server, context, showcase):
    plain = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=context.storage_state()
    )
    page = plain.new_page()
    page.goto("/")
    page.get_by_label("Media").select_option("video")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".tile")).to_have_count(1)
    assert "kind=video" in page.url
    plain.close()


def test_a_changed_filter_is_applied_at_once_and_stands_in_the_address(page, showcase):
    page.goto("/")
    page.get_by_label("Media").select_option("audio")
    expect(page.locator(".tile")).to_have_count(1)
    assert page.url.endswith("/?kind=audio")


def test_keys_reach_the_search_box_the_tiles_and_the_list_of_keys(page, showcase):
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".tile").nth(1)).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Search what is seen")).to_be_focused()
    page.keyboard.press("Tab")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_the_theme_is_remembered(page, archivist):
    page.emulate_media(color_scheme="light")
    page.goto("/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Switch between light and dark").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark != light


def test_an_asset_is_added_to_a_collection_and_found_there(page, showcase):
    page.goto(showcase.film.get_absolute_url())
    page.get_by_label("Add to a collection").select_option("Harbours")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("link", name="Harbours").click()
    expect(page.locator(".tile")).to_have_count(2)
