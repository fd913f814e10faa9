"""Model weights on disk: what is here, what is missing and why, and how it is fetched and checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from dam import env
from indexing import machine
from indexing.downloads import DownloadError
from indexing.manifest import Model, load
from indexing.sources import Fetcher, Progress, digest

MANIFEST = Path(__file__).with_name("weights.toml")
CHOICES = {"objects": "OBJECT_DETECTOR", "speech": "SPEECH_MODEL", "captions": "CAPTION_MODEL"}
"""The variables by which an operator names the model of a use."""


class MissingWeights(LookupError):  # noqa: N818
    """Weights are not here. The message says why and how to mend it."""


@dataclass(frozen=True)
class Row:
    """The state of one model. `size` is in bytes; `source` says where its bytes came from."""

    name: str
    use: str
    licence: str
    size: int
    state: Literal["present", "missing"]
    reason: str
    source: str


class Shelf:
    """The models of a manifest in a folder, each in a folder of its own."""

    def __init__(
        self,
        models: Mapping[str, Model],
        folder: Path,
        local_folders: Sequence[Path] = (),
        choices: Mapping[str, str] | None = None,
    ) -> None:
        self.models = models
        self.folder = folder
        self._local_folders = local_folders
        self._choices = choices or {}

    def path(self, name: str) -> Path:
        """The file of the model, or its folder where it has several. Raises MissingWeights."""
        reason = self.reason(name)
        if reason:
            raise MissingWeights(reason)
        files = self._model(name).files
        return self.folder / name / (files[0].name if len(files) == 1 else "")

    def available(self, name: str) -> bool:
        """True when every file of the model is here. Its bytes were checked when they came."""
        return not self.reason(name)

    def reason(self, name: str) -> str:
        """Why the model cannot be used and how to mend it; empty when it can."""
        model = self._model(name)
        here = [self._has(model, file.name, file.size) for file in model.files]
        if all(here):
            return ""
        failure = self._record(name).get("failure") or "it has not been fetched yet"
        return f"The model {name} is missing: {failure}. To fetch it: manage.py models fetch {name}"

    def sha256(self, name: str) -> str:
        """The identity of the weights: the sha256 of the file, or of the list of digests of several."""
        digests = [file.sha256 for file in self._model(name).files]
        return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()

    def status(self) -> list[Row]:
        """One row for each model of the manifest, in its order."""
        return [self._row(model) for model in self.models.values()]

    def uses(self) -> list[str]:
        """What models that come by themselves are for, in the order of the manifest."""
        return list(dict.fromkeys(model.use for model in self.models.values() if model.automatic))

    def candidates(self, use: str) -> list[str]:
        """The models that may serve a use, preferred first; the operator's choice stands alone.

        Those for larger machines come first where they are here and this is such a machine.

        Raises ValueError where the operator named a model that does not serve it.
        """
        serving = [model for model in self.models.values() if model.use == use]
        chosen = self._choices.get(use)
        if not chosen:
            return [model.name for model in serving if self._large(model)] + [
                model.name for model in serving if model.automatic
            ]
        if chosen not in {model.name for model in serving}:
            names = ", ".join(model.name for model in serving)
            raise ValueError(f"{CHOICES.get(use, use)} is {chosen!r}, but for {use} there are: {names}.")
        return [chosen]

    def _large(self, model: Model) -> bool:
        """Whether this is a model for larger machines that was fetched by name, and this machine bears it."""
        return bool(model.needs) and self.available(model.name) and machine.bears(model.needs)

    def chosen(self, use: str) -> str:
        """The model that serves a use: the preferred one of those that are here, else the preferred one."""
        names = self.candidates(use)
        return next((name for name in names if self.available(name)), names[0])

    def fetch(self, name: str, progress: Progress = lambda name, done, total: None) -> None:
        """Fetch what is missing of a model. Raises MissingWeights with the reason of every source."""
        model = self._model(name)
        (self.folder / name).mkdir(parents=True, exist_ok=True)
        sources = dict(self._record(name).get("sources", {}))
        try:
            with Fetcher(self.folder, self._local_folders, progress) as fetcher:
                for file in model.files:
                    if not self._has(model, file.name, file.size):
                        incoming = fetcher.scratch / file.name
                        sources[file.name] = fetcher.fetch(file, incoming)
                        incoming.replace(self.folder / name / file.name)
        except (DownloadError, OSError) as problem:
            self._write_record(name, sources, str(problem))
            raise MissingWeights(self.reason(name)) from problem
        self._write_record(name, sources, "")

    def fetch_for(self, use: str, progress: Progress = lambda name, done, total: None) -> str:
        """Make sure that some model serves the use, and name it. Raises MissingWeights where none can."""
        if self.available(self.chosen(use)):
            return self.chosen(use)
        reasons = []
        for name in self.candidates(use):
            try:
                self.fetch(name, progress)
                return name
            except MissingWeights as problem:
                reasons.append(str(problem))
        raise MissingWeights("\n".join(reasons))

    def verify(self, name: str) -> list[str]:
        """Read every file of a model again; remove those with wrong bytes and say which they were."""
        wrong = []
        for file in self._model(name).files:
            path = self.folder / name / file.name
            if path.is_file() and digest(path) != file.sha256:
                path.unlink()
                wrong.append(f"{name}/{file.name} had other bytes than the manifest says and was removed.")
        return wrong

    def _model(self, name: str) -> Model:
        if name not in self.models:
            raise MissingWeights(f"No model is named {name!r}. There are: {', '.join(self.models)}.")
        return self.models[name]

    def _has(self, model: Model, file: str, size: int) -> bool:
        path = self.folder / model.name / file
        return path.is_file() and path.stat().st_size == size

    def _row(self, model: Model) -> Row:
        reason = self.reason(model.name)
        sources = dict.fromkeys(self._record(model.name).get("sources", {}).values())
        return Row(
            name=model.name,
            use=model.use,
            licence=model.licence,
            size=model.size,
            state="missing" if reason else "present",
            reason=reason,
            source="" if reason else ", ".join(sources),
        )

    def _record(self, name: str) -> dict[str, Any]:
        path = self.folder / name / "record.json"
        return dict(json.loads(path.read_text())) if path.is_file() else {}

    def _write_record(self, name: str, sources: Mapping[str, str], failure: str) -> None:
        path = self.folder / name / "record.json"
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"sources": sources, "failure": failure}, indent=1))
        fresh.replace(path)


@lru_cache
def shelf() -> Shelf:
    """The models of this installation: the project's manifest in MODELS_DIR."""
    choices = {use: word for use, variable in CHOICES.items() for word in env.words(variable)[:1]}
    local = [Path(folder).expanduser() for folder in env.words("MODEL_FOLDERS")]
    return Shelf(load(MANIFEST), env.MODELS_DIR, local, choices)


def path(name: str) -> Path:
    """The file or folder of a model. Raises MissingWeights with the reason and how to mend it."""
    return shelf().path(name)


def available(name: str) -> bool:
    """True when the model is here."""
    return shelf().available(name)


def chosen(use: str) -> str:
    """The model that serves a use (text-image, objects, shots, speech), here or not."""
    return shelf().chosen(use)


def status() -> list[Row]:
    """One row for each known model."""
    return shelf().status()


def fetch(name: str, progress: Progress = lambda name, done, total: None) -> None:
    """Fetch and check a model. Raises MissingWeights with the reason of every source."""
    shelf().fetch(name, progress)


def verify(name: str) -> list[str]:
    """Check a model that is here; what was wrong with it is removed and said."""
    return shelf().verify(name)


def sha256(name: str) -> str:
    """The identity of the model's weights."""
    return shelf().sha256(name)
