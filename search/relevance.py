"""How much each kind of fact counts. To be measured against judged queries; until then, plain choices."""

from __future__ import annotations

from typing import NamedTuple

from indexing import kinds


class Standing(NamedTuple):
    """A kind's place in the index.

    Weights are those of a tsvector, A before B before C before D: `weight` where a machine or the file
    says so, `person_weight` where a person does. A machine's undecided fact below `floor` (confidence
    0..1) is left out.
    """

    weight: str
    person_weight: str
    floor: float = 0.0


DEFAULT = Standing("B", "A")
STANDINGS = {
    "title": Standing("A", "A"),
    "keyword": Standing("A", "A"),
    "person": Standing("B", "A", floor=0.5),
    "object": Standing("B", "A", floor=0.35),
    "context": Standing("B", "A", floor=0.3),
    "text": Standing("C", "B", floor=0.5),
    "speech": Standing("C", "B"),
    "creator": Standing("D", "B"),
    "credit": Standing("D", "B"),
    "rights": Standing("D", "B"),
}


def standing(kind: str) -> Standing:
    """The standing of a kind; kinds of third parties have the default one."""
    return STANDINGS.get(kind, DEFAULT)


def table() -> dict[str, list[str] | list[float]]:
    """Every searchable kind as columns of equal length: kinds, reasons, weights, person_weights, floors."""
    names = kinds.searchable()
    standings = [standing(name) for name in names]
    return {
        "kinds": names,
        "reasons": [kinds.get(name).reason or "" for name in names],
        "weights": [each.weight for each in standings],
        "person_weights": [each.person_weight for each in standings],
        "floors": [each.floor for each in standings],
    }
