"""Uploading through tus, and watching what becomes of the files."""

import pytest
from playwright.sync_api import expect

from dam.assets.models import IngestItem
from tests.media_made import make_picture

DROP = """() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["x".repeat(2000)], "dropped.txt"));
    const dropped = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
    document.querySelector("[data-drop]").dispatchEvent(dropped);
}"""


@pytest.fixture
def files(tmp_path):
    return [str(make_picture(tmp_path / f"picture {number}.png", seed=number)) for number in range(3)]


def test_chosen_files_travel_by_tus_and_are_counted(page, archivist, library, files):
    page.goto("/upload/")
    with page.expect_request(
        lambda request: request.method == "POST" and request.url.endswith("/upload/tus/")
    ):
        page.locator("input[type=file]").set_input_files(files)
    expect(page.get_by_role("status").filter(has_text="sent")).to_contain_text("3 of 3 files sent. All done.")
    assert sorted(IngestItem.objects.values_list("name", flat=True)) == [f"picture {n}.png" for n in range(3)]
    page.get_by_role("link", name="See what becomes of them").click()
    expect(page.locator(".jobs")).to_contain_text("3 waiting")


def test_dropped_files_are_taken_too(page, archivist, library):
    page.goto("/upload/")
    page.evaluate(DROP)
    expect(page.locator("[data-upload-summary]")).to_contain_text("1 of 1 files sent")
    assert IngestItem.objects.get().name == "dropped.txt"


def test_a_refusal_of_the_server_is_shown_beside_the_file(page, archivist, library, files):
    page.goto("/upload/")
    archivist.memberships.update(role=10)
    page.locator("input[type=file]").set_input_files(files[:1])
    expect(page.locator("[data-upload-list] .state")).to_contain_text("You may not add files")


def test_without_javascript_the_form_does_the_same(chromium, live_server, context, archivist, library, files):
    plain = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=context.storage_state()
    )
    page = plain.new_page()
    page.goto("/upload/")
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".items li")).to_have_count(3)
    plain.close()


def test_progress_moves_by_itself_and_polling_ends_with_the_work(page, archivist, library, files):
    page.goto("/upload/")
    page.locator("input[type=file]").set_input_files(files)
    expect(page.locator("[data-upload-summary]")).to_contain_text("All done")
    job = IngestItem.objects.first().job
    page.goto(f"/jobs/{job.pk}/")
    expect(page.locator(".items li.waiting")).to_have_count(3)
    job.items.update(state=IngestItem.State.REFUSED, reason="The disk was full.")
    expect(page.locator(".items .reason").first).to_have_text("The disk was full.")
    expect(page.locator("#files")).to_have_attribute("data-busy", "no")
