"""Motion in few bytes: whole steps, of which only what the two frames before do not foretell is kept, packed."""

from __future__ import annotations

import lzma

import numpy as np
import numpy.typing as npt

from motion.arrays import Array, Mask
from motion.rotations import matrix_from_axis_angle, quaternion_from_matrix, same_half_sphere

ROTATION_STEP_RAD = 1.0 / 1024.0   # rounding turns a joint by at most 0.05 degrees
ROOT_STEP_M = 0.00025
_PRESET = 6

Whole = npt.NDArray[np.integer]


def rotation_steps(R: Array) -> npt.NDArray[np.int16]:
    """Rotations [T, N, 3, 3] as rotation vectors [T, N, 3] in whole steps, continuous in time up to a whole turn."""
    wxyz = same_half_sphere(quaternion_from_matrix(R))
    sine = np.linalg.norm(wxyz[..., 1:], axis=-1, keepdims=True)
    angle = 2.0 * np.arctan2(sine, wxyz[..., :1])
    vectors = np.where(sine > 1e-9, angle / np.maximum(sine, 1e-9), 2.0) * wxyz[..., 1:]
    return np.rint(vectors / ROTATION_STEP_RAD).astype(np.int16)


def rotations_of(steps: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
    """The rotations [T, N, 3, 3] of `rotation_steps`."""
    return matrix_from_axis_angle(steps * ROTATION_STEP_RAD).astype(np.float32)


def root_steps(root_world: Array) -> npt.NDArray[np.int32]:
    """Places [T, 3] m in whole steps."""
    return np.rint(np.asarray(root_world, np.float64) / ROOT_STEP_M).astype(np.int32)


def root_of(steps: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
    """The places [T, 3] m of `root_steps`."""
    return (steps * ROOT_STEP_M).astype(np.float32)


def packed_series(series: list[Whole]) -> bytes:
    """Whole numbers of any clips [T, ...], one type and width, lossless."""
    planes = [np.ascontiguousarray(_surprises(each).reshape(len(each), -1).T).ravel() for each in series]
    whole = np.concatenate(planes) if planes else np.zeros(0, np.int16)
    # All low bytes, then all high bytes: those hardly ever change.
    return packed(np.ascontiguousarray(whole.view(np.uint8).reshape(-1, whole.itemsize).T).tobytes())


def unpacked_series(data: bytes, lengths: list[int], width: int, dtype: type[np.integer]) -> list[Whole]:
    """The series [T, width] of `packed_series`, T from `lengths`. Raises ValueError when there are more or fewer."""
    size = np.dtype(dtype).itemsize
    count = sum(lengths) * width
    planes = np.frombuffer(unpacked(data, count * size), np.uint8).reshape(size, count)
    whole = np.ascontiguousarray(planes.T).view(dtype).ravel()
    ends = np.cumsum([length * width for length in lengths])
    pieces = [whole[end - length * width : end] for end, length in zip(ends, lengths)]
    return [_without_surprise(piece.reshape(width, -1).T) for piece in pieces]


def packed_masks(masks: list[Mask]) -> bytes:
    """Masks [T, N] of any clips."""
    return packed(np.packbits(np.concatenate([mask.T.ravel() for mask in masks])).tobytes() if masks else b"")


def unpacked_masks(data: bytes, lengths: list[int], width: int) -> list[Mask]:
    """The masks [T, width] of `packed_masks`."""
    count = sum(lengths) * width
    bits = np.unpackbits(np.frombuffer(unpacked(data, -(-count // 8)), np.uint8), count=count).astype(bool)
    ends = np.cumsum([length * width for length in lengths])
    return [bits[end - length * width : end].reshape(width, -1).T for end, length in zip(ends, lengths)]


def packed(data: bytes) -> bytes:
    return lzma.compress(data, preset=_PRESET)


def unpacked(data: bytes, size: int) -> bytes:
    """`size` bytes and no more; ValueError when there are not just as many."""
    whole = unpacked_up_to(data, size)
    if len(whole) != size:
        raise ValueError("it holds less than it says")
    return whole


def unpacked_up_to(data: bytes, most: int) -> bytes:
    """What `packed` made of at most so many bytes. Raises ValueError or lzma.LZMAError for anything else."""
    reader = lzma.LZMADecompressor(memlimit=256 << 20)
    whole = reader.decompress(data, max_length=most + 1)
    if len(whole) > most or not reader.eof:
        raise ValueError("it holds more than it says, or ends too early")
    return whole


def _surprises(series: Whole) -> Whole:
    """What no straight line through the two frames before foretells; overflow is undone by `_without_surprise`."""
    for _ in range(2):
        series = np.diff(series, axis=0, prepend=np.zeros_like(series[:1]))
    return series


def _without_surprise(surprises: Whole) -> Whole:
    for _ in range(2):
        surprises = np.cumsum(surprises, axis=0, dtype=surprises.dtype)
    return surprises
