"""Which text-image space is in use: the best one whose weights are here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from indexing.engines import cache
from indexing.engines.text_image import TextImageSpace

OPEN_CLIP = "clip-vit-b-32-laion2b"
RENDERED_TEXT = "clip-vit-b-16-image-int8"
PREFERENCE = (OPEN_CLIP, RENDERED_TEXT)
DIMENSIONS = {OPEN_CLIP: 512, RENDERED_TEXT: 512}


def current_space(weights: Callable[[str], Path], threads: int = 1) -> TextImageSpace:
    """The preferred space whose weights are here; `weights` gives the path of a model by its name.

    Raises LookupError with the reason for each where no weights are here.
    """
    reasons = []
    for model in PREFERENCE:
        try:
            return open_space(model, weights(model), threads)
        except LookupError as problem:
            reasons.append(str(problem))
    raise LookupError("\n".join(reasons))


def open_space(model: str, weights: Path, threads: int = 1) -> TextImageSpace:
    """The space of that model, loaded once for the process. Its name is the model's."""
    key = ("space", model, str(weights), threads)
    return cache.loaded(key, lambda: _load(model, weights, threads))


def _load(model: str, weights: Path, threads: int) -> TextImageSpace:
    if model == OPEN_CLIP:
        from indexing.engines.openclip import OpenClipSpace

        return OpenClipSpace(model, weights, "ViT-B-32", threads)
    from indexing.engines.rendered_text import RenderedTextSpace

    return RenderedTextSpace(model, weights, threads)
