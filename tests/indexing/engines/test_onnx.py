"""Sessions: exact int8 on every processor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from indexing.engines import onnx


def test_sums_of_int8_products_do_not_saturate(tmp_path: Path) -> None:
    """255 x 127 twice is more than 16 bits hold, which is what processors without VNNI add up in."""
    size = 64
    table = np.full((size, size), 127, np.int8)
    constants = [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(np.zeros(size, np.int8), "table_zero"),
    ]
    nodes = [
        helper.make_node("DynamicQuantizeLinear", ["x"], ["q", "scale", "zero"]),
        helper.make_node("MatMulInteger", ["q", "table", "zero", "table_zero"], ["sums"]),
        helper.make_node("Cast", ["sums"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["floats", "scale"], ["y"]),
    ]
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [4, size]) for name in ("x", "y")]
    graph = helper.make_graph(nodes, "sum", ends[:1], ends[1:], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (tmp_path / "sum.onnx").write_bytes(model.SerializeToString())
    ones = np.ones((4, size), np.float32)
    (result,) = onnx.session(tmp_path / "sum.onnx", 1, int8=True).run(["y"], {"x": ones})
    np.testing.assert_allclose(result, 127 * size, rtol=1e-4)
