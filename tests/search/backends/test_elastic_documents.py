"""An asset's document holds what the search server is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from search import documents
from search.backends.elasticsearch import content, mapping
from search.models import MomentDocument
from tests.factories import make_asset, make_fact
from tests.search.backends.elastic_documents import embedded, known

pytestmark = pytest.mark.django_db


def strange(document: Any, properties: Mapping[str, Any]) -> list[str]:
    """Fields that the mapping, which is strict, does not know."""
    found = []
    for name, value in document.items():
        inner = properties.get(name, {}).get("properties")
        if name not in properties:
            found.append(name)
        elif inner:
            each = value if isinstance(value, list) else [value]
            found += [field for item in each for field in strange(item, inner)]
    return found


def test_a_document_holds_texts_by_weight_and_language_and_the_moments_in_their_order() -> None:
    asset = make_asset(title="Harbour", original_name="DSC_1.jpg")
    make_fact(asset, "speech", "deux chevaux", language="fr-CA")
    make_fact(asset, "speech", "dos caballos", language="xx")
    make_fact(asset, "object", "Dog", confidence=0.5)
    make_fact(asset, "object", "Dog", confidence=0.9)
    documents.rebuild([asset.pk])
    body = content.documents([asset.pk])[asset.pk].body
    assert body["a"] == {"en": ["Harbour"]}
    assert body["b"] == {"en": ["DSC_1.jpg", "Dog"]}
    assert body["c"] == {"fr": ["deux chevaux"], "plain": ["dos caballos"]}
    assert body["names"] == "harbour dsc_1.jpg"
    assert [(each["place"], each.get("label"), each.get("name")) for each in body["moments"]] == [
        (0, None, "harbour"),
        (1, None, "dsc_1.jpg"),
        (2, "DOG", None),
        (3, "DOG", None),
        (4, None, None),
        (5, None, None),
    ]
    surest = MomentDocument.objects.get(pk=body["moments"][2]["moment"])
    assert surest.confidence == pytest.approx(0.9)
    assert strange(body, mapping.mappings({})["properties"]) == []


def test_a_document_holds_what_can_be_asked_besides_words() -> None:
    taken = datetime(1969, 7, 20, 20, 17, 40, 123456, tzinfo=UTC)
    asset = make_asset(kind="video", duration=600.5, taken_at=taken)
    make_fact(asset, "speech", "bom dia", language="pt-BR", confidence=0.5)
    make_fact(asset, "keyword", "boat", source="person")
    documents.rebuild([asset.pk])
    body = content.documents([asset.pk])[asset.pk].body
    assert (body["kind"], body["duration"], body["languages"]) == ("video", 600.5, ["pt", "pt-br"])
    assert body["date"] == body["taken"] == "1969-07-20T20:17:40.123+00:00"
    assert body["added"] > body["taken"]
    facts = {each["kind"]: each for each in body["moments"]}
    assert {
        kind: (each["source"], each["authority"], each.get("confidence")) for kind, each in facts.items()
    } == {
        "name": ("file", 1, None),
        "speech": ("machine", 0, 0.5),
        "keyword": ("person", 2, None),
    }
    undated = known()
    body = content.documents([undated.pk])[undated.pk].body
    assert body["date"] == body["added"]
    assert body.keys().isdisjoint({"taken", "duration"})


def _said(moment: dict[str, Any]) -> tuple[str, int, float | None]:
    return moment["source"], moment["authority"], moment.get("confidence")


def test_a_document_holds_the_vectors_of_places_and_not_those_of_facts() -> None:
    asset = embedded(known(), "clip", [1, 0, 0], [0, 0.6, 0.8])
    embedded(asset, "face", [1, 0], annotation=asset.annotations.first())
    document = content.documents([asset.pk])[asset.pk]
    field = mapping.vector_field("clip")
    assert document.body["views"] == [{field: [1, 0, 0]}, {field: [0, 0.6, 0.8]}]
    assert document.spaces == {"clip": 3}
    properties = mapping.mappings(document.spaces)["properties"]
    assert strange(document.body, properties) == []
    vector = properties["views"]["properties"][field]
    assert (vector["dims"], vector["index_options"]["type"]) == (3, "int8_hnsw")


def test_too_many_or_too_long_vectors_stay_in_postgresql(monkeypatch) -> None:
    monkeypatch.setattr(content, "VIEWS_LIMIT", 1)
    monkeypatch.setattr(content, "MOST_DIMENSIONS", 3)
    asset = embedded(known(), "clip", [1, 0, 0], [0, 0.6, 0.8])
    embedded(asset, "long", [1, 0, 0, 0])
    document = content.documents([asset.pk])[asset.pk]
    assert (len(document.body["views"]), document.spaces) == (1, {"clip": 3})
    assert content.spaces() == {"clip": 3}


@pytest.mark.parametrize(
    ("language", "field"),
    [
        ("", "en"),
        ("en-GB", "en"),
        ("FR", "fr"),
        ("nb", "no"),
        ("zh-Hant", "cjk"),
        ("sw", "plain"),
        ("?", "plain"),
    ],
)
def test_each_language_has_its_field(language: str, field: str) -> None:
    assert mapping.field_of(language) == field


def test_a_later_document_has_a_higher_version_and_a_fingerprint_of_its_own() -> None:
    asset = known()
    before = content.documents([asset.pk])[asset.pk]
    make_fact(asset, "object", "cat")
    documents.rebuild([asset.pk])
    after = content.documents([asset.pk])[asset.pk]
    assert after.version > before.version
    assert after.fingerprint != before.fingerprint
    assert content.documents([asset.pk])[asset.pk].fingerprint == after.fingerprint
