"""Who may review, and join persons."""

from __future__ import annotations

from dam.people.models import Answer, Consent, Person
from dam.review.models import Batch, BatchItem, Measure
from tests.factories import make_user
from tests.sharing.rule import ARCHIVIST, NOBODY, WHOLE, Rows, Rule, at, over_all
from tests.sharing.rules import MARK

KEPT = (Batch, BatchItem, Measure, Answer)

RULES = {
    "review": over_all(),
    "review-group": over_all(),
    "review-labels": over_all(),
    "review-decide": Rule(
        methods={"POST": ARCHIVIST}, data=lambda r: {"act": "accept", "shown": [r["annotation"].pk]}
    ),
    "undo-review": at("batch", post=NOBODY),
    "review-precision": over_all(),
    "keep-label": at("measure", post=ARCHIVIST, places=WHOLE, data=lambda r: {"keep": "1"}),
    "same-person": over_all(
        post=ARCHIVIST,
        places=WHOLE,
        data=lambda r: {"group": r["group"].pk, "person": r["person"].pk, "answer": "no"},
    ),
    "undo-answer": at("answer", post=NOBODY),
    "merge-person": at(
        "person",
        get=ARCHIVIST,
        post=ARCHIVIST,
        places=WHOLE,
        data=lambda r: {"other": r["namesake"].pk},
    ),
    "split-person": at(
        "person",
        get=ARCHIVIST,
        post=ARCHIVIST,
        places=WHOLE,
        data=lambda r: {
            "places": [r["asset"].annotations.get(kind="person").pk],
            "person": r["namesake"].pk,
        },
    ),
}


def rows(rows: Rows) -> Rows:
    """Somebody else's batch and answer, a measured label, and another record of the person."""
    somebody, library = make_user(), rows["library"]
    batch = Batch.objects.create(user=somebody, kind="object", label=MARK, accepted=1)
    BatchItem.objects.create(batch=batch, annotation=rows["annotation"], before="proposed", after="proposed")
    identity = {"analyser": "objects", "version": "1", "model": "made", "kind": "object"}
    measure = Measure.objects.create(library=library, label=MARK, rejected=12, withheld=True, **identity)
    namesake = Person.objects.create(library=library, name=MARK)
    Consent.objects.create(person=namesake, given_by=MARK, scope="both")
    answer = Answer.objects.create(cluster=rows["group"], person=namesake, same=False, user=somebody)
    return {"batch": batch, "measure": measure, "namesake": namesake, "answer": answer}
