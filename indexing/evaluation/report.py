"""Evaluations as plain data, and as tables that a person can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from indexing.evaluation.identities import Pairs
from indexing.evaluation.measures import Judged, by_group, by_label, score
from indexing.models import Evaluation

HEAD = f"{'':28}{'found':>7}{'right':>7}{'missed':>8}{'precision (95 %)':>22}{'recall':>8}{'ECE':>7}"


def result(judged: Judged, pairs: Mapping[str, Pairs] | None = None) -> dict[str, Any]:
    """Everything that was measured, fit for JSON: of all facts, of each label and of each group."""
    return {
        "all": asdict(score(judged)),
        "labels": {label: asdict(each) for label, each in by_label(judged).items()},
        "groups": {group: asdict(each) for group, each in by_group(judged).items()},
        "pairs": {group: each._asdict() for group, each in (pairs or {}).items()},
        "unjudged": judged.unjudged,
        "complete": judged.complete,
    }


def table(evaluation: Evaluation) -> list[str]:
    """One evaluation in lines."""
    told = evaluation.result
    lines = [name_of(evaluation), f"on {evaluation.truth}", HEAD]
    lines += [_line(label, row) for label, row in told["labels"].items()]
    lines.append(_line("all", told["all"]))
    if told["groups"]:
        lines += ["", "By group", HEAD, *(_line(group, row) for group, row in told["groups"].items())]
    if told["pairs"]:
        lines += ["", *_pairs(told["pairs"])]
    return [*lines, "", *_bins(told["all"]["bins"]), *_remarks(told)]


def comparison(evaluations: Sequence[Evaluation]) -> list[str]:
    """Several evaluations on the same truth, side by side: precision and recall of each label."""
    lines = [f"on {evaluations[0].truth}"]
    lines += [f"  {letter}: {name_of(each)}" for letter, each in zip(_letters(), evaluations, strict=False)]
    width = 20
    lines.append(
        f"{'':28}" + "".join(f"{letter:>{width}}" for letter, _ in zip(_letters(), evaluations, strict=False))
    )
    labels = sorted({label for each in evaluations for label in each.result["labels"]})
    for label in labels:
        cells = [_cell(each.result["labels"].get(label)) for each in evaluations]
        lines.append(f"{label:28.27}" + "".join(f"{cell:>{width}}" for cell in cells))
    lines.append(f"{'all':28}" + "".join(f"{_cell(each.result['all']):>{width}}" for each in evaluations))
    return [*lines, "Each cell: precision / recall / expected calibration error."]


def name_of(evaluation: Evaluation) -> str:
    """The identity that was evaluated, in a line."""
    weights = f", weights {evaluation.weights_sha256[:12]}" if evaluation.weights_sha256 else ""
    model = f" with {evaluation.model}" if evaluation.model else ""
    when = evaluation.made_at.strftime("%Y-%m-%d %H:%M")
    return f"{evaluation.analyser} {evaluation.version}{model}{weights}, {when}"


def _line(name: str, row: Mapping[str, Any]) -> str:
    low, high = row["interval"]
    precision = f"{_share(row['precision'])} ({low:.2f} to {high:.2f})" if row["found"] else "-"
    numbers = f"{row['found']:7}{row['right']:7}{row['missed']:8}"
    return f"{name:28.27}{numbers}{precision:>22}{_share(row['recall']):>8}{_share(row['error']):>7}"


def _cell(row: Mapping[str, Any] | None) -> str:
    return " / ".join(_share(row[name]) for name in ("precision", "recall", "error")) if row else "-"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _pairs(rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    lines = [
        f"{'Telling people apart':28}{'of two':>14}{'false match':>24}{'of one':>8}{'false non-match':>24}"
    ]
    for group, row in rows.items():
        match = _error(row["false_match"], row["false_match_interval"])
        non_match = _error(row["false_non_match"], row["false_non_match_interval"])
        lines.append(f"{group or 'all':28.27}{row['different']:14}{match:>24}{row['same']:8}{non_match:>24}")
    return lines


def _error(value: float | None, interval: Sequence[float]) -> str:
    return "-" if value is None else f"{value:.3f} ({interval[0]:.3f} to {interval[1]:.3f})"


def _bins(bins: Sequence[Sequence[float]]) -> list[str]:
    """How often facts of a confidence are true: equal numbers in a row are good calibration."""
    if not bins:
        return []
    rows = [
        f"  {int(count):6} facts at {confidence:.2f}: {right:.2f} true" for count, confidence, right in bins
    ]
    return ["Calibration", *rows]


def _remarks(told: Mapping[str, Any]) -> list[str]:
    remarks = [f"{told['unjudged']} facts bear names that the labels do not know; they are not judged."]
    return (remarks if told["unjudged"] else []) + (
        [] if told["complete"] else ["Nobody wrote down what is missing, so no recall is told."]
    )


def _letters() -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
