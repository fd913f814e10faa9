"""The network of musicnn (Pons and Serra, ISMIR 2019) built as ONNX from its TensorFlow checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from indexing.engines.tf_checkpoint import load

CHECKPOINT = "musicnn"
FRAMES, BANDS, TAGS, DIMENSIONS = 187, 96, 50, 200
OPSET = 18
EPSILON = 1e-3  # of every batch normalisation: the default of TensorFlow's layers
TIMBRE = ("conv2d", "conv2d_1")
RHYTHM = ("conv2d_2", "conv2d_3", "conv2d_4")
MIDDLE = ("conv2d_5", "conv2d_6", "conv2d_7")


def convert(folder: Path, target: Path) -> None:
    """Write the network of the checkpoint `musicnn` in `folder` as ONNX to `target`.

    Input: `mel`, log-mel patches (n, 187, 96). Outputs: `logits` (n, 50), of which the sigmoids are the tags,
    and `embedding` (n, 200), the layer before them.
    """
    target.write_bytes(_Graph(load(folder / CHECKPOINT)).build().SerializeToString(deterministic=True))


class _Graph:
    """Nodes and weights in the order in which they are met."""

    def __init__(self, weights: Mapping[str, np.ndarray]) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._tensors: list[onnx.TensorProto] = []
        self._norms = 0

    def build(self) -> onnx.ModelProto:
        """The whole network: timbre and rhythm in front, a middle, pooling over time, two dense layers."""
        front = self._front(self._norm(self._add("Unsqueeze", "mel", self._integers(1))))
        pooled = self._pool(self._middle(front))
        hidden = self._add("Relu", self._dense(self._norm(pooled), "dense"))
        embedding = self._norm(hidden, "embedding")
        self._dense(embedding, "dense_1", "logits")
        outputs = {"logits": ["n", TAGS], "embedding": ["n", DIMENSIONS]}
        model = self._model({"mel": ["n", FRAMES, BANDS]}, outputs)
        onnx.checker.check_model(model, full_check=True)
        return model

    def _front(self, mel: str) -> str:
        """Maxima over the bands of filters that see much spectrum and of filters that see much time."""
        maxima = []
        for name in (*TIMBRE, *RHYTHM):
            before = (self._kernel(name).shape[0] - 1) // 2
            after = self._kernel(name).shape[0] // 2
            heard = self._norm(self._convolve(mel, name, [before, 0, after, 0]))
            maxima.append(self._add("ReduceMax", heard, self._integers(3), keepdims=0))
        return self._add("Concat", *maxima, axis=1)

    def _middle(self, front: str) -> str:
        """Three convolutions over time, each but the first added to the one before; all are kept."""
        kept = [front]
        for name in MIDDLE:
            fresh = self._norm(self._convolve(kept[-1], name, [3, 3]))
            kept.append(fresh if len(kept) == 1 else self._add("Add", fresh, kept[-1]))
        return self._add("Concat", *kept, axis=1)

    def _pool(self, middle: str) -> str:
        pools = [
            self._add(kind, middle, self._integers(2), keepdims=1) for kind in ("ReduceMax", "ReduceMean")
        ]
        return self._add("Flatten", self._add("Concat", *pools, axis=2), axis=1)

    def _norm(self, tensor: str, output: str = "") -> str:
        number, self._norms = self._norms, self._norms + 1
        layer = f"batch_normalization_{number}" if number else "batch_normalization"
        parts = [f"{layer}/{part}" for part in ("gamma", "beta", "moving_mean", "moving_variance")]
        inputs = [self._tensor(self._weights[part], part) for part in parts]
        return self._add("BatchNormalization", tensor, *inputs, output=output, epsilon=EPSILON)

    def _convolve(self, tensor: str, name: str, pads: list[int]) -> str:
        """Over time and bands with four pads; over time alone with two, where bands are channels."""
        kernel = self._kernel(name)
        turned = kernel[:, :, 0].transpose(2, 1, 0) if len(pads) == 2 else kernel.transpose(3, 2, 0, 1)
        bias = self._tensor(self._weights[f"{name}/bias"], f"{name}/bias")
        inputs = [tensor, self._tensor(turned, f"{name}/kernel"), bias]
        return self._add("Relu", self._add("Conv", *inputs, pads=pads))

    def _dense(self, tensor: str, name: str, output: str = "") -> str:
        parts = [
            self._tensor(self._weights[f"{name}/{part}"], f"{name}/{part}") for part in ("kernel", "bias")
        ]
        return self._add("Gemm", tensor, *parts, output=output)

    def _kernel(self, name: str) -> np.ndarray:
        return self._weights[f"{name}/kernel"]

    def _add(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        name = output or f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def _integers(self, *values: int) -> str:
        return self._tensor(np.array(values, np.int64), f"integers_{len(self._tensors)}")

    def _tensor(self, values: np.ndarray, name: str) -> str:
        self._tensors.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _model(self, inputs: Mapping[str, list], outputs: Mapping[str, list]) -> onnx.ModelProto:
        graph = helper.make_graph(self._nodes, "musicnn", _values(inputs), _values(outputs), self._tensors)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)


def _values(shapes: Mapping[str, list]) -> list[onnx.ValueInfoProto]:
    return [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]
