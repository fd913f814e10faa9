"""What was found held against what is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexing.analysers.contract import Finding, Place
from indexing.evaluation.measures import Judged, Miss, Verdict
from indexing.evaluation.truth import Label, Labelled, Truth, words_of
from indexing.places import SAME, overlap, region_overlap


def judge(truth: Truth, found: Iterable[tuple[Labelled, Sequence[Finding]]]) -> Judged:
    """A verdict on every finding that the labels can judge, and what was missed."""
    pairs = list(found)
    return _by_words(pairs) if truth.by_words else _by_labels(truth, pairs)


def name_of(finding: Finding) -> str:
    """What a finding claims to be: its text, or its kind where it has none."""
    return (finding.text or finding.kind).casefold()


def _by_labels(truth: Truth, pairs: Sequence[tuple[Labelled, Sequence[Finding]]]) -> Judged:
    judged = Judged()
    for file, findings in pairs:
        known = [finding for finding in findings if name_of(finding) in truth.vocabulary]
        judged.unjudged += len(findings) - len(known)
        _match(file, known, judged)
    return judged


def _match(file: Labelled, findings: Sequence[Finding], judged: Judged) -> None:
    """The surest finding takes the label that it fits best, each label with a place once (PASCAL VOC).

    A label without a place is true of the whole file, and may be found more than once.
    """
    met: set[int] = set()
    for finding in sorted(findings, key=lambda each: each.confidence or 0.0, reverse=True):
        fits = [
            (fit(finding.place, label.place), at)
            for at, label in enumerate(file.labels)
            if _free(at, label, met)
        ]
        fits = [(how, at) for how, at in fits if how >= SAME and file.labels[at].name == name_of(finding)]
        at = max(fits, default=(0.0, -1))[1]
        group = file.labels[at].group if at >= 0 else file.group
        judged.verdicts.append(Verdict(name_of(finding), at >= 0, finding.confidence, group))
        met |= {at}
    judged.missed += [Miss(label.name, label.group) for at, label in enumerate(file.labels) if at not in met]


def _free(at: int, label: Label, met: set[int]) -> bool:
    return at not in met or label.place == Place()


def fit(found: Place, labelled: Place) -> float:
    """How well a found place fits a labelled one, 0..1: the lesser overlap of their boxes and spans. What a
    label leaves open fits anything; what only the finding leaves open fits nothing."""
    fits = [1.0]
    if labelled.region:
        fits.append(region_overlap(found.region, labelled.region) if found.region else 0.0)
    if labelled.start is not None and labelled.end is not None:
        timed = found.start is not None and found.end is not None
        fits.append(
            overlap(found.start or 0.0, found.end or 0.0, labelled.start, labelled.end) if timed else 0.0
        )
    return min(fits)


def _by_words(pairs: Sequence[tuple[Labelled, Sequence[Finding]]]) -> Judged:
    """A tag is true of a picture when its captions have all its words; it is missed when they have them and
    the tag, which was found elsewhere, was not found here."""
    names = {name_of(finding) for _, findings in pairs for finding in findings}
    judged = Judged()
    for file, findings in pairs:
        here = {name_of(finding): finding for finding in findings}
        said = {name for name in names if words_of(name) <= file.words}
        judged.verdicts += [
            Verdict(name, name in said, here[name].confidence, file.group) for name in sorted(here)
        ]
        judged.missed += [Miss(name, file.group) for name in sorted(said - here.keys())]
    return judged
