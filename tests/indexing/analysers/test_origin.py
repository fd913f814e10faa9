"""What a file declares about its origin becomes facts; what it does not declare is not concluded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from indexing.analysers.contract import Context, Finding
from indexing.analysers.declarations import CONTAINS, GENERATED, PARTLY, term_of, words
from indexing.analysers.origin import STATES, Origin
from indexing.media import open_media
from tests.indexing.decoding.signing import SOURCE, signed_picture


class Told:
    """A medium whose manifest is given."""

    kind = "image"

    def __init__(self, manifest: Mapping[str, Any] | None = None) -> None:
        self.told = manifest

    def manifest(self) -> Mapping[str, Any] | None:
        return self.told


def found(media: Any, **tags: Any) -> dict[str, Mapping[str, Any]]:
    """Text and details of what is found beside those embedded metadata ("Group__Tag")."""
    metadata = Finding("metadata", details={name.replace("__", ":"): value for name, value in tags.items()})
    context = Context(lambda name: Path(name), lambda kind: [metadata] if kind == "metadata" and tags else [])
    return {each.text: each.details for each in Origin().analyse(media, context)}


def store(state: str = "Valid", actions: Any = (), **manifest: Any) -> dict[str, Any]:
    made = {"assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}], **manifest}
    return {"state": state, "store": {"active_manifest": "a", "manifests": {"a": made}}}


def test_a_signed_picture_says_what_was_declared(tmp_path: Path) -> None:
    path = signed_picture(tmp_path / "made.jpg", "trainedAlgorithmicMedia")
    facts = found(open_media("image", path, None))
    credentials = facts[STATES["Valid"]]
    assert credentials["generator"] == "made for tests 1"
    assert credentials["signer"] == "Tests"
    assert credentials["actions"][0]["action"] == "c2pa.created"
    assert "problems" not in credentials
    assert facts[GENERATED] == {
        "declared_in": "content credentials, action c2pa.created",
        "credentials": "Valid",
    }


def test_real_credentials_of_an_edit_with_generative_ai(shared: Callable[..., Path]) -> None:
    facts = found(open_media("image", shared("media", "c2pa", "rs__ocsp.jpg"), None))
    assert PARTLY in facts
    assert CONTAINS in facts
    assert GENERATED not in facts
    assert facts[STATES["Valid"]]["generator"].startswith("Adobe Photoshop")


def test_tampered_files_do_not_match_and_say_why(shared: Callable[..., Path]) -> None:
    facts = found(open_media("image", shared("media", "c2pa", "rs__XCA.jpg"), None))
    assert list(facts) == [STATES["Invalid"]]
    assert facts[STATES["Invalid"]]["problems"] == ["assertion.dataHash.mismatch"]


def test_a_declaration_in_credentials_that_do_not_match_says_so() -> None:
    action = {"action": "c2pa.created", "digitalSourceType": SOURCE + "trainedAlgorithmicMedia"}
    assert found(Told(store("Invalid", [action])))[GENERATED]["credentials"] == "Invalid"


@pytest.mark.parametrize(
    ("term", "text"),
    [("trainedAlgorithmicMedia", GENERATED), ("compositeWithTrainedAlgorithmicMedia", PARTLY)],
)
def test_embedded_metadata_declare_too(term: str, text: str) -> None:
    facts = found(Told(), **{"XMP-iptcExt__DigitalSourceType": SOURCE + term})
    assert facts[text] == {"declared_in": "XMP-iptcExt:DigitalSourceType"}


def test_the_system_that_generated_a_picture_is_a_declaration() -> None:
    facts = found(Told(), **{"XMP-iptcExt__AISystemUsed": "Painter 1"})
    assert "Painter 1" in facts[GENERATED]["declared_in"]


@pytest.mark.parametrize("term", ["digitalCapture", "algorithmicMedia", "digitalArt", "compositeSynthetic"])
def test_other_source_types_are_named_and_not_taken_for_ai(term: str) -> None:
    facts = found(Told(), **{"XMP-iptcExt__DigitalSourceType": SOURCE + term})
    assert list(facts) == [f"Digital source: {words(term)}"]


def test_software_is_named_once_with_its_field() -> None:
    history = [{"Action": "saved", "SoftwareAgent": "Darkroom 3"}, {"SoftwareAgent": "Painter 1"}, "odd"]
    facts = found(Told(), IFD0__Software="Painter 1", **{"XMP-xmpMM__History": history})
    assert {text: details["tag"] for text, details in facts.items()} == {
        "Software named in the file: Painter 1": "IFD0:Software",
        "Software named in the file: Darkroom 3": "XMP-xmpMM:History",
    }


def test_without_a_declaration_there_is_no_fact() -> None:
    assert found(Told()) == {}


@pytest.mark.parametrize(
    "told",
    [
        {"state": "Valid", "store": {"manifests": ["odd"], "validation_status": "odd", "active_manifest": 3}},
        store(actions={"odd": 1}, ingredients="odd", claim_generator_info=[3], signature_info=[]),
        store(actions=[7, {"action": ["odd"], "digitalSourceType": {"odd": 1}, "softwareAgent": 4}]),
        {"state": "unreadable", "reason": "odd"},
        {"state": "elsewhere", "url": "https://example.org/m"},
    ],
)
def test_manifests_of_any_shape_are_survived(told: Mapping[str, Any]) -> None:
    assert list(found(Told(told))) == [STATES[told["state"]]]


def test_long_manifests_are_cut() -> None:
    actions = [{"action": "c2pa.edited" * 200}] * 500
    (details,) = found(Told(store(actions=actions))).values()
    assert len(details["actions"]) == 50
    assert len(details["actions"][0]["action"]) == 300


def test_terms_are_known_by_address_or_alone() -> None:
    assert term_of(SOURCE + "print") == term_of("print") == "print"
    assert term_of("https://example.org/print") == ""
