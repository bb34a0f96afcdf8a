"""What the evaluations of published lifters share: the mirrored second look, and errors by protocol."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from bench.metrics import similarity_aligned
from motion.arrays import Array

Network = Callable[[Tensor], Tensor]     # keypoints [B, T, 17, 3] (x, y, confidence) to places [B, T, 17, 3]

PCK_MM = 150.0
AUC_MM = np.arange(0.0, 151.0, 5.0)


def seen_twice(network: Network, keypoints: Tensor, mirrored: Sequence[int]) -> Tensor:
    """The mean of places [B, T, 17, 3] and those of the mirrored keypoints, mirrored back."""
    with torch.no_grad():
        back = _mirror(network(_mirror(keypoints, mirrored)), mirrored)
        return (network(keypoints) + back) / 2


def to_screen(points_px: Array, width_px: Array | float, height_px: Array | float) -> Array:
    """[..., 2] px as -1..1 of the picture's width; the aspect stays."""
    sizes = np.stack(np.broadcast_arrays(1.0, np.asarray(height_px) / width_px), -1)
    return 2 * points_px / np.asarray(width_px)[..., None] - sizes


def errors_mm(estimate: Array, truth: Array) -> Array:
    """Distance of every joint [T, 17], points [T, 17, 3] mm: protocol 1 once both are relative to the root."""
    return np.linalg.norm(estimate - truth, axis=-1)


def aligned_errors_mm(estimate: Array, truth: Array) -> Array:
    """The same after the best similarity of every frame, protocol 2."""
    return errors_mm(similarity_aligned(estimate, truth), truth)


def pck(errors: Array) -> float:
    """Percentage of joints nearer than 150 mm (Mehta et al. 2017)."""
    return 100.0 * float((errors < PCK_MM).mean())


def auc(errors: Array) -> float:
    """Mean percentage of joints nearer than 0, 5, ... 150 mm."""
    return 100.0 * float((errors[..., None] < AUC_MM).mean())


def _mirror(points: Tensor, mirrored: Sequence[int]) -> Tensor:
    flipped = points[:, :, list(mirrored)].clone()
    flipped[..., 0] *= -1
    return flipped
