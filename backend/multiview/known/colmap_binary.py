"""COLMAP's cameras.bin and images.bin: little-endian, without padding."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from backend.multiview.known.calibrated_camera import BadCalibration, name_of
from backend.multiview.known.colmap import LENS_MODELS, Image, Lens, check_count, usable_lens

_COUNT = "<Q"
_LENS = "<IiQQ"          # number, model, width, height; then its parameters
_IMAGE = "<I7dI"         # number, quaternion, translation, number of its camera; then name, count, points
_POINT_BYTES = 24        # x, y, number of the point in space
_LONGEST_NAME = 4096
_WIDEST_PX = 1 << 40     # numbers that a sentence can show


class _Bytes:
    """Bytes that are read from front to back, never past their end."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def numbers(self, form: str) -> tuple[Any, ...]:
        start = self._at
        self.skip(struct.calcsize(form))
        return struct.unpack_from(form, self._data, start)

    def skip(self, count: int) -> None:
        if count > len(self._data) - self._at:
            raise BadCalibration("it ends too early")
        self._at += count

    def text(self) -> str:
        end = self._data.find(b"\0", self._at, self._at + _LONGEST_NAME)
        if end < 0:
            raise BadCalibration("it has a name without an end")
        text = self._data[self._at:end].decode("utf-8", errors="replace")
        self._at = end + 1
        return text


def lenses_in_binary(data: bytes) -> dict[int, Lens]:
    """By their numbers. Raises BadCalibration."""
    stream, lenses = _Bytes(data), {}
    for _ in range(_count(stream, struct.calcsize(_LENS), len(data))):
        number, kind, width, height = stream.numbers(_LENS)
        model = usable_lens(number, LENS_MODELS.get(kind), f"number {kind}")
        parameters = np.array(stream.numbers(f"<{len(model.parameters.split())}d"))
        lenses[number] = Lens(model, (min(width, _WIDEST_PX), min(height, _WIDEST_PX)), parameters)
    return lenses


def images_in_binary(data: bytes) -> list[Image]:
    """Raises BadCalibration."""
    stream, images = _Bytes(data), []
    count = _count(stream, struct.calcsize(_IMAGE), len(data))
    check_count(count)
    for _ in range(count):
        _, *pose, lens = stream.numbers(_IMAGE)
        images.append(Image(name_of(stream.text()), np.array(pose[:4]), np.array(pose[4:]), lens))
        (points,) = stream.numbers(_COUNT)
        stream.skip(points * _POINT_BYTES)
    return images


def _count(stream: _Bytes, least_bytes: int, all_bytes: int) -> int:
    (count,) = stream.numbers(_COUNT)
    if count * least_bytes > all_bytes:
        raise BadCalibration("it ends too early")
    return int(count)
