"""In which ways each field can be changed in bulk, and what the columns of other systems call it."""

from __future__ import annotations

from dam.describing.fields import FIELDS as DESCRIPTION
from dam.describing.fields import Field

LEAVE = ""
SET, FILL, ADD, REMOVE, CLEAR = "set", "fill", "add", "remove", "clear"
ONE, TEXT, MANY = (SET, FILL, CLEAR), (SET, FILL, ADD, CLEAR), (ADD, REMOVE, SET, CLEAR)

MODE_LABELS = {
    LEAVE: "Leave as it is",
    SET: "Replace with",
    FILL: "Fill in where empty",
    ADD: "Add",
    REMOVE: "Remove",
    CLEAR: "Empty it",
}

RIGHTS = {
    "statement": Field("statement", "rights", "Rights statement", longest=200),
    "holder": Field("holder", "rights", "Copyright holder", longest=300),
}
FIELDS = {**DESCRIPTION, **RIGHTS}
"""Whatever can be changed in the same way for many assets; see dam.describing.fields for its parts."""

LABELS = {
    **{name: field.label for name, field in FIELDS.items()},
    "rights": "Rights",
    "collection": "Collection",
    "trash": "Trash",
    "decision": "Proposals",
}
"""What a change is called on pages and in reports."""

KEYS = {"name": "File name", "title": "Title", "sha256": "SHA-256", "id": "Number of the asset"}
"""By what a row of a file finds its asset."""

KEY_HEADERS = {
    "sha256": ("sha256", "checksum", "filechecksum", "hash"),
    "name": ("filename", "file", "originalfilename", "originalname", "sourcefile", "dateiname", "fichier"),
    "id": ("id", "assetid", "mediathequeid"),
}
"""The better names first. Those of ResourceSpace, IPTC and ExifTool are among them."""

HEADERS = {
    "title": ("title", "objectname", "headline", "titel", "titre", "titulo"),
    "description": (
        "description", "caption", "captionabstract", "abstract", "summary", "beschreibung", "legende",
        "descripcion",
    ),
    "alt": ("alt", "alttext", "alttextaccessibility", "alternativetext"),
    "captions": ("captions",),
    "keywords": (
        "keyword", "keywords", "keywordssubject", "subject", "subjects", "tags", "schlagworte", "motscles",
    ),
    "creators": (
        "creator", "creators", "byline", "photographer", "photographercredit", "author", "artist", "fotograf",
        "photographe",
    ),
    "credit": ("credit", "creditline", "provider"),
    "date": ("date", "datecreated", "datetimeoriginal", "datetaken", "created", "captured", "taken", "datum"),
    "places": (
        "place", "places", "location", "locations", "sublocation", "locationshown", "locationcreated", "city",
        "ort", "lieu",
    ),
    "statement": ("rightsstatement", "license", "licence", "webstatement", "edmrights"),
    "holder": ("copyrightholder", "rightsholder", "holder", "copyrightowner", "copyrightownername"),
    "note": ("note", "notes", "comment", "comments"),
}  # fmt: skip


def modes(name: str) -> tuple[str, ...]:
    """The ways in which a field can be changed."""
    field = FIELDS[name]
    return MANY if field.many else TEXT if field.rows > 2 else ONE


def guess(headers: list[str]) -> list[str]:
    """For each column `key:NAME`, the name of a field, or "" where its header tells nothing.

    One column finds the asset and no field is guessed twice; a title finds it where nothing better does.
    """
    plain = [plain_header(header) for header in headers]
    guesses = [_named(HEADERS, header) for header in plain]
    keys = [_named(KEY_HEADERS, header) for header in plain]
    found = next((name for name in KEY_HEADERS if name in keys), "")
    if found:
        guesses[keys.index(found)] = f"key:{found}"
    elif "title" in guesses:
        guesses[guesses.index("title")] = "key:title"
    return [name if name not in guesses[:place] else "" for place, name in enumerate(guesses)]


def plain_header(header: str) -> str:
    """A column's header without a standard's prefix, case, spaces and signs: "XMP-dc:Title" is "title"."""
    return "".join(letter for letter in header.rpartition(":")[2].casefold() if letter.isalnum())


def _named(table: dict[str, tuple[str, ...]], header: str) -> str:
    return next((name for name, headers in table.items() if header in headers), "")
