"""RT-DETR (Apache-2.0) through transformers: a detector that needs no choice among overlapping boxes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from indexing.engines.boxes import Boxes, corners_of
from indexing.engines.coco import LABELS
from indexing.engines.torchvision_shim import declare_operators


class RTDetr:
    """RT-DETR (Zhao et al. 2023, arXiv:2304.08069) from a local folder, on a GPU where there is one.

    The network takes RGB 0..1 stretched to a square and gives, for each query, a score for every class
    (sigmoid) and a box as centre and size in 0..1 of the picture.
    """

    labels = LABELS

    def __init__(self, weights: Path, threads: int = 1) -> None:
        """`weights` is a folder with config.json and model.safetensors. Nothing is downloaded.

        Raises OSError where a file is missing, ValueError where the network knows other classes.
        """
        declare_operators()
        import torch
        from transformers import RTDetrForObjectDetection, RTDetrImageProcessor

        self._torch = torch
        torch.set_num_threads(threads)
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        network = RTDetrForObjectDetection.from_pretrained(weights, local_files_only=True)
        if network.config.num_labels != len(LABELS):
            raise ValueError(f"{weights} does not know the {len(LABELS)} classes of COCO.")
        self._network = network.to(self._device).eval()
        self._prepare = RTDetrImageProcessor()

    def candidates(self, rgb: np.ndarray) -> Boxes:
        """The box of every query in 0..1 of the picture with its best class."""
        pixels = self._prepare(images=rgb, return_tensors="pt", input_data_format="channels_last")
        with self._torch.inference_mode():
            seen = self._network(pixel_values=pixels["pixel_values"].to(self._device))
        boxes = seen.pred_boxes[0].float().cpu().numpy()
        scores = seen.logits[0].float().sigmoid().cpu().numpy()
        return Boxes.best_of(corners_of(boxes[:, :2], boxes[:, 2:]), scores)
