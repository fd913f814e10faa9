"""What a file declares about its origin: Content Credentials, digital source type, the software that made it.

Nothing is concluded from how a picture looks or a voice sounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata

from indexing.analysers import declarations
from indexing.analysers.contract import Context, Finding, Media, MediaKind, Queue
from indexing.analysers.manifests import Credentials, understood

STATES = {
    "Trusted": "Content credentials: signature valid, signer trusted",
    "Valid": "Content credentials: signature valid, signer unknown",
    "Invalid": "Content credentials do not match the file",
    "elsewhere": "Content credentials are kept elsewhere and were not fetched",
    "unreadable": "Content credentials cannot be read",
}
"""C2PA's validation states for a person. No list of trusted signers is installed, so "Trusted" is rare."""
SOFTWARE = (
    "IFD0:Software", "XMP-xmp:CreatorTool", "XMP-tiff:Software", "IPTC:OriginatingProgram", "PNG:Software",
    "XMP-xmpMM:History",
)  # fmt: skip


class Origin:
    """Facts of kind "provenance": what is declared, and where."""

    name = "origin"
    version = "1"
    model = f"c2pa-python {metadata.version('c2pa-python')}"
    kinds: Sequence[str] = ("provenance",)
    applies_to: Sequence[MediaKind] = ("image", "video", "audio")
    depends: Sequence[str] = ()
    queue: Queue = "cpu"
    weights: Sequence[str] = ()
    spaces: Mapping[str, int] = {}

    def analyse(self, media: Media, context: Context) -> Iterator[Finding]:
        store = media.manifest()
        credentials = understood(store) if store else None
        tags = {name: value for fact in context.facts("metadata") for name, value in fact.details.items()}
        if credentials:
            yield Finding("provenance", STATES[credentials.state], details=_details(credentials))
        yield from _software(tags)
        yield from declarations.facts(credentials, tags)


def _details(credentials: Credentials) -> dict[str, object]:
    told = {
        "state": credentials.state,
        "generator": credentials.generator,
        "signer": credentials.signer,
        "signed_at": credentials.signed_at,
        "actions": [action.told() for action in credentials.actions],
        "ingredients": list(credentials.ingredients),
        "problems": list(credentials.problems),
        "note": credentials.note,
    }
    return {name: value for name, value in told.items() if value}


def _software(tags: Mapping[str, object]) -> Iterator[Finding]:
    """Each program that the metadata name, once, with the field that names it first."""
    seen: dict[str, str] = {}
    for tag in SOFTWARE:
        for program in _programs(tags.get(tag)):
            seen.setdefault(program, tag)
    for program, tag in seen.items():
        yield Finding("provenance", f"Software named in the file: {program}", details={"tag": tag})


def _programs(value: object) -> list[str]:
    """A program's name, or those in an XMP history."""
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    steps = value if isinstance(value, list) else []
    agents = [step.get("SoftwareAgent") for step in steps if isinstance(step, Mapping)]
    return [agent.strip() for agent in agents if isinstance(agent, str) and agent.strip()]
