"""Facts at a place, and the transcript editor: for archivists of the asset."""

from __future__ import annotations

from tests.factories import make_fact
from tests.sharing.rule import ARCHIVIST, Rows, at
from tests.sharing.rules import MARK


def _box(rows: Rows) -> dict[str, object]:
    return {"kind": "object", "text": "boat", "left": 10, "top": 10, "width": 20, "height": 20}


RULES = {
    "place-facts": at("asset", get=ARCHIVIST, post=ARCHIVIST, data=_box),
    "change-place": at("placed", get=ARCHIVIST, post=ARCHIVIST, data=_box),
    "remove-place": at("placed", post=ARCHIVIST),
    "restore-place": at("misplaced", post=ARCHIVIST),
    "edit-transcript": at("recording", get=ARCHIVIST),
    "transcript-state": at("recording", post=ARCHIVIST, data=lambda r: {"state": "correct"}),
    "call-speaker": at("recording", "speaker", post=ARCHIVIST, data=lambda r: {"label": "Interviewer"}),
    "edit-turn": at("speech", post=ARCHIVIST, data=lambda r: {"do": "save", "text": "Other words"}),
    "undo-turn": at("correction", post=ARCHIVIST),
}


def rows(rows: Rows) -> Rows:
    """A fact in a box, one that was rejected, and a speaker."""
    turn = {"start": 0.0, "end": 9.0, "details": {"speaker": 1}}
    make_fact(rows["recording"], "turn", MARK, **turn)
    box = {"x": 0.1, "y": 0.1, "w": 0.2, "h": 0.2}
    placed, misplaced = (
        make_fact(rows["asset"], "object", MARK, status=status, **box) for status in ("proposed", "rejected")
    )
    return {"placed": placed, "misplaced": misplaced, "speaker": 1}
