"""An analyser at work on files that are not in the library: nothing it finds is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from dam.assets import embedded, sniff, technical
from dam.assets.refusals import Refused
from indexing import weights
from indexing.analysers import registry
from indexing.analysers.contract import Analyser, Context, Finding, Media, MediaError, Vector
from indexing.evaluation.truth import Labelled
from indexing.media import open_media

Told = Callable[[str], None]


def found_in(
    files: Sequence[Labelled], analyser: Analyser, threads: int, tell: Told
) -> Iterator[tuple[Labelled, list[Finding]]]:
    """Each file that can be read, with what the analyser finds in it; `tell` is told of the others.

    What the analyser depends on works first, where it is enabled, and the file's own facts are at hand.
    """
    before = _needed(analyser)
    for file in files:
        try:
            yield file, _findings(file.path, [*before, analyser], threads)
        except (Refused, MediaError) as problem:
            tell(f"{file.path.name} is left out: {problem}")


def _needed(analyser: Analyser) -> list[Analyser]:
    """The enabled analysers that this one depends on, directly or not, each after those it depends on."""
    wanted = {analyser.name}
    for each in reversed(registry.all()):
        wanted |= set(each.depends) if each.name in wanted else set()
    return [each for each in registry.enabled() if each.name in wanted - {analyser.name}]


def _findings(path: Path, analysers: Sequence[Analyser], threads: int) -> list[Finding]:
    media = _opened(path)
    facts = list(embedded.read_embedded(path).findings)
    vectors: list[Vector] = []
    found: list[Finding] = []
    for analyser in analysers:
        if media.kind not in analyser.applies_to:
            found = []
            continue
        context = Context(
            weights.path, partial(_of_kind, facts), partial(_in_space, vectors), threads=threads
        )
        told = list(analyser.analyse(media, context))
        found = [each for each in told if isinstance(each, Finding)]
        facts += found
        vectors += [each for each in told if isinstance(each, Vector)]
    return found


def _opened(path: Path) -> Media:
    sniffed = sniff.sniff(path, path.name)
    return open_media(sniffed.kind, path, technical.probe(path, sniffed).duration)


def _of_kind(facts: Sequence[Finding], kind: str) -> list[Finding]:
    return sorted((fact for fact in facts if fact.kind == kind), key=lambda fact: fact.place.start or 0.0)


def _in_space(vectors: Sequence[Vector], space: str) -> list[Vector]:
    there = (vector for vector in vectors if vector.space == space)
    return sorted(there, key=lambda vector: vector.place.start or 0.0)
