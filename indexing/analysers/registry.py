"""The analysers of this installation: built in, or brought by installed packages."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from dam import env
from indexing import weights
from indexing.analysers.collection import Problem, collect
from indexing.analysers.contract import Analyser

GROUP = "mediatheque.analysers"
WANTED = env.words("ANALYSERS")
"""The operator's choice of analysers; empty for all."""
SPEECH = {
    "faster-whisper": "indexing.analysers.speech:Speech",
    "whisperx": "indexing.analysers.speech:BatchedSpeech",
}
SPEAKERS = {
    "onnx": "indexing.analysers.speakers:Speakers",
    "pyannote": "indexing.analysers.speakers:PyannoteSpeakers",
}
TEXT = {
    "rapidocr": "indexing.analysers.text:Text",
    "tesseract": "indexing.analysers.text:TesseractText",
}
BUILT_IN = {
    "shots": "indexing.analysers.shots:Shots",
    "clip": "indexing.analysers.clip:Clip",
    "chapters": "indexing.analysers.chapters:Chapters",
    "objects": "indexing.analysers.objects:Objects",
    "faces": "indexing.analysers.faces:Faces",
    "likeness": "indexing.analysers.likeness:Likeness",
    "looks": "indexing.analysers.looks:Looks",
    "sensitive": "indexing.analysers.sensitive:Sensitive",
    "origin": "indexing.analysers.origin:Origin",
    "speech": SPEECH[env.SPEECH_ENGINE],
    "speakers": SPEAKERS[env.DIARIZATION_ENGINE],
    "mentions": "indexing.analysers.mentions:Mentions",
    "credits": "indexing.analysers.credits:Credits",
    "text": TEXT[env.choice("OCR_ENGINE", *TEXT)],
    "places": "indexing.analysers.places:Places",
    "captions": "indexing.analysers.captions:Captions",
    "translation": "indexing.translating:translation",
    "narration": "indexing.analysers.narration:Narration",
    "tags": "indexing.vocabulary.installation:tags",
    "contexts": "indexing.analysers.contexts:Contexts",
    "highlights": "indexing.analysers.highlights:Highlights",
    "sounds": "indexing.analysers.sounds:Sounds",
    "music": "indexing.analysers.music:Music",
    "loudness": "indexing.analysers.loudness:LoudnessAnalyser",
    "condition": "indexing.analysers.condition:Condition",
}


def all() -> list[Analyser]:  # noqa: A001
    """Every sound analyser, those that others depend on first."""
    return list(_current()[0])


def get(name: str) -> Analyser:
    """The analyser of that name. Raises KeyError where there is none."""
    return {analyser.name: analyser for analyser in all()}[name]


def enabled() -> list[Analyser]:
    """The analysers that are wanted and whose weights are all here, in the order of `all`."""
    return [analyser for analyser in all() if not _hindrance(analyser)]


def disabled() -> list[tuple[Analyser, str]]:
    """The analysers that rest, with the reason and how to mend it."""
    reasons = [(analyser, _hindrance(analyser)) for analyser in all()]
    return [(analyser, reason) for analyser, reason in reasons if reason]


def problems() -> list[Problem]:
    """What was left out because it is broken."""
    return list(_current()[1])


def _current() -> tuple[Sequence[Analyser], Sequence[Problem]]:
    return _collected(tuple(_choice(use) for use in weights.shelf().uses()))


def _choice(use: str) -> str:
    try:
        return weights.chosen(use)
    except ValueError as problem:
        return str(problem)


@lru_cache(maxsize=8)
def _collected(choices: Sequence[str]) -> tuple[Sequence[Analyser], Sequence[Problem]]:
    """Collected anew only when another model becomes the chosen one of a use."""
    built_in = {name: _loader(where) for name, where in BUILT_IN.items()}
    plug_ins = {f"{point.name} ({point.value})": point.load for point in _entry_points()}
    return collect({**built_in, **plug_ins}, weights.chosen)


def _entry_points() -> Iterable[EntryPoint]:
    return entry_points(group=GROUP)


def _loader(where: str) -> Callable[[], Any]:
    module, name = where.split(":")
    return lambda: getattr(importlib.import_module(module), name)


def _hindrance(analyser: Analyser) -> str:
    """Why the analyser rests, or nothing; it may have a reason of its own."""
    if WANTED and analyser.name not in WANTED:
        return f"It is not among ANALYSERS ({', '.join(WANTED)})."
    return str(getattr(analyser, "hindrance", "")) or _missing(analyser)


def _missing(analyser: Analyser) -> str:
    """Why the analyser's weights are not all here, or nothing."""
    return "\n".join(filter(None, (_reason(name) for name in analyser.weights)))


def _reason(name: str) -> str:
    try:
        return weights.shelf().reason(name)
    except weights.MissingWeights as unknown:
        return str(unknown)
