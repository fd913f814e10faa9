"""`manage.py evaluate ANALYSER`: how right it is, on labelled files or by what people decided."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indexing import pipeline
from indexing.analysers import registry
from indexing.analysers.contract import Analyser
from indexing.evaluation import identities, keeping, report
from indexing.evaluation.judging import judge
from indexing.evaluation.reviewed import reviewed
from indexing.evaluation.running import found_in
from indexing.evaluation.truth import TruthError, read, read_groups
from indexing.models import Evaluation

SAME_PERSON = 0.363
"""Cosine from which two faces are one person: OpenCV Zoo's own for SFace, from Labeled Faces in the Wild."""


class Command(BaseCommand):
    help = "Print an analyser's precision, recall and calibration per label, and keep them for comparison."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("analyser")
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--folder", type=Path, help="run it on a labelled folder (docs/evaluation.md)")
        way.add_argument("--reviewed", action="store_true", help="judge it by the library's reviewed facts")
        way.add_argument("--compare", action="store_true", help="show what was kept, version beside version")
        parser.add_argument(
            "--library", default="", metavar="SLUG", help="only that library's reviewed facts"
        )
        parser.add_argument("--label-column", default="label", help="the manifest's column with the label")
        parser.add_argument("--as", dest="name", default="", help="take every label for this name: --as face")
        parser.add_argument("--groups", type=Path, help="CSV of name (file or label) and group")
        parser.add_argument(
            "--same-person", type=float, default=SAME_PERSON, help="cosine for pairs of faces"
        )
        parser.add_argument("--limit", type=int, help="only so many files, from the first")
        parser.add_argument("--json", action="store_true", help="print data instead of tables")

    def handle(self, *args: Any, **options: Any) -> None:
        """Evaluate or compare. Ends with status 1 where there is nothing to judge by."""
        try:
            evaluations = self._evaluations(options)
        except (TruthError, LookupError) as problem:
            raise CommandError(str(problem.args[0])) from problem
        if not evaluations:
            raise CommandError("There is nothing to judge by yet.")
        if options["json"]:
            self.stdout.write(json.dumps([keeping.as_data(each) for each in evaluations], indent=1))
            return
        for lines in _tables(evaluations, options["compare"]):
            self.stdout.write("\n".join([*lines, ""]))

    def _evaluations(self, options: dict[str, Any]) -> list[Evaluation]:
        if options["compare"]:
            return keeping.latest(options["analyser"])
        groups = read_groups(options["groups"]) if options["groups"] else {}
        analyser = _analyser(options["analyser"])
        if options["reviewed"]:
            judged = reviewed(analyser.name, analyser.kinds, options["library"], groups)
            truth = f"reviewed facts of {options['library'] or 'all libraries'}"
            return [
                keeping.keep((analyser.name, *identity), truth, "", report.result(each))
                for identity, each in judged.items()
            ]
        return [self._on_folder(analyser, options, groups)]

    def _on_folder(self, analyser: Analyser, options: dict[str, Any], groups: dict[str, str]) -> Evaluation:
        truth = read(options["folder"], options["label_column"], groups)
        files = list(islice(truth.files, options["limit"]))
        found = list(found_in(files, analyser, os.cpu_count() or 1, self.stderr.write))
        if not found:
            raise TruthError(f"No file of {options['folder']} could be read.")
        people = identities.faces(found)
        pairs = identities.errors(people, options["same_person"]) if len(people) > 1 else {}
        named = truth.called(options["name"]) if options["name"] else truth
        judged = judge(named, named.paired(found))
        identity = (analyser.name, analyser.version, analyser.model, pipeline._digest(analyser))
        what = f"{len(found)} files of {options['folder'].resolve().name}"
        return keeping.keep(identity, what, truth.digest, report.result(judged, pairs))


def _analyser(name: str) -> Analyser:
    known = {each.name: each for each in registry.enabled()}
    if name in known:
        return known[name]
    for analyser, reason in registry.disabled():
        if analyser.name == name:
            raise LookupError(reason)
    raise LookupError(f"No analyser is named {name!r}. There are: {', '.join(known)}.")


def _tables(evaluations: list[Evaluation], compared: bool) -> list[list[str]]:
    if not compared:
        return [report.table(each) for each in evaluations]
    truths = dict.fromkeys((each.truth, each.truth_sha256) for each in evaluations)
    return [
        report.comparison([each for each in evaluations if (each.truth, each.truth_sha256) == truth])
        for truth in truths
    ]
