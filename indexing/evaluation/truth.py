"""A folder of labelled files, in any of three plain forms."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from indexing.analysers.contract import EVERYWHERE, Finding, Place, Region

MANIFEST = "manifest.csv"
CLASSES = "classes.txt"
YOLO_FOLDERS = ("labels_yolo", "labels")


class TruthError(ValueError):
    """The labels cannot be read; the message says where and why."""


@dataclass(frozen=True)
class Label:
    """What is there: its name, where (or anywhere in the file), and the group it was marked with."""

    name: str
    place: Place = EVERYWHERE
    group: str = ""


@dataclass(frozen=True)
class Labelled:
    """A file and everything that is labelled in it. `words` are those of its captions, where only these say
    what is there."""

    path: Path
    labels: Sequence[Label]
    words: frozenset[str] = frozenset()
    group: str = ""


@dataclass(frozen=True)
class Truth:
    """The labelled files. `vocabulary` is every name that a label may have: others cannot be judged. `digest`
    tells one set of labels from another."""

    files: Sequence[Labelled]
    vocabulary: frozenset[str]
    digest: str

    @property
    def by_words(self) -> bool:
        """True where captions stand for labels."""
        return not self.vocabulary

    def called(self, name: str) -> Truth:
        """The same places with one name for all: a face whoever's it is."""
        name = name.casefold()
        files = [
            replace(file, labels=[replace(label, name=name) for label in file.labels]) for file in self.files
        ]
        return Truth(files, frozenset({name}), self.digest)

    def paired(
        self, found: Sequence[tuple[Labelled, Sequence[Finding]]]
    ) -> list[tuple[Labelled, Sequence[Finding]]]:
        """What was found in files, with these labels of theirs."""
        mine = {file.path: file for file in self.files}
        return [(mine[file.path], findings) for file, findings in found]


def read(folder: Path, column: str = "label", groups: Mapping[str, str] | None = None) -> Truth:
    """The labels of a folder; docs/evaluation.md describes the forms.

    `column` is the column of the manifest that holds the label; `groups` maps names of files or labels to
    the groups that the archivist marked, where the manifest has no column "group". Raises TruthError.
    """
    rows = _rows(folder / MANIFEST) if (folder / MANIFEST).is_file() else []
    groups = groups or {}
    if rows and column in rows[0]:
        files = _from_rows(folder, rows, column, groups)
        names = frozenset(label.name for file in files for label in file.labels)
        if not names:
            raise TruthError(f"{folder / MANIFEST} has nothing in its column {column}.")
    elif (folder / CLASSES).is_file():
        classes = [
            line.strip().casefold() for line in (folder / CLASSES).read_text().splitlines() if line.strip()
        ]
        files = [_from_yolo(folder, path, classes, groups) for path in _pictures(folder, rows)]
        names = frozenset(classes)
    elif rows and _caption_columns(rows[0]):
        files = [_from_captions(folder, row, groups) for row in rows]
        names = frozenset()
    else:
        raise TruthError(
            f"{folder} holds no labels: neither a {MANIFEST} with the columns file and {column}, "
            f"nor a {CLASSES} with YOLO labels, nor a {MANIFEST} with captions."
        )
    if not files:
        raise TruthError(f"{folder} holds labels of no file.")
    return Truth(files, names, hashlib.sha256(repr(files).replace(str(folder), "").encode()).hexdigest())


def read_groups(path: Path) -> dict[str, str]:
    """A CSV file with the columns name (of a file or a label) and group. Raises TruthError."""
    rows = _rows(path)
    if not rows or not {"name", "group"} <= rows[0].keys():
        raise TruthError(f"{path} needs the columns name and group, and a row below them.")
    return {row["name"].strip().casefold(): row["group"].strip() for row in rows}


def words_of(text: str) -> frozenset[str]:
    """The words of a text in small letters, without the s of a plural."""
    return frozenset(re.sub(r"s$", "", word) for word in re.findall(r"[^\W_]+", text.casefold()))


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            rows = [{key: value or "" for key, value in row.items() if key} for row in csv.DictReader(lines)]
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise TruthError(f"{path} cannot be read: {problem}") from problem
    if path.name == MANIFEST and rows and "file" not in rows[0]:
        raise TruthError(f"{path} has no column named file.")
    return rows


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise TruthError(f"{folder / MANIFEST} names {name!r}, which is not a file in that folder.")
    return path


def _from_rows(
    folder: Path, rows: Sequence[dict[str, str]], column: str, groups: Mapping[str, str]
) -> list[Labelled]:
    """Rows of one file together; a row without a label says that the file holds nothing of the kind."""
    labels: dict[str, list[Label]] = defaultdict(list)
    marked: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        name = row[column].strip().casefold()
        group = row.get("group", "").strip() or groups.get(name) or groups.get(row["file"].casefold(), "")
        labels[row["file"]] += [Label(name, _place(row, f"{MANIFEST}, line {number}"), group)] if name else []
        marked.setdefault(row["file"], group)
    return [Labelled(_inside(folder, file), found, group=marked[file]) for file, found in labels.items()]


def _place(row: Mapping[str, str], where: str) -> Place:
    box = [_number(row, side, where) for side in "xywh"]
    start, end = _number(row, "start", where), _number(row, "end", where)
    numbers = [number for number in box if number is not None]
    if len(numbers) not in (0, 4) or (start is None) != (end is None):
        raise TruthError(f"{where}: a box needs x, y, w and h, and a span start and end.")
    return Place(start, end, Region(*numbers) if numbers else None)


def _number(row: Mapping[str, str], name: str, where: str) -> float | None:
    written = row.get(name, "").strip()
    try:
        return float(written) if written else None
    except ValueError as problem:
        raise TruthError(f"{where}: {name} is {written!r}, which is not a number.") from problem


def _pictures(folder: Path, rows: Sequence[dict[str, str]]) -> list[Path]:
    if rows:
        return [_inside(folder, row["file"]) for row in rows]
    images = folder / "images" if (folder / "images").is_dir() else folder
    return sorted(path for path in images.iterdir() if path.is_file() and path.suffix not in (".txt", ".csv"))


def _from_yolo(folder: Path, picture: Path, classes: Sequence[str], groups: Mapping[str, str]) -> Labelled:
    places = [folder / name for name in YOLO_FOLDERS] + [picture.parent]
    written = next((path for place in places if (path := place / f"{picture.stem}.txt").is_file()), None)
    if written is None:
        raise TruthError(f"{picture.name} has no labels: {picture.stem}.txt is in none of {YOLO_FOLDERS}.")
    group = groups.get(picture.name.casefold(), "")
    return Labelled(picture, list(_boxes(written, classes, group)), group=group)


def _boxes(path: Path, classes: Sequence[str], group: str) -> Iterator[Label]:
    """Lines of class number, middle and size in 0..1 of the frame."""
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            kind, *box = line.split()
            x, y, w, h = map(float, box)
            name = classes[int(kind)]
        except (ValueError, IndexError) as problem:
            raise TruthError(f"{path}, line {number}: not a YOLO label: {line!r}") from problem
        yield Label(name, Place(region=Region(x - w / 2, y - h / 2, w, h)), group)


def _caption_columns(row: Mapping[str, str]) -> list[str]:
    return [name for name in row if name.startswith("caption")]


def _from_captions(folder: Path, row: Mapping[str, str], groups: Mapping[str, str]) -> Labelled:
    words = words_of(" ".join(row[name] for name in _caption_columns(row)))
    group = row.get("group", "").strip() or groups.get(row["file"].casefold(), "")
    return Labelled(_inside(folder, row["file"]), (), words, group)
