"""An import on its way: the file is kept, looked at, matched, and read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from dam.bulk import files, reading, working
from dam.bulk.fields import ADD, SET, guess
from dam.bulk.files import FileError, Layout
from dam.bulk.jobs import StateError
from dam.bulk.models import BulkJob
from dam.collections.models import Library

if TYPE_CHECKING:
    from dam.sharing.models import User

State = BulkJob.State
OPEN = (State.MATCHING, State.READY)
"""States in which the columns can be matched anew."""
SAMPLES = 3
SAMPLE_LENGTH = 80


@dataclass(frozen=True)
class Preview:
    """What a file looks like in a layout: its columns, samples of each, notes, or why it cannot be read."""

    headers: list[str] = field(default_factory=list)
    samples: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problem: str = ""


def start(user: User, library: Library, file: UploadedFile) -> BulkJob:
    """Keep the file, and guess how it is read and what its columns mean."""
    name = (file.name or "file")[:200].replace("\x00", "")
    data = file.read()
    layout = files.detect(data, name)
    job = BulkJob(owner=user, library=library, kind=BulkJob.Kind.IMPORT, state=State.MATCHING, label=name)
    job.options = {
        "encoding": layout.encoding,
        "delimiter": layout.delimiter,
        "mode": SET,
        "mode_of_many": ADD,
    }
    job.options |= {"headers": [], "columns": [], "key": ""}
    file.seek(0)
    job.file.save(f"{timezone.now():%Y%m%d%H%M%S%f}.txt", file, save=False)
    job.save()
    return job


def preview(job: BulkJob, layout: Layout) -> Preview:
    """The head of the job's file in that layout."""
    try:
        data = reading.data_of(job)
        headers, notes = files.headers(data, layout)
        rows = [
            row for row in islice(files.rows(data, layout, headers), files.SAMPLE_ROWS) if not row.problem
        ]
    except FileError as error:
        return Preview(problem=str(error))
    if not rows:
        return Preview(headers, notes=notes, problem=files.EMPTY)
    samples = [_samples([row.cells[place] for row in rows]) for place in range(len(headers))]
    return Preview(headers, samples, notes)


def _samples(cells: list[str]) -> list[str]:
    filled = dict.fromkeys(cell.strip()[:SAMPLE_LENGTH] for cell in cells if cell.strip())
    return list(filled)[:SAMPLES]


def chosen(job: BulkJob, headers: list[str]) -> dict[str, Any]:
    """What the form shows: what was chosen before for the same columns, else what their names tell."""
    known = job.options["headers"] == headers and job.options["columns"]
    columns = job.options["columns"] if known else guess(headers)
    shown = {f"column_{number}": column for number, column in enumerate(columns)}
    return {"mode": job.options["mode"], "mode_of_many": job.options["mode_of_many"], **shown}


def match(job: BulkJob, layout: Layout, headers: list[str], options: Mapping[str, Any]) -> None:
    """Keep what the columns mean and read the rows. Raises StateError where the job has gone on meanwhile."""
    kept = {"encoding": layout.encoding, "delimiter": layout.delimiter, "headers": headers, **options}
    if job.state not in OPEN:
        raise StateError("This import has gone on meanwhile.")
    job.options = kept
    working.begin_anew(job, State.READING)
    job.touched_at = timezone.now()
    job.save()
    working.go_on(job)
