"""How far the analysis of a library or of one asset has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from dam.assets.models import Asset
from dam.collections.models import Library
from indexing import pipeline
from indexing.analysers import registry
from indexing.analysers.contract import Analyser
from indexing.models import Run


@dataclass(frozen=True)
class AnalyserProgress:
    """Assets of a library, by how far one analyser has come with them."""

    analyser: str
    total: int
    done: int
    failed: int
    running: int

    @property
    def waiting(self) -> int:
        return max(0, self.total - self.done - self.failed - self.running)

    @property
    def finished(self) -> bool:
        return self.waiting == 0 and self.running == 0

    @property
    def percent(self) -> int:
        """Done or failed, of all: 0..100."""
        return 100 if not self.total else 100 * (self.done + self.failed) // self.total


@dataclass(frozen=True)
class StepProgress:
    """What became of one analyser's work on one asset, and the seconds that it took where it has ended.

    `progress` is how many seconds of film or sound a run that is at work has done, where it tells.
    """

    analyser: str
    state: str
    error: str = ""
    seconds: float | None = None
    progress: float | None = None


class Steps(list[StepProgress]):
    """The steps of one asset with what they cost together. `duration` is that of a film or recording."""

    def __init__(self, steps: Iterable[StepProgress], duration: float | None = None) -> None:
        super().__init__(steps)
        self.duration = duration

    @property
    def seconds(self) -> float:
        """Seconds of work in all."""
        return sum(step.seconds or 0.0 for step in self)

    def costs(self) -> list[tuple[StepProgress, float | None]]:
        """Each step with its seconds of work for a minute of film or sound, where both are known."""
        return [(step, self._a_minute(step.seconds)) for step in self]

    @property
    def seconds_a_minute(self) -> float | None:
        """Seconds of work for a minute of film or sound, of all steps together."""
        return self._a_minute(self.seconds)

    def _a_minute(self, seconds: float | None) -> float | None:
        return 60 * seconds / self.duration if seconds and self.duration else None


def library_progress(library: Library) -> list[AnalyserProgress]:
    """One row for every enabled analyser, in the order in which they work. Two queries."""
    assets = Asset.objects.filter(library=library, trashed_at=None)
    kinds = dict(assets.order_by().values_list("kind").annotate(Count("pk")))
    runs = Run.objects.filter(asset__library=library, asset__trashed_at=None).order_by()
    states = {
        tuple(row): count
        for *row, count in runs.values_list("analyser", "version", "model", "state").annotate(Count("pk"))
    }
    return [_row(analyser, kinds, Counter(states)) for analyser in registry.enabled()]


def _row(analyser: Analyser, kinds: dict[str, int], states: Counter) -> AnalyserProgress:
    def count(state: str) -> int:
        return states[(analyser.name, analyser.version, analyser.model, state)]

    return AnalyserProgress(
        analyser=analyser.name,
        total=sum(kinds.get(kind, 0) for kind in analyser.applies_to),
        done=count(Run.State.DONE),
        failed=count(Run.State.FAILED),
        running=count(Run.State.RUNNING),
    )


def asset_progress(asset: Asset) -> Steps:
    """One step for every enabled analyser that applies to the asset."""
    runs = {(run.analyser, run.version, run.model): run for run in asset.runs.all()}
    applying = [analyser for analyser in registry.enabled() if asset.kind in analyser.applies_to]
    steps = [_step(each.name, runs.get((each.name, each.version, each.model))) for each in applying]
    return Steps(steps, asset.duration)


def _step(analyser: str, run: Run | None) -> StepProgress:
    if run is None:
        return StepProgress(analyser, "waiting")
    progress = run.progress if run.state == Run.State.RUNNING else None
    return StepProgress(analyser, run.state, run.error, run.seconds, progress)


def retry_failed(target: Asset | Library) -> int:
    """Plan the failed runs of an asset or a library again. Returns how many."""
    runs = (
        Run.objects.filter(asset=target)
        if isinstance(target, Asset)
        else Run.objects.filter(asset__library=target)
    )
    return pipeline.retry(runs)
