"""Weights in small files: matrices in bytes, each row with a scale of its own, and archives that are pressed hard."""

from __future__ import annotations

import lzma
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import numpy as np

from motion import open_archive
from motion.arrays import Array

DAMAGED = (*open_archive.DAMAGED, lzma.LZMAError)   # what arrays_in() raises of files that are not whole
LARGEST_BYTES = 256 << 20                           # unpacked; the lifter that ships has 2 MB

_SCALE = "/scale"   # beside the name of a matrix that is kept in bytes
_LARGEST_BYTE = 127.0


def arrays_in(path: Path) -> dict[str, Array]:
    """All arrays of a file of weights; nothing is ever unpickled. Raises an error of DAMAGED."""
    with np.load(path, allow_pickle=False) as archive:
        if sum(member.file_size for member in archive.zip.infolist()) > LARGEST_BYTES:
            raise ValueError("no weights are so large")
        return {name: archive[name] for name in archive.files}


def in_bytes(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Matrices whose names end in "weight" as int8 rows and their scales: half the room of half precision."""
    kept: dict[str, Array] = {}
    for name, values in arrays.items():
        kept |= _matrix(name, values) if values.ndim >= 2 and name.endswith("weight") else {
            name: values.astype(np.float32)}  # fmt: skip
    return kept


def _matrix(name: str, values: Array) -> dict[str, Array]:
    scale = np.abs(values).reshape(len(values), -1).max(axis=1) / _LARGEST_BYTE + 1e-12
    rows = values / scale.reshape(-1, *[1] * (values.ndim - 1))
    return {name: np.round(rows).astype(np.int8), name + _SCALE: scale.astype(np.float32)}


def of_bytes(kept: Mapping[str, Array]) -> dict[str, Array]:
    """And back, float32."""
    return {name: _whole(values, kept.get(name + _SCALE)) for name, values in kept.items()
            if not name.endswith(_SCALE)}  # fmt: skip


def _whole(values: Array, scale: Array | None) -> Array:
    whole = values.astype(np.float32)
    return whole if scale is None else whole * scale.astype(np.float32).reshape(-1, *[1] * (values.ndim - 1))


def save_small(stream: IO[bytes], arrays: Mapping[str, Array]) -> None:
    """What np.load reads, by LZMA: half precision becomes a twentieth smaller than by np.savez_compressed."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        for name, values in arrays.items():
            # A fixed date: the same weights are the same file.
            about = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            about.compress_type = zipfile.ZIP_LZMA
            with archive.open(about, "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(values), allow_pickle=False)
