"""This installation's translation: the languages that the operator asks for, and the models that are here."""

from __future__ import annotations

import re
from pathlib import Path

from dam import env
from indexing import weights
from indexing.analysers.translation import Pair, Translation

USE = re.compile(r"translation-([a-z]{2,3})-([a-z]{2,3})")
"""What models of the manifest for a direction are for, and how a folder of the operator's own is named."""


def translation() -> Translation:
    """The analyser for the languages in TRANSLATE_TO."""
    return Translation(env.TRANSLATE_TO, models)


def models() -> dict[Pair, str | Path]:
    """The models that are here by source and target. An own folder comes before one of the manifest."""
    shelf = weights.shelf()
    found: dict[Pair, str | Path] = {}
    for name, model in shelf.models.items():
        if (use := USE.fullmatch(model.use)) and shelf.available(name):
            found[use[1], use[2]] = name
    for folder in sorted(shelf.folder.glob("translation-*")):
        if use := USE.fullmatch(folder.name):
            found[use[1], use[2]] = folder
    return found
