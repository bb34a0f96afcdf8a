"""Which landmarks lie behind something: another part of the body, its clothes, or the room's furniture."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from backend.train.render.backdrop import Backdrop
from backend.train.render.rasteriser import NEAREST_M, Hits, Window
from motion.arrays import Array, Mask
from motion.body import BodyModel
from motion.landmarks import LANDMARK_COUNT, LANDMARK_NAMES

# Landmarks of joints lie in the flesh: the faces about them at rest, however loose the clothes, do not hide them.
ABOUT_M = {"shoulder": 0.14, "hip": 0.2, "elbow": 0.09, "knee": 0.12, "ankle": 0.1, "heel": 0.08, "foot": 0.07,
           "wrist": 0.07, "pinky": 0.05, "index": 0.05, "thumb": 0.05, "ear": 0.05}  # fmt: skip
ABOUT_ON_HEAD_M = 0.03
NEARER_M = 0.03          # what lies before a landmark by less does not hide it


def faces_about_landmarks(rest_m: Array, faces: Array, model: BodyModel) -> Mask:
    """[F, 33] whether the middle of a face of the mesh at rest lies about a landmark."""
    middles, radii = rest_m[faces].mean(axis=1), np.array([_about_m(name) for name in LANDMARK_NAMES])
    return np.linalg.norm(middles[:, None] - model.points[:LANDMARK_COUNT], axis=-1) < radii


def _about_m(name: str) -> float:
    return next((radius for part, radius in ABOUT_M.items() if part in name), ABOUT_ON_HEAD_M)


def hidden_behind(hits: Hits, about: Tensor, backdrop: Backdrop, window: Window, landmarks_m: Tensor, K: Tensor,
                  size_px: tuple[int, int]) -> Tensor:  # fmt: skip
    """[T, L] whether something lies before a landmark [T, L, 3] (camera's frame); False outside of the picture."""
    ahead = landmarks_m[..., 2].clamp(min=NEAREST_M)
    column = (landmarks_m[..., 0] / ahead * K[0, 0] + K[0, 2]).floor()
    row = (landmarks_m[..., 1] / ahead * K[1, 1] + K[1, 2]).floor()
    inside = (column >= 0) & (column < size_px[0]) & (row >= 0) & (row < size_px[1]) & (landmarks_m[..., 2] > NEAREST_M)
    column, row = column.clamp(0, size_px[0] - 1).long(), row.clamp(0, size_px[1] - 1).long()
    limit = landmarks_m[..., 2] - NEARER_M
    return inside & ((backdrop.depth_at(row, column) < limit) | _behind_body(hits, about, window, row, column, limit))


def _behind_body(hits: Hits, about: Tensor, window: Window, row: Tensor, column: Tensor, limit_m: Tensor) -> Tensor:
    """[T, L] whether the body is nearer than limit_m at a pixel, and not by a face about the landmark itself."""
    frames, size = len(row), window.width * window.height
    hit = torch.full((frames * size,), -1, dtype=torch.int64, device=row.device)
    hit[hits.frame * size + hits.pixel] = torch.arange(len(hits.pixel), device=row.device)
    row, column = row - window.top, column - window.left
    inside = (row >= 0) & (row < window.height) & (column >= 0) & (column < window.width)
    cell = row.clamp(0, window.height - 1) * window.width + column.clamp(0, window.width - 1)
    seen = hit.view(frames, size).gather(1, cell)
    if len(hits.pixel) == 0 or row.shape[1] == 0:
        return torch.zeros_like(inside)
    seen, inside = seen.clamp(min=0), inside & (seen >= 0)
    own = about[hits.face[seen], torch.arange(row.shape[1], device=row.device)]
    return inside & (hits.depth_m[seen] < limit_m) & ~own
