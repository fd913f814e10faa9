"""A TensorFlow.js graph gives the same numbers as ONNX; what is not translated is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from indexing.engines import tfjs

RANDOM = np.random.default_rng(3)


def node(name: str, op: str, *inputs: str, **attributes: Any) -> dict[str, Any]:
    return {"name": name, "op": op, "input": list(inputs), "attr": attributes}


def integers(*values: int) -> dict[str, Any]:
    return {"list": {"i": [str(value) for value in values]}}


def text(value: str) -> dict[str, Any]:
    return {"s": [ord(letter) for letter in value]}


def number(value: int) -> dict[str, Any]:
    return {"i": str(value)}


def run(
    folder: Path,
    nodes: list[dict[str, Any]],
    constants: dict[str, np.ndarray],
    picture: np.ndarray,
    shape: Any,
) -> np.ndarray:
    """Write the graph and its weights, convert it and run it from `in` to `out`."""
    entries = [
        {"name": name, "shape": list(values.shape), "dtype": str(values.dtype)}
        for name, values in constants.items()
    ]
    (folder / "shard").write_bytes(b"".join(values.tobytes() for values in constants.values()))
    nodes = nodes + [node(name, "Const") for name in constants] + [node("in", "Placeholder")]
    manifest = [{"paths": ["shard"], "weights": entries}]
    model = {"modelTopology": {"node": nodes}, "weightsManifest": manifest}
    (folder / "model.json").write_text(json.dumps(model))
    made = tfjs.convert(folder, {"in": picture.shape}, {"out": shape})
    session = onnxruntime.InferenceSession(made.SerializeToString())
    result: np.ndarray = session.run(["out"], {"in": picture})[0]
    return result


def floats(*shape: int) -> np.ndarray:
    return RANDOM.normal(size=shape).astype(np.float32)


def convolve(picture: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    """TensorFlow's SAME convolution, written out: (h, w, c) with (kh, kw, c, out)."""
    height, width, _ = picture.shape
    side = kernel.shape[0]
    rows, columns = -(-height // stride), -(-width // stride)
    pads = [max((n - 1) * stride + side - size, 0) for n, size in ((rows, height), (columns, width))]
    padded = np.pad(
        picture, [(pads[0] // 2, pads[0] - pads[0] // 2), (pads[1] // 2, pads[1] - pads[1] // 2), (0, 0)]
    )
    out = np.zeros((rows, columns, kernel.shape[3]), np.float32)
    for row in range(rows):
        for column in range(columns):
            patch = padded[row * stride :, column * stride :][:side, :side]
            out[row, column] = np.tensordot(patch, kernel, 3)
    return out


@pytest.mark.parametrize("stride", [1, 2])
def test_convolution(tmp_path: Path, stride: int) -> None:
    picture, kernel = floats(1, 7, 6, 3), floats(3, 3, 3, 5)
    same = node("out", "Conv2D", "in", "k", padding=text("SAME"), strides=integers(1, stride, stride, 1))
    expected = convolve(picture[0], kernel, stride)
    result = run(tmp_path, [same], {"k": kernel}, picture, (1, *expected.shape))
    np.testing.assert_allclose(result[0], expected, atol=1e-5)


def test_depthwise_convolution(tmp_path: Path) -> None:
    picture, kernel = floats(1, 6, 6, 2), floats(3, 3, 2, 2)
    deep = node("out", "DepthwiseConv2dNative", "in", "k", padding=text("SAME"), strides=integers(1, 1, 1, 1))
    expected = np.concatenate(
        [convolve(picture[0, :, :, c : c + 1], kernel[:, :, c : c + 1], 1) for c in range(2)], axis=2
    )
    result = run(tmp_path, [deep], {"k": kernel}, picture, (1, 6, 6, 4))
    np.testing.assert_allclose(result[0], expected, atol=1e-5)


def test_normalisation_and_activation(tmp_path: Path) -> None:
    picture = floats(1, 4, 4, 3) * 9
    scale, offset, mean, variance = floats(3), floats(3), floats(3), np.abs(floats(3)) + 0.1
    graph = [
        node("normal", "FusedBatchNorm", "in", "s", "o", "m", "v", epsilon={"f": 0.001}),
        node("out", "Relu6", "normal"),
    ]
    constants = {"s": scale, "o": offset, "m": mean, "v": variance}
    expected = np.clip((picture - mean) / np.sqrt(variance + 0.001) * scale + offset, 0, 6)
    np.testing.assert_allclose(run(tmp_path, graph, constants, picture, picture.shape), expected, atol=1e-4)


def test_shapes_are_computed_as_tensorflow_does(tmp_path: Path) -> None:
    graph = [
        node("shape", "Shape", "in"),
        node("first", "StridedSlice", "shape", "zero", "one", "one", shrink_axis_mask=number(1)),
        node("target", "Pack", "first", "rest", "three", axis=number(0)),
        node("flat", "Reshape", "in", "target"),
        node("part", "Slice", "flat", "begin", "size"),
        node("turned", "Transpose", "part", "order"),
        node("wider", "ExpandDims", "turned", "axis"),
        node("out", "Squeeze", "wider", squeeze_dims=integers(0)),
    ]
    names = ("zero", "one"), ("rest", "three")
    constants = {
        **{name: np.array([value], np.int32) for value, name in enumerate(names[0])},
        **{name: np.array(value, np.int32) for value, name in zip((-1, 3), names[1], strict=True)},
        "begin": np.array([0, 1, 1], np.int32),
        "size": np.array([-1, 2, -1], np.int32),
        "order": np.array([2, 1, 0], np.int32),
        "axis": np.array(0, np.int32),
    }
    picture = floats(1, 2, 4, 3)
    expected = picture.reshape(1, 8, 3)[:, 1:3, 1:].transpose(2, 1, 0)
    np.testing.assert_array_equal(run(tmp_path, graph, constants, picture, expected.shape), expected)


def test_unpacked_pieces_are_told_apart(tmp_path: Path) -> None:
    graph = [
        node("pieces", "Unpack", "in", axis=number(0), num=number(2)),
        node("difference", "Sub", "pieces", "pieces:1"),
        node("twice", "AddN", "difference", "difference"),
        node("joined", "ConcatV2", "twice", "pieces", "axis"),
        node("out", "Sigmoid", "joined"),
    ]
    picture = floats(2, 5)
    expected = 1 / (1 + np.exp(-np.concatenate([2 * (picture[0] - picture[1]), picture[0]])))
    result = run(tmp_path, graph, {"axis": np.array(0, np.int32)}, picture, (10,))
    np.testing.assert_allclose(result, expected, atol=1e-6)


@pytest.mark.parametrize(
    "unknown",
    [
        node("out", "NonMaxSuppressionV5", "in"),
        node("out", "Conv2D", "in", "k", padding=text("SAME"), data_format=text("NCHW")),
        node("out", "StridedSlice", "in", "two", "k", "two", shrink_axis_mask=number(0)),
        node("out", "Transpose", "in", "in"),
    ],
)
def test_what_is_not_translated_is_refused(tmp_path: Path, unknown: dict[str, Any]) -> None:
    constants = {"k": floats(1, 1, 3, 3), "two": np.array([0, 1], np.int32)}
    with pytest.raises(tfjs.UnsupportedError, match=r"out|in should"):
        run(tmp_path, [unknown], constants, floats(1, 2, 2, 3), (1, 2, 2, 3))


def test_the_same_model_always_becomes_the_same_bytes(tmp_path: Path) -> None:
    constants = {"k": floats(1, 1, 3, 3)}
    one = node("out", "Conv2D", "in", "k", padding=text("VALID"), strides=integers(1, 1, 1, 1))
    run(tmp_path, [one], constants, floats(1, 2, 2, 3), (1, 2, 2, 3))
    made = [tfjs.convert(tmp_path, {"in": (1, 2, 2, 3)}, {"out": (1, 2, 2, 3)}) for _ in range(2)]
    assert len({model.SerializeToString(deterministic=True) for model in made}) == 1
