"""C2PA manifest stores (specification 2.2), as far as they tell where a file comes from.

Nothing is believed of their shape: any value may be anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST = 300  # characters of a text that is kept
MOST = 50  # actions, ingredients and problems that are kept
UNKNOWN_SIGNER = "signingCredential.untrusted"
ACTIONS = ("c2pa.actions", "c2pa.actions.v2")
METADATA = ("c2pa.metadata", "cawg.metadata", "stds.iptc")
SOURCE_TYPE = "DigitalSourceType"


@dataclass(frozen=True)
class Action:
    """One thing that was done: C2PA's name for it, with what, and the digital source type it declares."""

    name: str
    software: str = ""
    source_type: str = ""

    def told(self) -> dict[str, str]:
        """What is known of it, for details."""
        known = {"action": self.name, "software": self.software, "source_type": self.source_type}
        return {name: value for name, value in known.items() if value}


@dataclass(frozen=True)
class Credentials:
    """What the active manifest says. `state` is C2PA's validation state, "elsewhere" or "unreadable";
    `problems` are the codes of failed checks; `earlier` are the source types that manifests of ingredients
    declare, and `metadata` those in the active manifest's copy of the metadata."""

    state: str
    generator: str = ""
    signer: str = ""
    signed_at: str = ""
    actions: Sequence[Action] = ()
    ingredients: Sequence[Mapping[str, str]] = ()
    problems: Sequence[str] = ()
    earlier: Sequence[str] = ()
    metadata: Sequence[str] = ()
    note: str = ""


def understood(told: Mapping[str, Any]) -> Credentials:
    """What `indexing.decoding.credentials.read` told."""
    store = told.get("store")
    if not isinstance(store, dict):
        return Credentials(str(told["state"]), note=_text(told.get("url") or told.get("reason")))
    manifests = _mapping(store.get("manifests"))
    active = _mapping(manifests.get(str(store.get("active_manifest"))))
    signature = _mapping(active.get("signature_info"))
    others = [_mapping(each) for each in manifests.values() if each is not active]
    return Credentials(
        state=str(told["state"]),
        generator=_generator(active),
        signer=_text(signature.get("issuer") or signature.get("common_name")),
        signed_at=_text(signature.get("time")),
        actions=list(_actions(active))[:MOST],
        ingredients=[_ingredient(each) for each in _mappings(active.get("ingredients"))][:MOST],
        problems=_problems(store),
        earlier=[kind for each in others for kind in _source_types(each)][:MOST],
        metadata=list(_in_metadata(active))[:MOST],
    )


def _generator(manifest: Mapping[str, Any]) -> str:
    for info in _mappings(manifest.get("claim_generator_info")):
        return " ".join(filter(None, (_text(info.get("name")), _text(info.get("version")))))
    return _text(manifest.get("claim_generator"))


def _actions(manifest: Mapping[str, Any]) -> Iterator[Action]:
    for assertion in _mappings(manifest.get("assertions")):
        if assertion.get("label") in ACTIONS:
            for action in _mappings(_mapping(assertion.get("data")).get("actions")):
                yield Action(
                    _text(action.get("action")),
                    _agent(action.get("softwareAgent")),
                    _text(action.get("digitalSourceType")),
                )


def _agent(value: Any) -> str:
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _ingredient(ingredient: Mapping[str, Any]) -> dict[str, str]:
    names = ("title", "relationship", "format")
    return {name: _text(ingredient[name]) for name in names if _text(ingredient.get(name))}


def _problems(store: Mapping[str, Any]) -> list[str]:
    """The codes of failed checks, each once; that nobody vouches for the signer is no problem."""
    codes = [_text(each.get("code")) for each in _mappings(store.get("validation_status"))]
    return [code for code in dict.fromkeys(codes) if code and code != UNKNOWN_SIGNER][:MOST]


def _source_types(manifest: Mapping[str, Any]) -> list[str]:
    actions = [action.source_type for action in _actions(manifest) if action.source_type]
    return [*actions, *_in_metadata(manifest)]


def _in_metadata(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Source types in a manifest's copy of the metadata, whatever prefix its XMP gives them."""
    for assertion in _mappings(manifest.get("assertions")):
        if str(assertion.get("label")).split("__")[0] in METADATA:
            for name, value in _mapping(assertion.get("data")).items():
                if name.endswith(SOURCE_TYPE) and _text(value):
                    yield _text(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value.strip()[:LONGEST] if isinstance(value, str) else ""
