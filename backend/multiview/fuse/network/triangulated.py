"""Landmarks of several views brought together in space, where a rig is known, and how far that is to be trusted."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

_NEAREST_M = 0.1
_PRIOR_SIGMA_M = 3.0       # about the middle of where views expect the person: only keeps single views solvable
_USUAL_OFF = 2.0           # standard deviations; a view that is farther off counts less (Huber's weights)
_ROUNDS = 3


@dataclass(frozen=True, eq=False)
class Sightings:
    """Of N points in space by V views of known cameras."""

    flat: Tensor             # [N, V, 2] x/z and y/z in the view
    weights: Tensor          # [N, V] 1/m^2 at the point; 0 where a view does not see it
    R_view: Tensor           # [N, V, 3, 3] view from common frame
    places: Tensor           # [N, V, 3] m in the common frame


@dataclass(frozen=True, eq=False)
class Triangulated:
    """Points in the common frame."""

    points: Tensor           # [N, 3] m
    sigma_m: Tensor          # [N] the square root of the covariance's trace, of rays that miss each other wider
    miss_m: Tensor           # [N, V, 2] by how much each view sees a point beside it, at its depth


def triangulate(seen: Sightings, about: Tensor) -> Triangulated:
    """Points nearest to their rays: the confidence-weighted DLT of MV-SSM, c (u p3 - p1) X = 0, in metres at X.

    Solved for finite points, X4 = 1, near a guess `about` [N, 3] m which decides only where rays do not. Views whose
    ray passes far from the others' point count less in the next of three rounds.
    """
    rows = seen.flat[..., None] * seen.R_view[..., 2:, :] - seen.R_view[..., :2, :]       # [N, V, 2, 3]
    beside = (rows @ (seen.places - about[:, None])[..., None])[..., 0]                   # [N, V, 2]
    prior = torch.eye(3, device=rows.device, dtype=rows.dtype) / _PRIOR_SIGMA_M**2
    weights = seen.weights
    for _ in range(_ROUNDS):
        weighted = weights[..., None, None] * rows
        normal = torch.einsum("nvax,nvay->nxy", weighted, rows) + prior
        covariance = torch.linalg.inv(normal)
        points = (covariance @ torch.einsum("nvax,nva->nx", weighted, beside)[..., None])[..., 0]
        off = (rows @ points[:, None, :, None])[..., 0] - beside
        far = off.norm(dim=-1) * seen.weights.sqrt()
        weights = seen.weights / (far / _USUAL_OFF).clamp(min=1.0)
    count = (seen.weights > 0).sum(-1)
    missed = (seen.weights[..., None] * off.square()).sum((-1, -2)) / (2 * count - 3).clamp(min=1)
    sigma_m = (covariance.diagonal(dim1=-2, dim2=-1).sum(-1) * missed.clamp(min=1.0)).sqrt()
    return Triangulated(points + about, sigma_m, off * (seen.weights > 0)[..., None])
