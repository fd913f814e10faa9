"""What people are told after a decision."""

from __future__ import annotations

from dam.review.deciding import Outcome
from dam.review.models import Batch
from dam.review.subjects import title_of


def said(outcome: Outcome) -> str:
    """What was written down, and what was not because somebody else was faster."""
    done = told(outcome.batch) if outcome.batch else "Nothing changed."
    if not outcome.missed:
        return done
    return f"{done} {_meanwhile(outcome.missed)}"


def said_undone(outcome: Outcome) -> str:
    """What was taken back, and what was not because it has changed since."""
    if outcome.batch is None:
        return "That had been undone already."
    done = f"Undone: {told(outcome.batch)}"
    return f"{done} {_changed(outcome.missed)}" if outcome.missed else done


def told(batch: Batch) -> str:
    """A batch in a sentence."""
    name = batch.label or (title_of(batch.kind).lower() if batch.kind else "facts")
    if batch.act == Batch.Act.RENAMED:
        return f"Renamed {name} to {batch.text}: {batch.accepted}."
    if batch.act == Batch.Act.CORRECTED:
        return f"Corrected {name} to {batch.text}." if batch.text else f"Corrected {name}."
    counts = ((batch.accepted, "accepted"), (batch.rejected, "rejected"))
    return f"{', '.join(f'{count} {word}' for count, word in counts if count)}: {name}."


def _meanwhile(count: int) -> str:
    was = "One was" if count == 1 else f"{count} were"
    return f"{was} decided on by somebody else, or removed, meanwhile; that stays."


def _changed(count: int) -> str:
    if count == 1:
        return "One has changed since and stays as it is."
    return f"{count} have changed since and stay as they are."
