"""What machines found in a file that another one has replaced."""

from __future__ import annotations

from django.db.models import Value
from django.db.models.functions import Concat, Left

from dam.assets.models import Asset, FileVersion
from indexing import store
from indexing.models import DECIDED, Annotation, Embedding, Run

EARLIER = " on file version "
ROOM = 150
"""Characters of a model's name that stay when a run becomes one of an earlier file."""


def forget_machines(asset: Asset, version: FileVersion) -> None:
    """Drop what nobody has decided on, so that every analyser looks anew.

    Decided facts stay, and with them the runs that found them, which are marked as runs on the earlier file:
    their identity is free for the next run.
    """
    found = Annotation.objects.filter(asset=asset.pk, source=Annotation.Source.MACHINE, parent=None)
    decided = set(found.filter(DECIDED).values_list("run", flat=True))
    vectors = Embedding.objects.filter(asset=asset.pk, annotation=None)
    store.erase(found.exclude(DECIDED), vectors)
    runs = Run.objects.filter(asset=asset.pk)
    runs.exclude(pk__in=decided).delete()
    earlier = Concat(Left("model", ROOM), Value(f"{EARLIER}{version.pk}"))
    runs.exclude(model__contains=EARLIER).update(model=earlier, state=Run.State.DONE)
