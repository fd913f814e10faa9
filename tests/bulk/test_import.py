"""Descriptions from a file: matched, tried, applied, reported row by row, and taken back."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dam.bulk import importing, jobs, reading, report
from dam.bulk.files import Layout
from dam.bulk.models import BulkJob
from dam.sharing.models import Membership, Role
from tests.bulk.conftest import said, state
from tests.factories import make_asset, make_fact, make_library

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(ada, library):
    """read(text, **options): the job of that file, its columns as they are guessed, ready to be applied."""

    def reading_it(text, **options):
        data = text if isinstance(text, bytes) else text.encode()
        job = importing.start(ada, library, SimpleUploadedFile("rows.csv", data))
        layout = reading.layout_of(job)
        seen = importing.preview(job, layout)
        assert not seen.problem
        shown = importing.chosen(job, seen.headers)
        columns = [shown[f"column_{number}"] for number in range(len(seen.headers))]
        key = next(each for each in columns if each.startswith("key:"))[4:]
        modes = {"mode": "set", "mode_of_many": "add"}
        importing.match(job, layout, seen.headers, {"columns": columns, "key": key, **modes, **options})
        return job

    return reading_it


def reasons(job):
    return {item.number: item.reason for item in job.items.all()}


def test_a_dry_run_tells_each_row_and_changes_nothing(read, library):
    asset = make_asset(library, original_name="a.jpg", title="Old")
    before = state(asset)
    job = read("filename,title,keywords\na.jpg,New,ship; pier\n")
    assert (job.state, job.changed, job.total) == ("ready", 1, 1)
    assert job.items.get().told == [["title", "Old", "New"], ["keywords", "", "ship; pier"]]
    assert state(asset) == before


def test_an_import_describes_and_can_be_taken_back(read, library, ada):
    asset = make_asset(library, original_name="a.jpg", title="Old")
    make_fact(asset, "keyword", "fog", source="person", status="accepted")
    before = state(asset)
    job = read("filename,title,keywords,date,credit\na.jpg,New,ship|pier,circa 1931,\n")
    jobs.apply(job)
    asset.refresh_from_db()
    assert asset.title == "New"
    assert said(asset, "keyword") == ["fog", "pier", "ship"]
    assert said(asset, "date") == ["circa 1931"]
    assert said(asset, "credit") == [], "an empty cell changes nothing"
    assert not job.file
    jobs.undo(job, ada)
    assert state(asset) == before


def test_a_row_finds_its_asset_by_name_whatever_its_path_and_case(read, library):
    upper, lower = (make_asset(library, original_name=name) for name in ("A.JPG", "a.jpg"))
    other = make_asset(library, original_name="Other.TIF")
    job = read("filename,title\nA.JPG,x\nC:\\scans\\other.tif,y\nfolder/a.jpg,z\n")
    assert [item.asset_id for item in job.items.all()] == [upper.pk, other.pk, lower.pk]


@pytest.mark.parametrize("key", ["sha256", "id", "title"])
def test_a_row_finds_its_asset_by_other_keys(read, library, key):
    asset = make_asset(library, title="The pier")
    name = {"sha256": asset.sha256.upper(), "id": asset.pk, "title": "the PIER"}[key]
    job = read(f"{key},credit\n{name},Ada\n")
    assert job.items.get().asset == asset


def test_a_row_without_one_asset_says_why(read, library):
    twins = [make_asset(library, original_name="twin.jpg") for _ in range(2)]
    make_asset(library, original_name="once.jpg")
    make_asset(make_library(), original_name="foreign.jpg")
    job = read("filename,title\nnowhere.jpg,a\ntwin.jpg,b\nonce.jpg,c\nonce.jpg,d\n,e\nforeign.jpg,f\n")
    told = reasons(job)
    assert told[2] == told[7] == "No asset that you may change in Harbour archive has this file name."
    assert told[3] == f"2 assets have this file name: number {twins[0].pk}, number {twins[1].pk}."
    assert told[5] == "Row 4 is about the same asset already."
    assert told[6] == "The row does not say which asset it is about."
    assert (job.changed, job.refused) == (1, 5)


def test_a_row_with_a_bad_value_is_refused_with_the_mend_and_others_go_on(read, library):
    make_asset(library, original_name="a.jpg")
    good = make_asset(library, original_name="b.jpg")
    job = read("filename,date,credit\na.jpg,soon,Ada\nb.jpg,1931,Ada\n")
    assert reasons(job)[2].startswith("Date: ")
    assert "circa 1931" in reasons(job)[2]
    jobs.apply(job)
    assert said(good, "date") == ["1931"]
    assert (job.changed, job.refused) == (1, 1)


def test_a_title_of_a_row_is_no_pattern(read, library):
    asset = make_asset(library, original_name="a.jpg")
    jobs.apply(read("filename,title\na.jpg,{number} {colour}\n"))
    asset.refresh_from_db()
    assert asset.title == "{number} {colour}"


def test_filling_in_leaves_what_is_there(read, library):
    asset = make_asset(library, original_name="a.jpg", title="Old")
    jobs.apply(read("filename,title,credit\na.jpg,New,Ada\n", mode="fill"))
    asset.refresh_from_db()
    assert asset.title == "Old"
    assert said(asset, "credit") == ["Ada"]


def test_values_can_be_replaced_as_a_whole(read, library):
    asset = make_asset(library, original_name="a.jpg")
    make_fact(asset, "keyword", "fog", source="person", status="accepted")
    jobs.apply(read("filename,keywords\na.jpg,ship\n", mode_of_many="set"))
    assert said(asset, "keyword") == ["ship"]


def test_rows_are_read_in_chunks_and_matched_across_them(read, library, monkeypatch):
    monkeypatch.setattr(reading, "ROWS", 2)
    for name in "abc":
        make_asset(library, original_name=f"{name}.jpg")
    job = read("filename,title\na.jpg,1\nb.jpg,2\nc.jpg,3\na.jpg,4\n")
    assert (job.state, job.total, job.changed) == ("ready", 4, 3)
    assert reasons(job)[5] == "Row 2 is about the same asset already."


def test_too_many_rows_are_refused_and_the_columns_wait(read, monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 1)
    job = read("filename,title\na.jpg,1\nb.jpg,2\n")
    assert job.state == BulkJob.State.MATCHING
    assert "more than 1 rows" in job.reason
    assert not job.items.exists()


def test_a_file_that_breaks_off_inside_goes_back_to_its_columns(read):
    job = read("filename,title\n" + "a.jpg,1\n" * 60 + '"' + "x" * 200_000)
    assert job.state == BulkJob.State.MATCHING
    assert "quotation mark" in job.reason


def test_columns_are_matched_again_until_it_is_applied(read, library):
    make_asset(library, original_name="a.jpg")
    job = read("filename,title,credit\na.jpg,New,Ada\n")
    options = {**job.options, "columns": ["key:name", "", "credit"]}
    names = {name: options[name] for name in ("columns", "key", "mode", "mode_of_many")}
    importing.match(job, Layout("utf-8-sig", ","), options["headers"], names)
    assert job.items.get().told == [["credit", "", "Ada"]]
    jobs.apply(job)
    with pytest.raises(jobs.StateError):
        importing.match(job, Layout("utf-8-sig", ","), options["headers"], names)


def test_an_archivist_of_a_collection_describes_only_what_lies_in_it(library, ada, read):
    Membership.objects.filter(user=ada).delete()
    shelf = library.collections.create(name="Shelf")
    Membership.objects.create(user=ada, library=library, collection=shelf, role=Role.ARCHIVIST)
    inside, _ = (make_asset(library, original_name=name) for name in ("in.jpg", "out.jpg"))
    shelf.items.create(asset=inside)
    job = read("filename,title\nin.jpg,x\nout.jpg,y\n")
    assert (job.changed, job.refused) == (1, 1)


def test_the_report_tells_every_row_and_holds_no_formula(read, library, ada):
    asset = make_asset(library, original_name="=cmd.jpg", title="Old")
    make_asset(library, original_name="b.jpg")
    job = read('filename,title\n=cmd.jpg,@SUM(1)\nb.jpg,\n"+nowhere.jpg",x\n')
    jobs.apply(job)
    rows = list(csv.reader(io.StringIO("".join(report.lines(job, ada)).lstrip("\ufeff"))))
    assert rows[1][:5] == ["2", str(asset.pk), "'=cmd.jpg", "'=cmd.jpg", "Changed"]
    assert rows[1][6] == "Title: Old → @SUM(1)"
    assert rows[2][4] == "Nothing to change"
    assert rows[3][3:5] == ["'+nowhere.jpg", "Cannot be changed"]


def test_the_report_hides_what_its_reader_may_not_see(read, library, ada):
    make_asset(library, original_name="a.jpg", title="Secret")
    job = read("filename,title\na.jpg,New\n")
    Membership.objects.filter(user=ada).delete()
    assert "Secret" not in "".join(report.lines(job, ada))
