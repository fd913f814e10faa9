"""Weights read from a TensorFlow checkpoint (format V2, "tensor bundle") without TensorFlow.

Sources of the formats: LevelDB's table_format.md for the index, and TensorFlow's tensor_bundle.proto for what
the index says of each tensor.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from math import prod
from pathlib import Path

import numpy as np

MAGIC = 0xDB4775248B80FB57
FOOTER = 48  # bytes
VARINT = 10  # bytes that the longest varint of 64 bits takes
UNCOMPRESSED = 0
MOST_DIMENSIONS = 8
LONGEST_KEY = 4096  # bytes
MOST_BYTES = 2 * 2**30  # of one file: more is refused before it is read
TYPES: Mapping[int, str] = {1: "<f4", 2: "<f8", 3: "<i4", 9: "<i8", 10: "?", 19: "<f2"}  # DataType
DATA_TYPE, SHAPE, SHARD, OFFSET, SIZE = 1, 2, 3, 4, 5  # fields of BundleEntryProto
DIMENSION, LENGTH = 2, 1  # fields of TensorShapeProto and of its Dim

Fields = dict[int, list[int | bytes]]


class CheckpointError(ValueError):
    """The files are no checkpoint that can be read; the message says what is wrong."""


def load(prefix: Path) -> dict[str, np.ndarray]:
    """Every numeric tensor of the checkpoint by its name, little-endian, in the shape it was saved in.

    `prefix` is the path without `.index` and `.data-00000-of-00001`, as TensorFlow takes it. Tensors of other
    types (text, resources) are left out. Raises CheckpointError where anything does not fit, and OSError.
    """
    index, data = _read(prefix, ".index"), _read(prefix, ".data-00000-of-00001")
    tensors = {}
    for key, value in _entries(index):
        entry = _fields(value)
        if key and _number(entry, DATA_TYPE) in TYPES:
            tensors[key.decode("utf-8", "replace")] = _tensor(entry, data)
    return tensors


def _read(prefix: Path, ending: str) -> bytes:
    path = prefix.with_name(prefix.name + ending)
    if path.stat().st_size > MOST_BYTES:
        raise CheckpointError(f"{path.name} is larger than any checkpoint that is used here.")
    return path.read_bytes()


def _entries(index: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of the table: its footer points to the index block, which points to the others."""
    footer = index[-FOOTER:]
    if len(footer) < FOOTER or struct.unpack("<Q", footer[-8:])[0] != MAGIC:
        raise CheckpointError("The index has not the end of a checkpoint's index.")
    _, _, start, size = _varints(footer, 0, 4)[0]
    for _, handle in _block(index, start, size):
        start, size = _varints(handle, 0, 2)[0]
        yield from _block(index, start, size)


def _block(table: bytes, start: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of one block. A key is told as how much it shares with the one before, and the rest."""
    block = _cut(table, start, size + 1)
    if block[-1] != UNCOMPRESSED:
        raise CheckpointError("The index is compressed, which is not read here.")
    restarts = struct.unpack("<I", _cut(block, size - 4, 4))[0]
    entries = _cut(block, 0, size - 4 - 4 * restarts)
    position, key = 0, b""
    while position < len(entries):
        (shared, more, length), position = _varints(entries, position, 3)
        if shared > len(key) or shared + more > LONGEST_KEY:
            raise CheckpointError("A key of the index shares more than there is, or is too long.")
        key = key[:shared] + _cut(entries, position, more)
        yield key, _cut(entries, position + more, length)
        position += more + length


def _tensor(entry: Fields, data: bytes) -> np.ndarray:
    shape = _shape(entry)
    kind = np.dtype(TYPES[_number(entry, DATA_TYPE)])
    if _number(entry, SHARD):
        raise CheckpointError("The checkpoint is spread over several files, which is not read here.")
    raw = _cut(data, _number(entry, OFFSET), _number(entry, SIZE))
    if prod(shape) * kind.itemsize != len(raw) or max(shape, default=0) > MOST_BYTES:
        raise CheckpointError(f"A tensor of shape {tuple(shape)} cannot have {len(raw)} bytes.")
    return np.frombuffer(raw, kind).reshape(shape)


def _shape(entry: Fields) -> Sequence[int]:
    dimensions = _fields(_bytes(entry, SHAPE)).get(DIMENSION, [])
    if len(dimensions) > MOST_DIMENSIONS:
        raise CheckpointError(f"A tensor claims {len(dimensions)} dimensions.")
    return [_number(_fields(dimension), LENGTH) for dimension in dimensions]


def _fields(message: bytes | int) -> Fields:
    """The fields of a protocol buffer by number: integers, and bytes for all else. Groups are refused."""
    if isinstance(message, int):
        raise CheckpointError("A message of the index is a number.")
    fields: Fields = {}
    position = 0
    while position < len(message):
        (tag,), position = _varints(message, position, 1)
        value, position = _value(message, position, tag & 7)
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def _value(message: bytes, position: int, wire: int) -> tuple[int | bytes, int]:
    if wire == 0:
        (number,), position = _varints(message, position, 1)
        return number, position
    if wire == 2:
        (length,), position = _varints(message, position, 1)
    elif wire in (1, 5):
        length = 8 if wire == 1 else 4
    else:
        raise CheckpointError(f"A field of the index has the unknown form {wire}.")
    return _cut(message, position, length), position + length


def _varints(data: bytes, position: int, count: int) -> tuple[list[int], int]:
    """That many varints from a position on, and the position after them."""
    numbers = []
    for _ in range(count):
        number = 0
        for step in range(VARINT):
            byte = _cut(data, position, 1)[0]
            position += 1
            number |= (byte & 127) << (7 * step)
            if byte < 128:
                break
        else:
            raise CheckpointError("A number of the index does not end.")
        numbers.append(number)
    return numbers, position


def _cut(data: bytes, start: int, length: int) -> bytes:
    if start < 0 or length < 0 or start + length > len(data):
        raise CheckpointError("The checkpoint points outside itself: it is cut off or damaged.")
    return data[start : start + length]


def _number(fields: Fields, name: int) -> int:
    value = fields.get(name, [0])[-1]
    if isinstance(value, bytes):
        raise CheckpointError("A number of the index is no number.")
    return value


def _bytes(fields: Fields, name: int) -> bytes:
    value = fields.get(name, [b""])[-1]
    if isinstance(value, int):
        raise CheckpointError("A message of the index is a number.")
    return value
