"""The fields in which people describe an asset: what each is called, of which kind its facts are."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import nh3
from django.core.exceptions import ValidationError

from dam.describing import dates, places

Value = str | tuple[str, ...]
Values = Mapping[str, Value]


@dataclass(frozen=True)
class Field:
    """A field of the form. `longest` is in characters, of the text or of each of at most `most` entries.

    `many` fields hold one entry a line; with `commas` an entry ends at a comma too. `rows` is the height of
    the box in which it is written, 1 for a single line.
    """

    name: str
    kind: str
    label: str
    help: str = ""
    longest: int = 1000
    many: bool = False
    most: int = 100
    commas: bool = False
    rows: int = 1

    @property
    def empty(self) -> Value:
        return () if self.many else ""


FIELDS = {
    field.name: field
    for field in (
        Field("title", "title", "Title", longest=500),
        Field("description", "description", "Description", longest=50_000, rows=6),
        Field(
            "alt",
            "alt",
            "Alternative text",
            "What is shown, for whoever cannot see it.",
            2000,
            rows=2,
        ),
        Field("captions", "caption", "Captions", "One on each line.", 2000, many=True, most=50, rows=2),
        Field(
            "keywords", "keyword", "Keywords", "Separated by commas or lines.", 200, True, 300, True, rows=3
        ),
        Field("creators", "creator", "Creators", "One on each line.", 300, many=True, rows=2),
        Field("credit", "credit", "Credit line"),
        Field("date", "date", "Date", "Like 1931, circa 1931, 1940s, or between 1914 and 1918.", 200),
        Field(
            "places",
            "place",
            "Places",
            "One on each line, with coordinates where they are known: Altona, Hamburg (53.5503, 9.9351).",
            300,
            many=True,
            most=50,
            rows=2,
        ),
        Field("note", "note", "Notes", "For whoever works with this; readers see them too.", 50_000, rows=4),
    )
}
SEPARATOR = re.compile(r"[,;]")
QUOTED_OR_NOT = re.compile(r'[^\S\n]*"([^"\n]*)"|([^,;\n]+)')
KINDS = {field.kind: field for field in FIELDS.values()}
TAG = re.compile(
    r"</?(?:a|abbr|article|b|blockquote|body|br|div|em|font|h[1-6]|head|hr|html|i|iframe|img|li|meta|ol|p|pre|"
    r"script|section|span|strong|style|sub|sup|table|tbody|td|th|thead|tr|u|ul)\b[^<>]*>|<!--",
    re.IGNORECASE,
)
LINE_ENDS = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr|/blockquote|hr)\b[^<>]*>", re.IGNORECASE)
TOO_LONG = "This has {length:,} characters; {longest:,} is the most that fits here."
TRANSCRIPT = " What is said belongs into the transcript."
TOO_MANY = "These are {count:,} entries; {most:,} is the most that fits here."


def clean(name: str, value: Value) -> Value:
    """A value as it is kept: without markup, stray blanks, empty or doubled entries, with dates and places
    read. Raises ValidationError, which says how to mend it, and KeyError for a field that there is not."""
    field = FIELDS[name]
    if field.many:
        return _entries(field, split(field, plain(value)) if isinstance(value, str) else value)
    return _entry(field, value if isinstance(value, str) else "\n".join(value))


def split(field: Field, text: str) -> list[str]:
    """The entries that were written into one box. What stands in quotes stays whole."""
    pieces = QUOTED_OR_NOT.findall(text) if field.commas else [("", line) for line in text.splitlines()]
    return [entry for entry in (f"{quoted}{bare}".strip() for quoted, bare in pieces) if entry]


def plain(text: str) -> str:
    """Text without NULs and without markup; what stood in paragraphs stays in lines."""
    text = text.replace("\x00", "").replace("\r\n", "\n")
    if TAG.search(text):
        text = html.unescape(nh3.clean(LINE_ENDS.sub("\n", text), tags=set()))
        text = re.sub(r"[ \t]*\n[ \t]*(?:\n[ \t]*)+", "\n\n", text)
    return text.strip()


def differ(one: Value, other: Value) -> bool:
    """Whether two values of a field say something else; the order of entries says nothing."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return set(one) != set(other)
    return one != other


def joined(name: str, value: Value) -> str:
    """A value as it stands in the box of its field."""
    if isinstance(value, str):
        return value
    quotes = FIELDS[name].commas
    return "\n".join(f'"{entry}"' if quotes and SEPARATOR.search(entry) else entry for entry in value)


def _entries(field: Field, entries: Sequence[str]) -> tuple[str, ...]:
    if len(entries) > field.most:
        raise ValidationError(TOO_MANY.format(count=len(entries), most=field.most))
    cleaned: dict[str, str] = {}
    for entry in (_entry(field, each) for each in entries):
        cleaned.setdefault(entry.casefold(), entry)
    return tuple(entry for entry in cleaned.values() if entry)


def _entry(field: Field, text: str) -> str:
    text = plain(text)
    text = text if field.rows > 1 and not field.many else " ".join(text.split())
    if len(text) > field.longest:
        reason = TOO_LONG.format(length=len(text), longest=field.longest)
        raise ValidationError(reason + (TRANSCRIPT if field.longest >= 50_000 else ""))
    return _read(field, text) if text else ""


def _read(field: Field, text: str) -> str:
    try:
        if field.kind == "date":
            return dates.read(text).text
        if field.kind == "place":
            return places.read(text).written
    except ValueError as error:
        raise ValidationError(str(error)) from error
    return text
