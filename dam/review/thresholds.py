"""Which of a machine's new proposals are withheld: asked once a run, when its findings are stored."""

from __future__ import annotations

from collections.abc import Sequence

from dam.review.models import Measure
from dam.review.subjects import RESTRAINED
from indexing.models import Annotation, Run


def held_back(run: Run, facts: Sequence[Annotation]) -> list[Annotation]:
    """Those of the run's new facts that are withheld, because people rejected their like too often.

    One query, and none where no fact is of a kind that may be withheld.
    """
    concerned = [fact for fact in facts if fact.kind in RESTRAINED]
    if not concerned:
        return []
    measures = Measure.objects.restraining().filter(
        library=run.asset.library_id, analyser=run.analyser, version=run.version, model=run.model
    )
    rules = {(each.kind, each.label): each for each in measures}
    return [
        fact
        for fact in concerned
        if (rule := rules.get((fact.kind, fact.text))) and rule.restrains(fact.confidence)
    ]
