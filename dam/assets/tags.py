"""Reading values out of ExifTool's answer: by name, cleaned, bounded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Tags = Mapping[str, Any]

LONGEST = 10_000
MOST_VALUES = 500
DEEPEST = 6
# C0 and C1 controls but tab and newline, and the surrogates that no database stores.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
BINARY = re.compile(r"\(Binary data \d+ bytes")
UNTOLD = re.compile(r"(ExifTool|System|File|ICC|Photoshop|MPF|PrintIM|IFD1|InteropIFD|JFIF|Adobe)")


def clean(value: Any) -> str:
    """One line or more of text without control characters, trimmed and bounded; "" for what is no text."""
    if not isinstance(value, str) or BINARY.match(value):
        return ""
    return CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()[:LONGEST]


def texts(value: Any) -> list[str]:
    """The value or values as cleaned text, without empty ones."""
    values = value if isinstance(value, list) else [value]
    return [text for text in map(clean, values[:MOST_VALUES]) if text]


def named(tags: Tags, names: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """(tag, values) of each tag that is there, in the order of `names`.

    A name is "Group:Tag"; a group ending in * stands for all that begin so (ID3v2*, ItemList*).
    """
    for name in names:
        group, _, tag = name.partition(":")
        keys = [name] if not group.endswith("*") else [key for key in tags if _matches(key, group[:-1], tag)]
        for key in keys:
            if values := texts(tags.get(key)):
                yield key, values


def _matches(key: str, start: str, tag: str) -> bool:
    return key.startswith(start) and key.partition(":")[2] == tag


def number(value: Any) -> float | None:
    """The value as a finite number, or None."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if abs(found) < float("inf") else None


def worth_keeping(tags: Tags) -> dict[str, Any]:
    """All that tells of the picture or recording, cleaned; nothing of file, profile or previews."""
    kept = {key: _bounded(value, DEEPEST) for key, value in tags.items() if not UNTOLD.match(key)}
    told = {clean(key): value for key, value in kept.items() if value not in ("", None, [], {})}
    return dict(list(told.items())[:MOST_VALUES])


def _bounded(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        inner = list(value.items())[:MOST_VALUES] if depth else []
        return {clean(str(key)): _bounded(each, depth - 1) for key, each in inner}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_bounded(each, depth - 1) for each in value[:MOST_VALUES]] if depth else []
    return value if isinstance(value, bool) else clean(value)[:2000]
