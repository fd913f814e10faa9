"""What makes indexing look again: the people room's word, and a person's decision on a fact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dam.people import biometrics
from dam.people.signals import look_again
from indexing import pipeline
from indexing.analysers import registry
from indexing.models import Annotation, Run
from indexing.signals import decided

BATCH = 5000


def connect() -> None:
    """Listen to the people room. Connecting twice does no harm."""
    biometrics.calibrate("sface", _same_face)
    biometrics.calibrate("wespeaker", _same_voice)
    look_again.connect(follow_look, dispatch_uid="indexing.follow_look")
    decided.connect(follow_decision, dispatch_uid="indexing.follow_decision")


def _same_face(cosine: float) -> float:
    """The probability that two faces of that cosine are of one person. The engine is loaded when asked."""
    from indexing.engines.face_likeness import same_person

    return float(same_person(cosine))


def _same_voice(cosine: float) -> float:
    """The probability that two voices of that cosine are of one person. The engine is loaded when asked."""
    from indexing.engines.voice_likeness import same_person

    return float(same_person(cosine))


def follow_look(space: str, asset_ids: Sequence[int], **_: Any) -> None:
    """Queue again the runs that fill that space on those assets; the planner sends them in turn."""
    makers = [analyser for analyser in registry.enabled() if space in analyser.spaces]
    for first in range(0, len(asset_ids), BATCH):
        pipeline.repeat(makers, Run.objects.filter(asset__in=asset_ids[first : first + BATCH]))


def follow_decision(annotation: Annotation, **_: Any) -> None:
    """Queue again what builds upon the facts of that analyser: a caption must not go on telling of a dog that
    a person has rejected."""
    if annotation.run:
        built = Run.objects.filter(asset=annotation.asset_id)
        pipeline.repeat(pipeline.dependents(annotation.run.analyser), built)
