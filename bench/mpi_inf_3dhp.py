"""MPI-INF-3DHP's test set as P-STMO and the lifters after it evaluate on it: data_test_3dhp.npz, converted.

2D is the true one. Every valid frame is the middle of a window of its own, edges repeated, with the mirrored second
look. Networks work in the picture's scale: half its width makes millimetres of what they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from backend.lift.published.skeleton17 import MPI_INF_3DHP
from bench.lifting_protocol import Network, aligned_errors_mm, auc, errors_mm, pck, seen_twice, to_screen
from bench.plain_arrays import CONVERT, check, names_in, read_arrays
from motion.arrays import Array, Indices, Mask
from motion.refusal import Refusal

WINDOW_FRAMES = 81
ROOT = MPI_INF_3DHP.root
OUTDOOR = ("TS5", "TS6")
SIZE_PX, OUTDOOR_SIZE_PX = (2048, 2048), (1920, 1080)
_WINDOWS_AT_ONCE = 16
_PARTS = ("data_2d", "data_3d", "valid")


@dataclass(frozen=True, eq=False)
class Sequence:
    """One of the six test sequences, T frames of 17 joints, in the data set's order."""

    name: str
    keypoints: Array     # [T, 17, 3] x and y in -1..1 of the width, and 1
    truth_mm: Array      # [T, 17, 3] about the root
    valid: Mask          # [T]

    @property
    def mm_per_unit(self) -> float:
        return _size_px(self.name)[0] / 2


def read_mpi_inf_3dhp(path: Path) -> list[Sequence]:
    """Raises Refusal when the file is another one."""
    found = sorted({name.split("/")[1] for name in names_in(path) if name.startswith("data/") and name.count("/") == 2})
    wanted = [f"data/{name}/{part}" for name in found or ("TS1",) for part in _PARTS]
    arrays = read_arrays(path, wanted, "the test file of MPI-INF-3DHP")
    sequences = [_sequence(path, name, *(arrays[f"data/{name}/{part}"] for part in _PARTS)) for name in found]
    if not any(sequence.valid.any() for sequence in sequences):
        raise Refusal("other-data", f"{path.name} has no valid frame.", CONVERT)
    return sequences


def evaluate(network: Network, data: list[Sequence], device: str = "cpu",
             frames: int = WINDOW_FRAMES) -> dict[str, Any]:  # fmt: skip
    """p1_mm, p2_mm, pck and auc over all valid frames, and p1_mm of each sequence."""
    estimates, truths = [], []
    for sequence in data:
        estimates.append(_places_mm(network, sequence, device, frames))
        truths.append(sequence.truth_mm[sequence.valid])
    errors = [errors_mm(estimate, truth) for estimate, truth in zip(estimates, truths, strict=True)]
    aligned = aligned_errors_mm(np.concatenate(estimates), np.concatenate(truths))
    pooled = np.concatenate(errors)
    return {"p1_mm": float(pooled.mean()), "p2_mm": float(aligned.mean()), "pck": pck(pooled), "auc": auc(pooled),
            "frames": len(pooled), "sequences": {sequence.name: {"p1_mm": float(each.mean())} for sequence, each in
                                                 zip(data, errors, strict=True) if len(each)}}  # fmt: skip


def windows(valid: Mask, frames: int) -> Indices:
    """Frames [V, frames] around every valid one, the first and the last repeated beyond the ends."""
    about = np.arange(frames) - (frames - 1) // 2
    return np.clip(np.flatnonzero(valid)[:, None] + about, 0, len(valid) - 1)


def _places_mm(network: Network, sequence: Sequence, device: str, frames: int) -> Array:
    """[V, 17, 3] of the valid frames about the root, whose own place is not asked for."""
    found = windows(sequence.valid, frames)
    places = [np.zeros((0, 17, 3))]
    for start in range(0, len(found), _WINDOWS_AT_ONCE):
        keypoints = torch.from_numpy(sequence.keypoints[found[start : start + _WINDOWS_AT_ONCE]]).float().to(device)
        said = seen_twice(network, keypoints, MPI_INF_3DHP.mirrored)
        places.append(said[:, (frames - 1) // 2].double().cpu().numpy())
    joints = np.concatenate(places)
    joints[:, ROOT] = 0.0
    return joints * sequence.mm_per_unit


def _sequence(path: Path, name: str, data_2d: np.ndarray, data_3d: np.ndarray, valid: np.ndarray) -> Sequence:
    check(path, f"data/{name}/data_2d", data_2d, (None, 17, 2))
    check(path, f"data/{name}/data_3d", data_3d, (len(data_2d), 17, 3))
    check(path, f"data/{name}/valid", valid, (len(data_2d),))
    screen = to_screen(data_2d.astype(np.float64), *_size_px(name))
    truth = data_3d.astype(np.float64)
    keypoints = np.concatenate([screen, np.ones((*screen.shape[:2], 1))], -1)
    return Sequence(name, keypoints, truth - truth[:, ROOT : ROOT + 1], valid.astype(bool))


def _size_px(name: str) -> tuple[int, int]:
    return OUTDOOR_SIZE_PX if name in OUTDOOR else SIZE_PX
