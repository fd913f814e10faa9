"""An asset's document for Elasticsearch, from the documents that PostgreSQL holds."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dam.assets.models import Asset
from indexing.models import Annotation, Embedding
from search.backends.elasticsearch.mapping import (
    FIELDS,
    MOST_DIMENSIONS,
    NESTED_LIMIT,
    VIEWS_LIMIT,
    WEIGHTS,
    field_of,
    vector_field,
)
from search.models import AssetDocument, MomentDocument

Vectors = Mapping[str, list[list[float]]]
"""Each space's vectors, of its number of dimensions each."""


@dataclass(frozen=True)
class Document:
    """What is sent for one asset. `version` grows whenever its facts change: a later one always wins.
    `spaces` are those of its vectors, with their dimensions."""

    asset_id: int
    version: int
    body: dict[str, Any]
    spaces: Mapping[str, int] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        return str(self.body["fingerprint"])


def documents(asset_ids: Collection[int]) -> dict[int, Document]:
    """The documents of those assets by id; assets that have none (any more) are left out."""
    moments: dict[int, list[MomentDocument]] = defaultdict(list)
    for moment in (
        MomentDocument.objects.filter(asset__in=asset_ids).select_related("annotation").defer("vector")
    ):
        moments[moment.asset_id].append(moment)
    vectors = _vectors(asset_ids)
    rows = AssetDocument.objects.filter(pk__in=asset_ids).defer("vector").select_related("asset")
    return {row.pk: _document(row, moments[row.pk], vectors[row.pk]) for row in rows if moments[row.pk]}


def spaces() -> dict[str, int]:
    """Every space that the index can hold, with its dimensions."""
    names = Embedding.objects.order_by("space").values_list("space", flat=True).distinct()
    first = (Embedding.objects.filter(space=name).first() for name in names)
    return _fitting({each.space: len(each.vector) for each in first if each})


def _fitting(dimensions: Mapping[str, int]) -> dict[str, int]:
    return {space: number for space, number in dimensions.items() if number <= MOST_DIMENSIONS}


def _vectors(asset_ids: Collection[int]) -> dict[int, Vectors]:
    """The vectors that stand for a place in an asset, by asset and space; not those of one fact each."""
    found: dict[int, Vectors] = defaultdict(lambda: defaultdict(list))
    rows = Embedding.objects.filter(asset__in=asset_ids, annotation=None).order_by("pk")
    for asset_id, space, vector in rows.values_list("asset", "space", "vector"):
        if len(vector) <= MOST_DIMENSIONS and sum(map(len, found[asset_id].values())) < VIEWS_LIMIT:
            found[asset_id][space].append([round(float(number), 7) for number in vector])
    return found


def _document(row: AssetDocument, moments: list[MomentDocument], vectors: Vectors) -> Document:
    moments.sort(key=_standing)
    body: dict[str, Any] = {
        **_attributes(row.asset, moments),
        "names": row.names.lower(),
        **_texts(moments),
        "moments": [_moment(place, moment) for place, moment in enumerate(moments[:NESTED_LIMIT])],
        "views": [{vector_field(space): each} for space in sorted(vectors) for each in vectors[space]],
    }
    whole = json.dumps([body, FIELDS, WEIGHTS], sort_keys=True).encode()
    body["fingerprint"] = hashlib.sha256(whole).hexdigest()
    dimensions = {space: len(each[0]) for space, each in vectors.items()}
    return Document(row.pk, max(moment.pk for moment in moments), body, dimensions)


def _attributes(asset: Asset, moments: Iterable[MomentDocument]) -> dict[str, Any]:
    """What is known of the asset itself; what is not known is left out."""
    known = {
        "asset": asset.pk,
        "library": asset.library_id,
        "kind": asset.kind,
        "duration": asset.duration,
        "taken": _instant(asset.taken_at),
        "added": _instant(asset.added_at),
        "date": _instant(asset.taken_at or asset.added_at),
        "languages": sorted({tag for moment in moments for tag in _tags(moment.language)}),
    }
    return {name: value for name, value in known.items() if value is not None}


def _instant(moment: datetime | None) -> str | None:
    """As Elasticsearch keeps it: to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds") if moment else None


def _tags(language: str) -> list[str]:
    """The language and what it is a kind of: "pt-br" and "pt" for "pt-BR"."""
    parts = language.lower().split("-") if language else []
    return ["-".join(parts[: number + 1]) for number in range(len(parts))]


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
        "kind": moment.kind,
        "source": moment.annotation.source if moment.annotation else Annotation.Source.FILE,
        "authority": moment.authority,
        "text": {field_of(moment.language): moment.text},
    }
    if moment.confidence is not None:
        body["confidence"] = moment.confidence
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
