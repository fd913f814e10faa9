"""An asset's document for Elasticsearch, from the documents that PostgreSQL holds."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from search.backends.elasticsearch.mapping import FIELDS, NESTED_LIMIT, WEIGHTS, field_of
from search.models import AssetDocument, MomentDocument


@dataclass(frozen=True)
class Document:
    """What is sent for one asset. `version` grows whenever its facts change: a later one always wins."""

    asset_id: int
    version: int
    body: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        return str(self.body["fingerprint"])


def documents(asset_ids: Collection[int]) -> dict[int, Document]:
    """The documents of those assets by id; assets that have none (any more) are left out."""
    moments: dict[int, list[MomentDocument]] = defaultdict(list)
    for moment in MomentDocument.objects.filter(asset__in=asset_ids).defer("vector"):
        moments[moment.asset_id].append(moment)
    rows = AssetDocument.objects.filter(pk__in=asset_ids).defer("vector").select_related("asset")
    return {row.pk: _document(row, moments[row.pk]) for row in rows if moments[row.pk]}


def _document(row: AssetDocument, moments: list[MomentDocument]) -> Document:
    moments.sort(key=_standing)
    body: dict[str, Any] = {
        "asset": row.pk,
        "library": row.asset.library_id,
        "names": row.names.lower(),
        **_texts(moments),
        "moments": [_moment(place, moment) for place, moment in enumerate(moments[:NESTED_LIMIT])],
    }
    whole = json.dumps([body, FIELDS, WEIGHTS], sort_keys=True).encode()
    body["fingerprint"] = hashlib.sha256(whole).hexdigest()
    return Document(row.pk, max(moment.pk for moment in moments), body)


def _texts(moments: Sequence[MomentDocument]) -> dict[str, dict[str, list[str]]]:
    """Each text once, by weight and by the field of its language."""
    texts: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for moment in moments:
        texts[moment.weight.lower()][field_of(moment.language)][moment.text] = None
    return {weight: {field: list(each) for field, each in fields.items()} for weight, fields in texts.items()}


def _moment(place: int, moment: MomentDocument) -> dict[str, Any]:
    body: dict[str, Any] = {
        "moment": moment.pk,
        "place": place,
        "text": {field_of(moment.language): moment.text},
    }
    if moment.kind == "object":
        body["label"] = moment.text.upper()
    if moment.kind in ("title", "name"):
        body["name"] = moment.text.lower()
    return body


def _standing(moment: MomentDocument) -> tuple[float, str, float, float, int]:
    """Who says so, then weight, confidence (none last), start (none first): the order of the contract."""
    confidence = -1.0 if moment.confidence is None else moment.confidence
    start = -1.0 if moment.start is None else moment.start
    return -moment.authority, moment.weight, -confidence, start, moment.pk
