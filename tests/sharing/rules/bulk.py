"""Who may choose assets, and follow and steer the jobs that change them."""

from __future__ import annotations

from django.core.files.base import ContentFile

from dam.bulk.models import BulkChange, BulkItem, BulkJob, Selection
from tests.factories import make_user
from tests.sharing.rule import ADMINISTRATOR, NOBODY, WHOLE, Rows, Rule, at, over_all
from tests.sharing.rules import MARK

KEPT = (Selection, BulkJob, BulkItem, BulkChange)

RULES = {
    "bulk": over_all(),
    "bulk-choose": over_all(),
    "bulk-select": Rule(),
    "bulk-import": over_all(),
    "bulk-match": at("bulk_import", get=NOBODY, post=NOBODY),
    "bulk-edit": at("selection", get=NOBODY, post=NOBODY, data=lambda r: {"trash": "trash"}),
    "bulk-job": at("bulk_job", get=ADMINISTRATOR, places=WHOLE),
    "bulk-steer": at("bulk_job", post=ADMINISTRATOR, places=WHOLE, data=lambda r: {"action": "pause"}),
    "bulk-report": at("bulk_job", get=ADMINISTRATOR, places=WHOLE),
}


def rows(rows: Rows) -> Rows:
    """What somebody who is no member any more chose, changed and imported."""
    owner, asset = make_user(), rows["asset"]
    selection = Selection.objects.create(owner=owner, ids=[asset.pk])
    shared = {"owner": owner, "library": rows["library"], "label": MARK}
    job = BulkJob.objects.create(
        kind="edit", state="running", total=1, wishes=[["trash", "trash", None]], **shared
    )
    told = [["title", MARK, "Other"]]
    BulkItem.objects.create(job=job, number=1, asset=asset, name=MARK, told=told)
    BulkChange.objects.create(job=job, asset=asset, field="title.title", before=MARK, after="Other")
    options = {"encoding": "utf-8-sig", "delimiter": ",", "mode": "set", "mode_of_many": "add"}
    imported = BulkJob.objects.create(
        kind="import",
        state="matching",
        options={**options, "headers": [], "columns": [], "key": ""},
        **shared,
    )
    imported.file.save("rows.txt", ContentFile(f"file,title\na.jpg,{MARK}\n".encode()))
    return {"selection": selection, "bulk_job": job, "bulk_import": imported}
