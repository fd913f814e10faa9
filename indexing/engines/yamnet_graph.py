"""YAMNet's layers as an ONNX graph, made from the tensors of its checkpoint.

The layers are those of research/audioset/yamnet in the TensorFlow Models repository.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET, IR_VERSION = 18, 9
FRAMES, BANDS, FEATURES = 96, 64, 1024
LABELS = "labels"  # the network carries the names of its classes under this name
EPSILON = 1e-4  # of its batch normalisations
STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)  # of the depthwise layers
TENSOR = "layer-1/layer/_func/_yamnet/layer_with_weights-{}/{}/.ATTRIBUTES/VARIABLE_VALUE"


def build(tensors: Mapping[str, np.ndarray], labels: Sequence[str]) -> onnx.ModelProto:
    """From `log_mel`, float32 (n, 96, 64), to `scores` (n, classes) in 0..1 and `embedding` (n, 1024).

    `labels` name the classes and go along as metadata. Raises KeyError where a layer is missing, ValueError
    where there are not as many labels as classes.
    """
    graph = _Graph(tensors)
    graph.convolutions()
    classes = graph.classifier()
    if classes != len(labels):
        raise ValueError(f"There are {len(labels)} labels for {classes} classes.")
    outputs = [_value("scores", classes), _value("embedding", FEATURES)]
    made = helper.make_graph(
        graph.nodes, "yamnet", [_value("log_mel", FRAMES, BANDS)], outputs, graph.constants
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    helper.set_model_props(model, {LABELS: json.dumps(list(labels))})
    onnx.checker.check_model(model, full_check=True)
    return model


class _Graph:
    """Nodes and constants, layer after layer. `_layer` counts the checkpoint's layers with weights."""

    def __init__(self, tensors: Mapping[str, np.ndarray]) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._tensors = tensors
        self._layer = 0

    def convolutions(self) -> None:
        """One full convolution, then pairs of a depthwise and a pointwise one."""
        axis = self._constant(np.array([1], np.int64), "channel")
        self._add("Unsqueeze", ["log_mel", axis], "layer")
        self._convolution("kernel", stride=2)
        for stride in STRIDES:
            self._convolution("depthwise_kernel", stride)
            self._convolution("kernel", stride=1)

    def classifier(self) -> int:
        """The mean over time and bands is the embedding; one dense layer makes scores of it."""
        weights, biases = self._tensor("kernel"), self._tensor("bias")
        self._add("GlobalAveragePool", [self._last()], "mean")
        self._add("Flatten", ["mean"], "embedding", axis=1)
        dense = [self._constant(weights, "dense"), self._constant(biases, "bias")]
        self._add("Gemm", ["embedding", *dense], "logits")
        self._add("Sigmoid", ["logits"], "scores")
        return len(biases)

    def _convolution(self, kind: str, stride: int) -> None:
        """A convolution with the batch normalisation after it folded in, and a ReLU."""
        depthwise = kind == "depthwise_kernel"
        kernel = self._tensor(kind).transpose((2, 3, 0, 1) if depthwise else (3, 2, 0, 1))
        self._layer += 1
        scale = 1 / np.sqrt(self._tensor("moving_variance") + np.float32(EPSILON))
        shift = self._tensor("beta") - self._tensor("moving_mean") * scale
        self._layer += 1
        weights = self._constant(kernel * scale[:, None, None, None], f"kernel{self._layer}")
        inputs = [self._last(), weights, self._constant(shift, f"shift{self._layer}")]
        group = len(kernel) if depthwise else 1
        name = f"convolution{self._layer}"
        self._add("Conv", inputs, name, auto_pad="SAME_UPPER", strides=[stride] * 2, group=group)
        self._add("Relu", [name], f"layer{self._layer}")

    def _last(self) -> str:
        return str(self.nodes[-1].output[0])

    def _add(self, kind: str, inputs: Sequence[str], output: str, **attributes: object) -> None:
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))

    def _tensor(self, name: str) -> np.ndarray:
        return self._tensors[TENSOR.format(self._layer, name)]

    def _constant(self, values: np.ndarray, name: str) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name


def _value(name: str, *shape: int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", *shape])
