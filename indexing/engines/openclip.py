"""A pair of towers, one for pictures and one for words, through open_clip."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from indexing.engines.text_image import unit
from indexing.engines.torchvision_shim import declare_operators

BATCH = 16


class OpenClipSpace:
    """An open_clip model from a local file, on a GPU where there is one. Nothing is downloaded."""

    centres_images = False

    def __init__(self, name: str, weights: Path, architecture: str, threads: int = 1) -> None:
        """`architecture` is one of open_clip's. Raises RuntimeError where the weights are of another."""
        declare_operators()
        import open_clip
        import torch

        self._torch = torch
        torch.set_num_threads(threads)
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model, _, self._prepare = open_clip.create_model_and_transforms(
            architecture, pretrained=str(weights), device=self._device
        )
        self._model.eval()
        self._tokenize = open_clip.get_tokenizer(architecture)
        self.name = name
        self.dimensions = int(open_clip.get_model_config(architecture)["embed_dim"])
        self.description = f"OpenCLIP {architecture} ({name}): pictures and words in one space"

    def encode_images(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        parts = [self._encode(pictures[at : at + BATCH]) for at in range(0, len(pictures), BATCH)]
        return unit(np.concatenate(parts))

    def encode_text(self, query: str) -> np.ndarray:
        with self._torch.inference_mode():
            tokens = self._tokenize([query]).to(self._device)
            return unit(self._model.encode_text(tokens)[0].float().cpu().numpy())

    def _encode(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        with self._torch.inference_mode():
            prepared = [self._prepare(Image.fromarray(picture)) for picture in pictures]
            batch = self._torch.stack(prepared).to(self._device)
            vectors: np.ndarray = self._model.encode_image(batch).float().cpu().numpy()
            return vectors
