"""The technical metadata of a file, as the decoder in the child process reports it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dam.assets.refusals import Refused
from dam.assets.sniff import Sniffed
from indexing.analysers.contract import MediaError
from indexing.decoding import child, containers, stills
from indexing.decoding.limits import LIMITS


@dataclass(frozen=True)
class Technical:
    """Width and height in pixels, upright (None for sound), duration in seconds (None for stills), and
    details fit for JSON: format, codecs, streams; `damage` where only a part could be decoded."""

    width: int | None = None
    height: int | None = None
    duration: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def probe(path: Path, sniffed: Sniffed) -> Technical:
    """Decode enough of the file to know its size and that it can be decoded. Raises Refused."""
    try:
        found = _still(path, sniffed) if sniffed.kind == "image" else _timed(path)
    except MediaError as error:
        raise Refused(str(error)) from error
    note = {"note": sniffed.note} if sniffed.note else {}
    return Technical(found["width"], found["height"], found["duration"], {**found["details"], **note})


def _still(path: Path, sniffed: Sniffed) -> dict[str, Any]:
    facts = child.call(stills.describe, path, sniffed.form, seconds=LIMITS.still_seconds)
    return {**facts, "duration": None}


def _timed(path: Path) -> dict[str, Any]:
    facts = child.call(containers.describe, path, seconds=LIMITS.probe_seconds)
    if not facts["duration"]:
        raise Refused("The recording lasts no time at all.")
    return facts
