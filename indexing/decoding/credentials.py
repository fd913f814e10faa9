"""Content Credentials (C2PA) of a file, read in the decoding child: nothing is fetched, nobody is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

OFFLINE = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}
LARGEST = 8 * 1024**2  # characters of a manifest store as JSON
LOOKED_THROUGH = 64 * 1024**2  # bytes of a damaged file in which a manifest's label is looked for
LABEL = b"c2pa"
"""What every manifest store is called (C2PA specification 2.2, JUMBF embedding)."""
ELSEWHERE = "must fetch remote manifests from url "
"""How c2pa-rs begins to say that the manifest is not in the file."""


def read(path: Path) -> dict[str, Any] | None:
    """The manifest store of a file, or None where it has none, is of a type that can have none, or is damaged
    and shows no sign of one.

    {"state": "Valid" | "Trusted" | "Invalid", "store": the store as c2pa-rs reports it}, or {"state":
    "elsewhere", "url": ...} where it is kept on the web, or {"state": "unreadable", "reason": ...}.
    """
    import c2pa

    try:
        with path.open("rb") as file:
            return _told(c2pa.Reader(None, file, context=c2pa.Context(c2pa.Settings.from_dict(OFFLINE))))
    except (c2pa.C2paError.ManifestNotFound, c2pa.C2paError.NotSupported):
        return None
    except c2pa.C2paError as error:
        return _refused(path, str(error))


def _told(reader: Any) -> dict[str, Any]:
    said = reader.json()
    if len(said) > LARGEST:
        return {"state": "unreadable", "reason": f"They are longer than {LARGEST // 1024**2} MiB."}
    return {"state": str(reader.get_validation_state()), "store": json.loads(said)}


def _refused(path: Path, reason: str) -> dict[str, Any] | None:
    _, found, url = reason.partition(ELSEWHERE)
    if found:
        return {"state": "elsewhere", "url": url.strip()}
    with path.open("rb") as file:
        signed = LABEL in file.read(LOOKED_THROUGH)
    return {"state": "unreadable", "reason": reason[:300]} if signed else None
