"""Evaluations are kept with the identity of what was evaluated, so that versions can be compared."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.forms.models import model_to_dict

from indexing.models import Evaluation

Identity = tuple[str, str, str, str]
"""Analyser, version, model and sha256 of the weights."""


def keep(identity: Identity, truth: str, truth_sha256: str, result: dict[str, Any]) -> Evaluation:
    """Store an evaluation. `truth` says in words what it was judged by, `truth_sha256` names the labels."""
    analyser, version, model, weights_sha256 = identity
    return Evaluation.objects.create(
        analyser=analyser,
        version=version,
        model=model,
        weights_sha256=weights_sha256,
        truth=truth,
        truth_sha256=truth_sha256,
        result=json.loads(json.dumps(result)),
    )


def latest(analyser: str) -> list[Evaluation]:
    """The newest evaluation of each identity of the analyser on each truth, oldest first."""
    newest: dict[tuple[str, ...], Evaluation] = {}
    for each in Evaluation.objects.filter(analyser=analyser).order_by("made_at", "pk"):
        newest[each.version, each.model, each.weights_sha256, each.truth, each.truth_sha256] = each
    return list(newest.values())


def as_data(evaluation: Evaluation) -> dict[str, Any]:
    """An evaluation fit for JSON."""
    fields = {**model_to_dict(evaluation), "made_at": evaluation.made_at}
    return dict(json.loads(json.dumps(fields, cls=DjangoJSONEncoder)))
