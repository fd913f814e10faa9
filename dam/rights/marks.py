"""The mark that a library lays over downloads, as it stands now."""

from __future__ import annotations

import hashlib

from dam.rights import drawing
from dam.rights.drawing import Mark
from dam.rights.models import LibraryRights
from indexing.analysers.contract import MediaError
from indexing.decoding import child
from indexing.decoding.limits import LIMITS

SAMPLE = (640, 360)
"""Pixels of the field on which a mark is shown to those who choose it."""


def mark_of(decided: LibraryRights) -> Mark | None:
    """The library's watermark; None where it has none, or its picture is lost."""
    if not decided.marks:
        return None
    return Mark(
        text=decided.mark_text,
        picture=_picture(decided),
        position=decided.mark_position,
        opacity=decided.mark_opacity / 100,
    )


def _picture(decided: LibraryRights) -> bytes:
    if not decided.mark_picture:
        return b""
    with decided.mark_picture.open("rb") as stored:
        return bytes(stored.read())


def fingerprint(mark: Mark) -> str:
    """Changes whenever the mark looks different."""
    told = f"{mark.text}\n{mark.position}\n{mark.opacity}\n".encode()
    return hashlib.sha256(told + mark.picture).hexdigest()


def sample(mark: Mark) -> bytes:
    """The mark on a field from black to white, as PNG. Raises MediaError where it cannot be drawn."""
    return child.call(drawing.sample, mark, *SAMPLE, seconds=LIMITS.still_seconds)


def check_picture(data: bytes) -> str:
    """Why those bytes cannot be a watermark, in words; "" where they can."""
    try:
        sample(Mark(picture=data))
    except MediaError as problem:
        return str(problem)
    return ""
