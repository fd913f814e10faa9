"""Two people at one record: what both changed is theirs to choose between, everything else comes together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dam.describing.fields import FIELDS, Value, Values, differ


@dataclass(frozen=True)
class Merge:
    """The values that both sides make together. In the fields of `conflicts` both wrote something else;
    `theirs` and `mine` name the fields that only one of them changed."""

    values: dict[str, Value] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)
    theirs: list[str] = field(default_factory=list)
    mine: list[str] = field(default_factory=list)


def merge(before: Values, theirs: Values, mine: Values) -> Merge:
    """Merge what two people made of the same values, field by field.

    Entries that either added are kept and those that either took out are gone. A conflict keeps the value of
    `mine`, for its writer to decide.
    """
    merged = Merge()
    for name, wanted in mine.items():
        _merge_field(merged, name, before[name], theirs[name], wanted)
    return merged


def _merge_field(merged: Merge, name: str, before: Value, theirs: Value, mine: Value) -> None:
    merged.values[name] = mine
    if differ(mine, before):
        merged.mine.append(name)
    if not differ(theirs, before) or not differ(theirs, mine):
        return
    merged.theirs.append(name)
    if not differ(mine, before):
        merged.values[name] = theirs
    elif FIELDS[name].many:
        merged.values[name] = together(before, theirs, mine)
    else:
        merged.conflicts.append(name)


def together(before: Iterable[str], theirs: Sequence[str], mine: Sequence[str]) -> tuple[str, ...]:
    """What stands in both, or was added by either, in the order of `theirs`."""
    old = set(before)
    kept = [entry for entry in theirs if entry not in old or entry in mine]
    return tuple(dict.fromkeys([*kept, *(entry for entry in mine if entry not in old)]))
