"""Lets the CUDA build of torchaudio import beside a CPU build of torch, without its compiled extensions."""

from __future__ import annotations

import sys
from types import ModuleType


def install() -> None:
    """Stand in for torchaudio's loader of extensions, which stops at the missing CUDA libraries.

    torchaudio's own switch for a build without them is `_IS_TORCHAUDIO_EXT_AVAILABLE`; what is left is pure
    Python. Does nothing with a CUDA build of torch, or where torchaudio is already imported.
    """
    import torch

    if torch.version.cuda is None and "torchaudio" not in sys.modules:
        extension = ModuleType("torchaudio._extension")
        vars(extension).update(
            _IS_TORCHAUDIO_EXT_AVAILABLE=False, _load_lib=_no_library, fail_if_no_align=_without_alignment
        )
        sys.modules["torchaudio._extension"] = extension


def _no_library(name: str) -> bool:
    return False


def _without_alignment(function: object) -> object:
    def refuse(*arguments: object, **options: object) -> None:
        raise RuntimeError("Forced alignment needs torchaudio's extensions, which this build lacks.")

    return refuse
