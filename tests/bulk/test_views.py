"""The pages: choosing, wishing, previewing, following, importing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dam.bulk import working
from dam.bulk.models import BulkItem, BulkJob, Selection
from dam.bulk.wishes import Wish
from dam.sharing.models import Role
from tests.factories import make_asset, make_member, make_user

pytestmark = pytest.mark.django_db

TITLE = Wish("title", "set", "New")


@pytest.fixture(autouse=True)
def signed_in(client, ada):
    client.force_login(ada)


@pytest.fixture
def selection(ada, library):
    assets = [make_asset(library, title=f"Pier {number}") for number in range(3)]
    return Selection.objects.create(owner=ada, ids=[asset.pk for asset in assets])


def text(response):
    return response.content.decode()


def test_ticked_assets_lead_to_the_form_and_the_preview_to_the_change(client, library):
    assets = [make_asset(library, title="Old") for _ in range(2)]
    chosen = client.post("/bulk/select/", {"asset": ["", f"{assets[0].pk},{assets[1].pk}"]}, follow=True)
    assert "Change 2 assets" in text(chosen)
    address = chosen.redirect_chain[-1][0]
    preview = client.post(address, {"title_mode": "set", "title": "New"}, follow=True)
    assert "Apply to 2 assets" in text(preview)
    assert "Old" in text(preview)
    job = BulkJob.objects.get()
    done = client.post(f"/bulk/jobs/{job.pk}/steer/", {"action": "apply"}, follow=True)
    assert 'data-busy="no"' in text(done)
    assert {asset.title for asset in library.assets.all()} == {"New"}
    undone = client.post(f"/bulk/jobs/{job.pk}/steer/", {"action": "undo"}, follow=True)
    assert "takes back" in text(undone)
    assert {asset.title for asset in library.assets.all()} == {"Old"}


def test_all_that_an_address_shows_is_chosen_by_its_address(client, library):
    make_asset(library, kind="video")
    make_asset(library)
    response = client.post("/bulk/select/", {"all": "1", "address": "/?kind=video"}, follow=True)
    assert "Change 1 asset<" in text(response)
    assert Selection.objects.get().address == "/?kind=video"


def test_a_choice_of_nothing_is_explained(client):
    assert "Choose some assets first" in text(client.post("/bulk/select/", follow=True))


def test_the_page_of_boxes_shows_what_the_address_shows(client, library):
    film = make_asset(library, kind="video", duration=1.0)
    picture = make_asset(library)
    shown = text(client.get("/bulk/choose/", {"from": "/?kind=video"}))
    assert f'value="{film.pk}"' in shown
    assert f'value="{picture.pk}"' not in shown


def test_an_address_without_assets_leads_back_with_the_reason(client):
    assert "no assets that could be chosen" in text(client.get("/bulk/choose/?from=/people/", follow=True))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "Nothing would change"),
        ({"title": "New"}, "Choose what to do with what you wrote"),
        ({"title_mode": "set"}, "Write what it should be"),
        ({"title_mode": "set", "title": "{colour}"}, "cannot be filled in"),
        ({"date_mode": "set", "date": "soon"}, "cannot be read as a date"),
        ({"keywords_mode": "add", "keywords": "x" * 300}, "300 characters"),
        ({"trash": "trash", "title_mode": "clear"}, "changed in no other way"),
        ({"enter": "999"}, "Select a valid choice"),
    ],
)
def test_a_wish_that_cannot_be_read_is_explained_and_stays_in_the_form(client, selection, data, told):
    response = client.post(f"/bulk/{selection.pk}/edit/", data)
    assert response.status_code == 200
    assert told in text(response)
    assert data.get("title", "") in text(response)
    assert not BulkJob.objects.exists()


def test_a_wish_can_be_changed_after_its_preview(client, selection, plan):
    job = plan([], Wish("keywords", "add", ["ship", "pier"]))
    shown = text(client.get(f"/bulk/{selection.pk}/edit/", {"job": job.pk}))
    assert "ship\npier" in shown


def test_nobody_opens_the_choice_of_another(client, selection, library):
    client.force_login(make_member(library, Role.ADMINISTRATOR))
    assert client.get(f"/bulk/{selection.pk}/edit/").status_code == 404


def test_an_administrator_follows_and_takes_back_but_does_not_apply(client, library, plan):
    job = plan([make_asset(library)], TITLE)
    client.force_login(make_member(library, Role.ADMINISTRATOR))
    assert "Apply to" not in text(client.get(f"/bulk/jobs/{job.pk}/"))
    assert client.post(f"/bulk/jobs/{job.pk}/steer/", {"action": "apply"}).status_code == 404
    assert str(job.label) in text(client.get("/bulk/"))


def test_a_job_is_not_open_to_other_archivists(client, library, plan):
    job = plan([make_asset(library)], TITLE)
    client.force_login(make_member(library, Role.ARCHIVIST))
    assert client.get(f"/bulk/jobs/{job.pk}/").status_code == 404


def test_a_job_that_is_at_work_is_polled_and_one_that_stands_still_is_not(client, library, plan, monkeypatch):
    job = plan([make_asset(library)], TITLE)
    monkeypatch.setattr(working, "advance", lambda pk, seconds: True)
    client.post(f"/bulk/jobs/{job.pk}/steer/", {"action": "apply"})
    part = text(client.get(f"/bulk/jobs/{job.pk}/", headers={"HX-Request": "true"}))
    assert 'hx-trigger="every 2s"' in part
    assert "<html" not in part
    client.post(f"/bulk/jobs/{job.pk}/steer/", {"action": "pause"})
    assert "hx-trigger" not in text(client.get(f"/bulk/jobs/{job.pk}/", headers={"HX-Request": "true"}))


def test_a_job_is_forgotten_before_it_is_applied_and_never_after(client, library, plan, change):
    ready, done = plan([make_asset(library)], TITLE), change([make_asset(library)], TITLE)
    for job in (ready, done):
        client.post(f"/bulk/jobs/{job.pk}/steer/", {"action": "drop"})
    assert list(BulkJob.objects.all()) == [done]


def test_the_page_of_a_job_needs_no_more_queries_for_more_rows(
    client, library, plan, django_assert_max_num_queries
):
    job = plan([make_asset(library) for _ in range(60)], TITLE)
    with django_assert_max_num_queries(25):
        shown = text(client.get(f"/bulk/jobs/{job.pk}/?state=will"))
    assert shown.count('<th scope="row"') == 60


def test_the_list_needs_no_more_queries_for_more_jobs(client, library, plan, django_assert_max_num_queries):
    for _ in range(12):
        plan([], TITLE)
    with django_assert_max_num_queries(14):
        assert text(client.get("/bulk/")).count("<li>") >= 12


def test_an_empty_list_says_what_to_do(client):
    assert "Choose assets" in text(client.get("/bulk/"))


def test_what_is_not_open_to_the_reader_any_more_is_not_named(client, library, plan, ada):
    asset = make_asset(library, title="Secret")
    job = plan([asset], TITLE)
    elsewhere = make_asset(title="Hidden")
    BulkItem.objects.create(
        job=job, number=2, asset=elsewhere, told=[["title", "Hidden", "New"]], state="will"
    )
    shown = text(client.get(f"/bulk/jobs/{job.pk}/"))
    assert "Secret" in shown
    assert "Hidden" not in shown
    assert "not open to you" in shown


def test_the_report_is_a_table_to_be_saved(client, library, plan):
    job = plan([make_asset(library, title="Old")], TITLE)
    response = client.get(f"/bulk/jobs/{job.pk}/report.csv")
    assert "attachment" in response["Content-Disposition"]
    assert "Title: Old → New" in b"".join(response.streaming_content).decode()


def upload(client, library, data, name="rows.csv"):
    file = SimpleUploadedFile(name, data)
    return client.post("/bulk/import/", {"library": library.pk, "file": file}, follow=True)


def test_a_file_is_uploaded_matched_and_applied(client, library):
    asset = make_asset(library, original_name="a.jpg", title="Old")
    shown = upload(client, library, b"File name;Title\na.jpg;New\n")
    assert "What each column means" in text(shown)
    job = BulkJob.objects.get()
    chosen = {"encoding": "utf-8-sig", "delimiter": ";", "column_0": "key:name", "column_1": "title"}
    modes = {"mode": "set", "mode_of_many": "add"}
    preview = client.post(f"/bulk/import/{job.pk}/", {**chosen, **modes}, follow=True)
    assert "Apply to 1 asset<" in text(preview)
    client.post(f"/bulk/jobs/{job.pk}/steer/", {"action": "apply"})
    asset.refresh_from_db()
    assert asset.title == "New"


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (["", "title"], "exactly one column"),
        (["key:name", "key:title"], "exactly one column"),
        (["key:name", ""], "at least one column"),
        (["key:name", "opera"], "Select a valid choice"),
    ],
)
def test_columns_that_do_not_fit_together_are_explained(client, library, columns, told):
    upload(client, library, b"a,b\n1,2\n")
    data = {f"column_{number}": column for number, column in enumerate(columns)}
    data |= {"encoding": "utf-8-sig", "delimiter": ",", "mode": "set", "mode_of_many": "add"}
    response = client.post(f"/bulk/import/{BulkJob.objects.get().pk}/", data)
    assert told in text(response)


def test_another_encoding_is_tried_on_the_page(client, library):
    shown = upload(client, library, "file,title\na.jpg,Köln\n".encode("cp1252"))
    assert "Köln" in text(shown)
    job = BulkJob.objects.get()
    wrong = client.get(f"/bulk/import/{job.pk}/?encoding=cp1251&delimiter=,")
    assert "Kцln" in text(wrong)
    broken = client.get(f"/bulk/import/{job.pk}/?encoding=utf-8-sig&delimiter=,")
    assert "not written in UTF-8. Choose another encoding." in text(broken)


def test_a_file_that_is_too_large_is_refused(client, library, monkeypatch):
    monkeypatch.setattr("dam.bulk.import_forms.MOST_BYTES", 10)
    assert "50 MB is the most" in text(upload(client, library, b"file,title\na.jpg,New\n"))
    assert not BulkJob.objects.exists()


def test_a_file_with_a_heading_only_is_explained(client, library):
    assert "nothing in this file but its heading" in text(upload(client, library, b"file,title\n"))


def test_the_columns_of_another_persons_file_are_not_shown(client, library):
    upload(client, library, b"file,title\na.jpg,Secret\n")
    job = BulkJob.objects.get()
    client.force_login(make_member(library, Role.ADMINISTRATOR))
    assert client.get(f"/bulk/import/{job.pk}/").status_code == 404


def test_who_may_change_nothing_is_told_so(client):
    client.force_login(make_user())
    assert "may not describe" in text(client.get("/bulk/import/"))
