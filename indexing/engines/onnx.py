"""ONNX Runtime sessions: how many threads, how much memory, which processor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnxruntime


def session(path: Path, threads: int, int8: bool = False) -> onnxruntime.InferenceSession:
    """A session on a GPU where there is one, else on `threads` threads of the processor.

    Buffers are given back between runs: a worker holds several models. `int8` makes the sums of a quantised
    network exact: processors without VNNI would else saturate them at 16 bits (measured: cosine 0.47 to the
    right vector), and vectors of one host would be of no use on another. Raises onnxruntime's own errors
    where the file is not a model.
    """
    import onnxruntime  # its threads do not outlive a fork, so that a process that forks must not load it

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    if int8:
        options.add_session_config_entry("session.x64quantprecision", "1")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    wanted = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    providers = [name for name in wanted if name in onnxruntime.get_available_providers()]
    return onnxruntime.InferenceSession(str(path), options, providers=providers)
