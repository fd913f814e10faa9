"""A sentence for a picture, by a captioning network from a local folder. Nothing is downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from PIL import Image

from indexing.analysers.wording import sentence
from indexing.engines import cache
from indexing.engines.torchvision_shim import declare_operators

BATCH = 4
"""Pictures captioned together: BLIP base then holds about 1.6 GB."""
BEAMS = 3
"""Beams of the search, as in BLIP's and Florence-2's own examples."""
LONGEST = 30
"""Tokens of a sentence at most; COCO's captions have about 12."""
PROMPTS = {"florence2": "<CAPTION>"}
"""What a network wants to be asked before it tells; BLIP tells unasked."""


class Sentence(NamedTuple):
    """A caption, and how probable its words were to the network (geometric mean, 0..1; not calibrated)."""

    text: str
    confidence: float


class Captioner(Protocol):
    """Describes pictures."""

    def describe(self, pictures: Sequence[np.ndarray]) -> list[Sentence]:
        """One English sentence for each upright RGB picture (height, width, 3) of uint8, in their order."""
        ...


class TransformersCaptioner:
    """BLIP or Florence-2 as transformers carries them itself: code that lies beside weights is never run.

    Half precision on a GPU, single precision elsewhere. Raises OSError or ValueError where the folder
    holds no captioning network.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        declare_operators()
        import torch
        from transformers import AutoModelForImageTextToText, AutoProcessor

        torch.set_num_threads(threads)
        self._torch = torch
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._precision = torch.float16 if self._device == "cuda" else torch.float32
        here: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        processor: Any = AutoProcessor
        self._processor = processor.from_pretrained(folder, **here)
        network: Any = AutoModelForImageTextToText
        model = network.from_pretrained(folder, dtype=self._precision, **here)
        self._model = model.to(self._device).eval()
        self._prompt = PROMPTS.get(model.config.model_type)

    def describe(self, pictures: Sequence[np.ndarray]) -> list[Sentence]:
        parts = [self._describe(pictures[at : at + BATCH]) for at in range(0, len(pictures), BATCH)]
        return [sentence for part in parts for sentence in part]

    def _describe(self, pictures: Sequence[np.ndarray]) -> list[Sentence]:
        with self._torch.inference_mode():
            told = self._model.generate(
                **self._prepared(pictures),
                num_beams=BEAMS,
                max_new_tokens=LONGEST,
                no_repeat_ngram_size=3,
                return_dict_in_generate=True,
                output_scores=True,
            )
        texts = self._processor.batch_decode(told.sequences, skip_special_tokens=True)
        chances = told.sequences_scores.float().exp().cpu().tolist()
        return [
            Sentence(sentence(text), min(1.0, chance)) for text, chance in zip(texts, chances, strict=True)
        ]

    def _prepared(self, pictures: Sequence[np.ndarray]) -> Any:
        images = [Image.fromarray(picture) for picture in pictures]
        question = {"text": [self._prompt] * len(images)} if self._prompt else {}
        prepared = self._processor(images=images, return_tensors="pt", **question)
        return prepared.to(self._device, self._precision)


def open_captioner(folder: Path, threads: int = 1) -> Captioner:
    """The captioner of a folder of weights, loaded once for the process."""
    key = ("captioner", str(folder), threads)
    return cache.loaded(key, lambda: TransformersCaptioner(folder, threads))
