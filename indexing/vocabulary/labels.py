"""The labels: read from TOML, checked, and changed by the operator's own file."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexing.engines.coco import LABELS as COCO

CURATED = Path(__file__).with_name("labels")
KINDS = ("object", "scene", "action", "event", "weather", "daytime", "landmark")
FIELDS = ("phrases", "broader", "words", "near")
MOST_PHRASES = 12
LONGEST = 80
"""Characters of a label, a phrase or a word."""


class VocabularyError(ValueError):
    """A vocabulary file is wrong. The message names the file, the label and what to do."""


@dataclass(frozen=True)
class Label:
    """What a picture may be tagged with.

    `phrases` are ways to say what it looks like; `broader` a wider term; `words` those by which captions and
    speech name it; `near` the detected things (COCO's names) that go with it.
    """

    kind: str
    name: str
    phrases: tuple[str, ...]
    broader: str = ""
    words: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The identity of its phrases: vectors made of them are kept under it."""
        return digest(self.phrases)


def digest(parts: Iterable[object]) -> str:
    """The first 16 hexadecimal digits of the sha256 of the parts, one a line."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]


def curated() -> list[Label]:
    """The labels that come with the project."""
    return [label for path in sorted(CURATED.glob("*.toml")) for label in _read(path).values() if label]


def load(own: Path | None = None) -> list[Label]:
    """The curated labels, changed by the operator's file where there is one.

    A label of that file replaces the curated one of the same kind and name, or is added; `false` turns a
    label off. Raises VocabularyError where the file is wrong.
    """
    labels: dict[tuple[str, str], Label | None] = {(each.kind, each.name): each for each in curated()}
    if own is not None and own.exists():
        changes = _read(own)
        _check_turned_off(own, changes, labels)
        labels.update(changes)
    return [label for label in labels.values() if label]


def _check_turned_off(path: Path, changes: Mapping[Any, Label | None], known: Mapping[Any, Any]) -> None:
    for kind, name in (key for key, label in changes.items() if label is None and key not in known):
        raise VocabularyError(f"{path.name}: [{kind}] {name!r} is turned off, but there is no such label.")


def _read(path: Path) -> dict[tuple[str, str], Label | None]:
    """The labels of a file by kind and name; None for one that is turned off."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise VocabularyError(f"{path.name} cannot be read: {problem}") from problem
    found: dict[tuple[str, str], Label | None] = {}
    for kind, table in tables.items():
        if kind not in KINDS or not isinstance(table, dict):
            raise VocabularyError(f"{path.name}: [{kind}] is no table of labels. Kinds: {', '.join(KINDS)}.")
        for name, entry in table.items():
            found[kind, name] = _label(f"{path.name}: [{kind}] {name!r}", kind, name, entry)
    return found


def _label(where: str, kind: str, name: str, entry: object) -> Label | None:
    if entry is False:
        return None
    fields = {"phrases": entry} if isinstance(entry, list) else entry
    if not isinstance(fields, dict):
        raise VocabularyError(f"{where} must be a list of phrases, a table with phrases, or false.")
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        raise VocabularyError(f"{where} has {', '.join(unknown)}; it may have {', '.join(FIELDS)}.")
    phrases = _texts(where, "phrases", fields.get("phrases", []))
    if not phrases or len(phrases) > MOST_PHRASES:
        raise VocabularyError(f"{where} needs 1 to {MOST_PHRASES} phrases.")
    words = _texts(where, "words", fields.get("words", [name]))
    (broader,) = _texts(where, "broader", [fields["broader"]]) if "broader" in fields else ("",)
    _texts(where, "name", [name])
    return Label(kind, name.strip(), phrases, broader, words, _near(where, fields))


def _near(where: str, fields: Mapping[str, Any]) -> tuple[str, ...]:
    things = _texts(where, "near", fields.get("near", []))
    strange = [thing for thing in things if thing not in COCO]
    if strange:
        raise VocabularyError(f"{where}: near may only name what the detectors know, not {strange[0]!r}.")
    return things


def _texts(where: str, field: str, values: object) -> tuple[str, ...]:
    """The values without white space at their ends. Raises VocabularyError where one is no short text."""
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise VocabularyError(f"{where}: {field} must be a list of texts.")
    for value in values:
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST or "\n" in value:
            raise VocabularyError(f"{where}: {field} must be single lines of 1 to {LONGEST} characters.")
    return tuple(value.strip() for value in values)
