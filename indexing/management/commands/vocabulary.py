"""The vocabulary of tags from the command line: list, check, calibrate."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from collections import Counter
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Min

from indexing import weights
from indexing.engines.spaces import open_space
from indexing.models import Embedding
from indexing.vocabulary import installation, vectors
from indexing.vocabulary.background import Background
from indexing.vocabulary.labels import Label, VocabularyError
from indexing.vocabulary.tagger import calibration

MOST_PICTURES = 5000


class Command(BaseCommand):
    help = "List the labels that pictures are tagged with, check them, or measure them in this library."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="every label with its phrasings")
        actions.add_parser("check", help="read the operator's file and say what is in use")
        measure = actions.add_parser(
            "calibrate", help="measure new labels, and how this library's pictures score"
        )
        measure.add_argument("--labels-only", action="store_true", help="leave the background as it is")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        """Do one of the three. Ends with status 1 where the operator's file is wrong."""
        try:
            labels = installation.current()
        except VocabularyError as problem:
            raise CommandError(str(problem)) from problem
        if action == "list":
            return self._list(labels)
        space = weights.chosen("text-image")
        if action == "calibrate":
            self._calibrate(space, labels, background=not options["labels_only"])
        return self._check(space, labels)

    def _list(self, labels: list[Label]) -> None:
        hidden = calibration().suppressed
        for label in sorted(labels, key=lambda each: (each.kind, each.name)):
            note = (
                "  (suppressed: measured to be wrong too often)"
                if f"{label.kind}/{label.name}" in hidden
                else ""
            )
            self.stdout.write(f"{label.kind:10}{label.name:28}{'; '.join(label.phrases)}{note}")

    def _check(self, space: str, labels: list[Label]) -> None:
        own, shipped = installation.measured(space), vectors.shipped(space)
        unmeasured = vectors.missing(labels, vectors.kept(shipped), vectors.kept(own))
        counts = Counter(label.kind for label in labels)
        self.stdout.write(f"{len(labels)} labels: " + ", ".join(f"{n} {kind}" for kind, n in counts.items()))
        self.stdout.write(f"own file: {installation.OWN}" + ("" if installation.OWN.exists() else " (none)"))
        self.stdout.write(f"space: {space}; {len(unmeasured)} labels are measured at the next run")
        grounds = [name for name, path in (("this library's", own), ("the shipped one", shipped))
                   if vectors.background(path) is not None]  # fmt: skip
        self.stdout.write(f"background: {grounds[0] if grounds else 'none, so nothing is tagged: calibrate'}")

    def _calibrate(self, space: str, labels: list[Label], background: bool) -> None:
        own = installation.measured(space)
        known = vectors.kept(own)
        missing = vectors.missing(labels, known, vectors.kept(vectors.shipped(space)))
        ground = self._background(space) if background else vectors.background(own)
        if missing:
            engine = open_space(space, self._weights(space), os.cpu_count() or 1)
            known.update(vectors.measure(missing, engine.encode_text, self._progress))
        vectors.save(own, known, ground)
        self.stdout.write("Measured. Restart the workers; pictures are then tagged anew.")

    def _weights(self, space: str) -> Any:
        try:
            return weights.path(space)
        except weights.MissingWeights as problem:
            raise CommandError(str(problem)) from problem

    def _background(self, space: str) -> Background:
        try:
            return Background.of(pictures(space))
        except ValueError as problem:
            raise CommandError(f"{problem} With --labels-only the background stays as it is.") from problem

    def _progress(self, done: int, of: int) -> None:
        if done == of or done % 20 == 0:
            self.stdout.write(f"  {done} of {of} labels")


def pictures(space: str) -> np.ndarray:
    """One vector (n, d) of each of up to MOST_PICTURES assets, the newest."""
    firsts = Embedding.objects.filter(space=space, annotation=None).values("asset").annotate(first=Min("pk"))
    newest = firsts.order_by("-asset").values_list("first", flat=True)[:MOST_PICTURES]
    rows = Embedding.objects.filter(pk__in=list(newest)).values_list("vector", flat=True)
    return np.array([np.asarray(row, np.float32) for row in rows], np.float32)
