"""Checkpoints written on the spot are read, and damaged ones refused."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from indexing.engines.tf_checkpoint import MAGIC, CheckpointError, load

TYPES = {"float32": 1, "float64": 2, "int32": 3, "int64": 9, "bool": 10, "float16": 19}


def varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def message(*fields: tuple[int, int | bytes]) -> bytes:
    parts = []
    for name, value in fields:
        if isinstance(value, bytes):
            parts.append(varint(name << 3 | 2) + varint(len(value)) + value)
        else:
            parts.append(varint(name << 3) + varint(value))
    return b"".join(parts)


def block(entries: list[tuple[bytes, bytes]]) -> bytes:
    """A table block whose keys share what they can, with one restart point."""
    out, before = b"", b""
    for key, value in entries:
        shared = next((n for n, (a, b) in enumerate(zip(before, key, strict=False)) if a != b), 0)
        out += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        before = key
    return out + struct.pack("<II", 0, 1)


def described(values: np.ndarray, offset: int) -> bytes:
    shape = b"".join(message((2, message((1, length)))) for length in values.shape)
    return message(
        (1, TYPES[values.dtype.name]), (2, shape), (4, offset), (5, values.nbytes), (6, b"\0\0\0\0")
    )


def write(folder: Path, tensors: Mapping[str, np.ndarray], *more: tuple[bytes, bytes]) -> Path:
    """A checkpoint of these tensors; `more` are raw entries of the index."""
    data, entries = b"", [(b"", message((1, 1)))]
    for name, values in sorted(tensors.items()):
        entries.append((name.encode(), described(values, len(data))))
        data += values.tobytes()
    body = block(entries + list(more))
    table = body + b"\0" + b"\0\0\0\0"
    index = block([(b"~", varint(0) + varint(len(body)))])
    handles = varint(0) + varint(0) + varint(len(table)) + varint(len(index))
    footer = handles.ljust(40, b"\0") + struct.pack("<Q", MAGIC)
    (folder / "v.index").write_bytes(table + index + b"\0" + b"\0\0\0\0" + footer)
    (folder / "v.data-00000-of-00001").write_bytes(data)
    return folder / "v"


TENSORS = {
    "layer/kernel": np.arange(24, dtype=np.float32).reshape(2, 3, 4),
    "layer/kernel_half": np.ones((2, 2), np.float16),
    "layer/step": np.array(7, np.int64),
    "none": np.zeros((0, 3), np.float64),
}


def test_every_tensor_comes_back_with_its_name_shape_and_type(tmp_path: Path) -> None:
    found = load(write(tmp_path, TENSORS))
    assert found.keys() == TENSORS.keys()
    for name, values in TENSORS.items():
        assert found[name].dtype == values.dtype
        np.testing.assert_array_equal(found[name], values)


def test_tensors_that_are_no_numbers_are_left_out(tmp_path: Path) -> None:
    text = message((1, 7), (4, 0), (5, 3))
    assert load(write(tmp_path, TENSORS, (b"zz_text", text))).keys() == TENSORS.keys()


@pytest.mark.parametrize(
    "entry",
    [
        message((1, 1), (2, message((2, message((1, 5))))), (4, 0), (5, 16)),
        message((1, 1), (2, message((2, message((1, 4))))), (4, 1 << 40), (5, 16)),
        message((1, 1), (2, message((2, message((1, 1 << 63))), (2, message((1, 0))))), (5, 0)),
        message((1, 1), (2, b"".join([message((2, b""))] * 9)), (5, 0)),
        message((1, 1), (3, 2), (5, 4)),
        message((1, 1), (2, 7), (5, 4)),
        message((1, b"x")),
        b"\x0b\x01",
        b"\x80" * 12,
        b"\x12\x7f",
    ],
    ids=["wrong size", "outside", "endless shape", "nine dimensions", "other shard", "shape is a number",
         "type is text", "group", "endless number", "cut off"],
)  # fmt: skip
def test_entries_that_lie_are_refused(tmp_path: Path, entry: bytes) -> None:
    with pytest.raises(CheckpointError):
        load(write(tmp_path, TENSORS, (b"zz", entry)))


def test_a_compressed_index_is_refused(tmp_path: Path) -> None:
    prefix = write(tmp_path, {})
    index = tmp_path / "v.index"
    data = bytearray(index.read_bytes())
    data[-48 - 5] = 1
    index.write_bytes(data)
    with pytest.raises(CheckpointError, match="compressed"):
        load(prefix)


def test_any_damaged_byte_gives_tensors_or_a_clear_error(tmp_path: Path) -> None:
    prefix = write(tmp_path, TENSORS)
    index = tmp_path / "v.index"
    whole, chance = index.read_bytes(), np.random.default_rng(5)
    refused = 0
    for position in range(len(whole)):
        data = bytearray(whole)
        data[position] ^= int(chance.integers(1, 256))
        index.write_bytes(data)
        try:
            load(prefix)
        except CheckpointError:
            refused += 1
    assert refused > len(whole) / 4


@pytest.mark.parametrize("length", [0, 7, 47, 100])
def test_a_cut_index_is_refused(tmp_path: Path, length: int) -> None:
    prefix = write(tmp_path, TENSORS)
    index = tmp_path / "v.index"
    index.write_bytes(index.read_bytes()[:length])
    with pytest.raises(CheckpointError):
        load(prefix)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "absent")
