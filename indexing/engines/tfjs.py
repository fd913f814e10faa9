"""TensorFlow.js graph models to ONNX: the operations that convolutional detectors are made of."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
Shape = Sequence[int]


class UnsupportedError(ValueError):
    """The graph has an operation or a form of one that is not translated."""


def convert(folder: Path, inputs: Mapping[str, Shape], outputs: Mapping[str, Shape]) -> onnx.ModelProto:
    """The part of the graph model in `folder` that leads from `inputs` to `outputs` (names and shapes).

    Tensors are float32 and keep TensorFlow's layout (NHWC). Raises UnsupportedError.
    """
    return _Graph(folder, inputs).build(outputs)


def _read_weights(folder: Path, manifest: Sequence[Mapping[str, Any]]) -> dict[str, np.ndarray]:
    """Every constant of the model; integers become int64, as ONNX wants shapes and axes."""
    constants = {}
    for group in manifest:
        data = b"".join((folder / name).read_bytes() for name in group["paths"])
        offset = 0
        for entry in group["weights"]:
            kind = np.dtype(entry["dtype"])
            count = int(np.prod(entry["shape"], dtype=np.int64))
            values = np.frombuffer(data, kind, count, offset).reshape(entry["shape"])
            constants[entry["name"]] = values.astype(np.int64) if kind.kind == "i" else values
            offset += count * kind.itemsize
    return constants


class _Graph:
    """One conversion. Each method named after a TensorFlow operation emits the ONNX nodes for it."""

    def __init__(self, folder: Path, inputs: Mapping[str, Shape]) -> None:
        model = json.loads((folder / "model.json").read_text())
        self._source = {node["name"]: node for node in model["modelTopology"]["node"]}
        self._constants = _read_weights(folder, model["weightsManifest"])
        self._inputs = inputs
        self._nodes: list[onnx.NodeProto] = []
        self._tensors: dict[str, onnx.TensorProto] = {}
        self._done: set[str] = set()

    def build(self, outputs: Mapping[str, Shape]) -> onnx.ModelProto:
        for name in outputs:
            self._visit(name)
        graph = helper.make_graph(
            self._nodes, "model", _values(self._inputs), _values(outputs), list(self._tensors.values())
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
        onnx.checker.check_model(model)
        return model

    def _visit(self, tensor: str) -> None:
        name = tensor.split(":")[0]
        if name in self._done or name in self._inputs:
            return
        self._done.add(name)
        node = self._source[name]
        if node["op"] == "Const":
            self._tensor(self._constants[name], name)
            return
        emit = getattr(self, f"_{node['op']}", None) or _SAME_IN_BOTH.get(node["op"])
        if emit is None:
            raise UnsupportedError(f"{node['op']} ({name}) is not translated.")
        operands = [operand for operand in node["input"] if not operand.startswith("^")]
        if isinstance(emit, str):
            self._follow(operands)
            self._add(emit, operands, name)
        else:
            emit(node, name, operands)

    def _follow(self, operands: Sequence[str]) -> None:
        for operand in operands:
            self._visit(operand)

    def _add(self, kind: str, inputs: Sequence[str], output: str | Sequence[str], **attributes: Any) -> str:
        outputs = [output] if isinstance(output, str) else list(output)
        self._nodes.append(helper.make_node(kind, list(inputs), outputs, **attributes))
        return outputs[0]

    def _tensor(self, values: np.ndarray, name: str) -> str:
        self._tensors[name] = numpy_helper.from_array(np.array(values, order="C"), name)
        return name

    def _constant(self, tensor: str) -> np.ndarray:
        if tensor not in self._constants:
            raise UnsupportedError(f"{tensor} should be a constant.")
        return self._constants[tensor]

    def _channels_first(self, kind: str, node: dict, name: str, inputs: Sequence[str], **more: Any) -> None:
        """An operation that ONNX has in NCHW only, between two transpositions, which a runtime takes out."""
        if _text(node, "data_format") not in ("", "NHWC"):
            raise UnsupportedError(f"{name} is not NHWC.")
        self._visit(inputs[0])
        turned = self._add("Transpose", [inputs[0]], f"{name}/nchw", perm=[0, 3, 1, 2])
        result = self._add(kind, [turned, *inputs[1:]], f"{name}/result", **more)
        self._add("Transpose", [result], name, perm=[0, 2, 3, 1])

    def _convolve(self, node: dict, name: str, picture: str, kernel: np.ndarray, group: int) -> None:
        steps = {key: _integers(node, key)[1:3] for key in ("strides", "dilations") if key in node["attr"]}
        padding = {"SAME": "SAME_UPPER", "VALID": "VALID"}[_text(node, "padding")]
        inputs = [picture, self._tensor(kernel, f"{name}/kernel")]
        self._channels_first("Conv", node, name, inputs, auto_pad=padding, group=group, **steps)

    def _Conv2D(self, node: dict, name: str, operands: Sequence[str]) -> None:  # noqa: N802
        kernel = self._constant(operands[1]).transpose(3, 2, 0, 1)
        self._convolve(node, name, operands[0], kernel, group=1)

    def _DepthwiseConv2dNative(self, node: dict, name: str, operands: Sequence[str]) -> None:  # noqa: N802
        kernel = self._constant(operands[1])
        height, width, channels, multiplier = kernel.shape
        kernel = kernel.transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, height, width)
        self._convolve(node, name, operands[0], kernel, group=channels)

    def _FusedBatchNorm(self, node: dict, name: str, operands: Sequence[str]) -> None:  # noqa: N802
        self._follow(operands[1:])
        epsilon = float(node["attr"]["epsilon"]["f"])
        self._channels_first("BatchNormalization", node, name, operands, epsilon=epsilon)

    def _Relu6(self, node: dict, name: str, operands: Sequence[str]) -> None:  # noqa: N802
        self._follow(operands)
        low = self._tensor(np.array(0, np.float32), "zero")
        high = self._tensor(np.array(6, np.float32), "six")
        self._add("Clip", [operands[0], low, high], name)

    def _Pack(self, node: dict, name: str, operands: Sequence[str]) -> None:  # noqa: N802
        self._follow(operands)
        axis = int(node["attr"]["axis"]["i"])
        axes = self._tensor(np.array([axis]), f"{name}/axes")
        pieces = [
            self._add("Unsqueeze", [operand, axes], f"{name}/piece{number}")
            for number, operand in enumerate(operands)
        ]
        self._add("Concat", pieces, name, axis=axis)

    def _Unpack(self, node: dict, name: str, operands: Sequence[str]) -> None:  # noqa: N802
        self._follow(operands)
        count, axis = int(node["attr"]["num"]["i"]), int(node["attr"]["axis"]["i"])
        pieces = [f"{name}/piece{number}" for number in range(count)]
        self._add("Split", operands, pieces, axis=axis)
        axes = self._tensor(np.array([axis]), f"{name}/axes")
        for number, piece in enumerate(pieces):
            self._add("Squeeze", [piece, axes], f"{name}:{number}" if number else name)

    def _StridedSlice(self, node: dict, name: str, operands: Sequence[str]) -> None:  # noqa: N802
        """Only one element of a list, as it is used to take a dimension out of a shape."""
        begin, end = self._constant(operands[1]), self._constant(operands[2])
        if begin.shape != (1,) or end[0] - begin[0] != 1 or not int(node["attr"]["shrink_axis_mask"]["i"]):
            raise UnsupportedError(f"{name} takes more than one element.")
        self._visit(operands[0])
        index = self._tensor(begin.reshape(()), f"{name}/index")
        self._add("Gather", [operands[0], index], name)

    def _Slice(self, node: dict, name: str, operands: Sequence[str]) -> None:  # noqa: N802
        begin, size = self._constant(operands[1]), self._constant(operands[2])
        ends = np.where(size < 0, np.iinfo(np.int64).max, begin + size)
        self._visit(operands[0])
        bounds = [self._tensor(begin, f"{name}/starts"), self._tensor(ends, f"{name}/ends")]
        self._add("Slice", [operands[0], *bounds], name)

    def _Transpose(self, node: dict, name: str, operands: Sequence[str]) -> None:  # noqa: N802
        self._visit(operands[0])
        self._add("Transpose", operands[:1], name, perm=self._constant(operands[1]).tolist())

    def _ConcatV2(self, node: dict, name: str, operands: Sequence[str]) -> None:  # noqa: N802
        *pieces, axis = operands
        self._follow(pieces)
        self._add("Concat", pieces, name, axis=int(self._constant(axis)))

    def _ExpandDims(self, node: dict, name: str, operands: Sequence[str]) -> None:  # noqa: N802
        self._visit(operands[0])
        axes = self._tensor(self._constant(operands[1]).reshape(1), f"{name}/axes")
        self._add("Unsqueeze", [operands[0], axes], name)

    def _Squeeze(self, node: dict, name: str, operands: Sequence[str]) -> None:  # noqa: N802
        self._follow(operands)
        axes = self._tensor(np.array(_integers(node, "squeeze_dims")), f"{name}/axes")
        self._add("Squeeze", [operands[0], axes], name)


_SAME_IN_BOTH: dict[str, str | Callable[..., None]] = {
    "Add": "Add",
    "AddV2": "Add",
    "BiasAdd": "Add",
    "AddN": "Sum",
    "Mul": "Mul",
    "Sub": "Sub",
    "Exp": "Exp",
    "Sigmoid": "Sigmoid",
    "Reshape": "Reshape",
    "Shape": "Shape",
    "Tile": "Tile",
}


def _values(shapes: Mapping[str, Shape]) -> list[onnx.ValueInfoProto]:
    return [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)) for name, shape in shapes.items()
    ]


def _integers(node: Mapping[str, Any], key: str) -> list[int]:
    return [int(value) for value in node["attr"][key]["list"]["i"]]


def _text(node: Mapping[str, Any], key: str) -> str:
    """A text attribute, which the format writes as character codes or as base64."""
    value = node["attr"].get(key, {}).get("s", "")
    return (base64.b64decode(value) if isinstance(value, str) else bytes(value)).decode()
