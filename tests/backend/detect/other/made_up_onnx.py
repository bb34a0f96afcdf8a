"""ONNX files written by hand: their protocol buffers have few fields, and the onnx package is not at hand."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

FLOAT, INT, INTS = 1, 2, 7      # onnx.proto: TensorProto.DataType, AttributeProto.AttributeType


def spot_network(path: Path, weights: np.ndarray, width_px: int, height_px: int, batch: int | str = "B",
                 stride_px: int = 0) -> Path:  # fmt: skip
    """A network whose keypoint k lies where weights[k] [K, 3] times the colours is highest, [K, 4] with an offset.

    It answers in SimCC bins of one pixel, or in heat maps of `stride_px`.
    """
    count, side = len(weights), stride_px or 1
    kernel = np.repeat(np.repeat(weights[:, :3, None, None], side, axis=2), side, axis=3) / side**2
    convolved = _node("Conv", ["picture", "kernel", "offset"], ["maps"], strides=[side, side])
    down, across = height_px // side, width_px // side
    if stride_px:
        nodes, outputs = [convolved], [_value("maps", [batch, count, down, across])]
    else:
        nodes = [convolved, _node("ReduceMax", ["maps"], ["simcc_x"], axes=[2], keepdims=0),
                 _node("ReduceMax", ["maps"], ["simcc_y"], axes=[3], keepdims=0)]  # fmt: skip
        outputs = [_value("simcc_x", [batch, count, across]), _value("simcc_y", [batch, count, down])]
    tensors = [_tensor("kernel", kernel), _tensor("offset", weights[:, 3])]
    path.write_bytes(_model(nodes, tensors, [_value("picture", [batch, 3, height_px, width_px])], outputs))
    return path


def _model(nodes: list[bytes], tensors: list[bytes], inputs: list[bytes], outputs: list[bytes]) -> bytes:
    graph = _fields(1, nodes) + _text(2, "spots") + _fields(5, tensors) + _fields(11, inputs) + _fields(12, outputs)
    return _number(1, 7) + _field(7, graph) + _field(8, _text(1, "") + _number(2, 13))


def _node(kind: str, inputs: list[str], outputs: list[str], **attributes: int | list[int]) -> bytes:
    names = b"".join(_text(1, name) for name in inputs) + b"".join(_text(2, name) for name in outputs)
    return names + _text(4, kind) + _fields(5, [_attribute(name, value) for name, value in attributes.items()])


def _attribute(name: str, value: int | list[int]) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, INT)
    return _text(1, name) + b"".join(_number(8, each) for each in value) + _number(20, INTS)


def _tensor(name: str, values: np.ndarray) -> bytes:
    sizes = b"".join(_number(1, size) for size in values.shape)
    return sizes + _number(2, FLOAT) + _text(8, name) + _field(9, values.astype("<f4").tobytes())


def _value(name: str, shape: Sequence[int | str]) -> bytes:
    sizes = [_text(2, size) if isinstance(size, str) else _number(1, size) for size in shape]
    return _text(1, name) + _field(2, _field(1, _number(1, FLOAT) + _field(2, _fields(1, sizes))))


def _fields(tag: int, contents: list[bytes]) -> bytes:
    return b"".join(_field(tag, content) for content in contents)


def _text(tag: int, text: str) -> bytes:
    return _field(tag, text.encode())


def _field(tag: int, content: bytes) -> bytes:
    return _varint(tag << 3 | 2) + _varint(len(content)) + content


def _number(tag: int, value: int) -> bytes:
    return _varint(tag << 3) + _varint(value)


def _varint(value: int) -> bytes:
    parts = []
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    return struct.pack(f"{len(parts) + 1}B", *parts, value)
