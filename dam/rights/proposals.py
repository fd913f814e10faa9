"""What the file itself says of its rights, to be taken over by a person."""

from __future__ import annotations

from dataclasses import dataclass

from dam.assets.models import Asset
from dam.rights.mining import PERMISSIONS, named
from dam.rights.resolution import MINING_TAG
from indexing.models import Annotation

FIELDS = {"credit": "credit_line", "rights": "terms", "creator": "holder"}
"""The field for which each kind of fact is a proposal."""
NAMES = {"credit": "Credit line", "rights": "Copyright notice", "creator": "Creator"}


@dataclass(frozen=True)
class Proposal:
    """A value for a field of the form, in words, and the tag of the file that says so."""

    field: str
    label: str
    value: str
    text: str
    tag: str


def from_the_file(asset: Asset) -> list[Proposal]:
    """What the file says of credit, rights, creators and data mining. One query."""
    rows = asset.annotations.filter(source=Annotation.Source.FILE, kind__in=[*FIELDS, "metadata"])
    facts = rows.exclude(status=Annotation.Status.REJECTED).order_by("pk")
    return [proposal for fact in facts for proposal in _of(fact)]


def _of(fact: Annotation) -> list[Proposal]:
    if fact.kind in FIELDS:
        tag = str(fact.details.get("tag", ""))
        return [Proposal(FIELDS[fact.kind], NAMES[fact.kind], fact.text, fact.text, tag)]
    uri = named(fact.details.get(MINING_TAG, ""))
    return [Proposal("mining", "Data mining", uri, PERMISSIONS[uri].label, MINING_TAG)] if uri else []
