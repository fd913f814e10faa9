"""The chapters that a film or recording states itself, as facts."""

from __future__ import annotations

from dam.assets.technical import Technical
from indexing.analysers.contract import Finding, Place

TAG = "container chapter"


def stated_chapters(technical: Technical) -> list[Finding]:
    """A "chapter" for each that the container lists; without a title it is called by its number."""
    return [
        Finding(
            "chapter",
            chapter["title"] or f"Chapter {number}",
            place=Place(chapter["start"], chapter["end"]),
            details={"tag": TAG},
        )
        for number, chapter in enumerate(technical.details.get("chapters", ()), 1)
    ]
