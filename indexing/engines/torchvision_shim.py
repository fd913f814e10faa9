"""Lets a torchvision built for CUDA be imported beside a torch without it."""

from __future__ import annotations

from functools import lru_cache

BOXES_OPERATORS = ("nms", "qnms")


@lru_cache
def declare_operators() -> None:
    """Declare what torchvision expects of its native library, which cannot be loaded without CUDA.

    Only the names are declared: importing works and calling them fails as it should. Call it before the
    first import of torchvision; it does nothing where torch has CUDA or torchvision's own library loads.
    """
    import torch

    if torch.version.cuda is not None or hasattr(torch.ops.torchvision, "nms"):
        return
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name in BOXES_OPERATORS:
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _kept.append(library)


_kept: list[object] = []
"""The declarations live as long as the library object that made them."""
