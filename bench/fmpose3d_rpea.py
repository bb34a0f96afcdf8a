"""FMPose3D's aggregation of hypotheses as published: joint by joint, with the true camera and the true root."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

KEPT, TEMPERATURE = 8, 0.005        # of the published test; the temperature in halves of the picture's width
_FARTHEST = 20.0                    # temperatures; beyond, one place is as unlikely as another


@dataclass(frozen=True)
class LensCamera:
    """A camera as Human3.6M's calibration has it, in halves of the picture's width."""

    focal: tuple[float, float]
    centre: tuple[float, float]
    radial: tuple[float, float, float] = (0.0, 0.0, 0.0)
    tangential: tuple[float, float] = (0.0, 0.0)


def projected_by_lens(points: Tensor, camera: LensCamera) -> Tensor:
    """Points [..., 3] m in the camera's axes to [..., 2]; what is more than 45 degrees to the side is held there."""
    focal, centre, radial, tangential = (torch.tensor(values).to(points) for values in (
        camera.focal, camera.centre, camera.radial, camera.tangential))  # fmt: skip
    flat = (points[..., :2] / points[..., 2:]).clamp(-1.0, 1.0)
    square = (flat**2).sum(-1, keepdim=True)
    along = 1.0 + (radial * torch.cat([square, square**2, square**3], -1)).sum(-1, keepdim=True)
    across = (tangential * flat).sum(-1, keepdim=True)
    return focal * (flat * (along + across) + tangential * square) + centre


def reprojection_distances(places: Tensor, root: Tensor, keypoints: Tensor, camera: LensCamera) -> Tensor:
    """[N, B, 17] from hypotheses [N, B, 17, 3] m about the root [B, 3] to keypoints [B, 17, 2]; none of the root's."""
    distances = (projected_by_lens(places + root[:, None], camera) - keypoints).norm(dim=-1)
    distances[..., 0] = 0.0
    return distances


def aggregated(places: Tensor, distances: Tensor) -> Tensor:
    """[B, 17, 3] of hypotheses [N, B, 17, 3] and distances [N, B, 17]: of each joint the KEPT nearest, softly."""
    nearest, chosen = distances.topk(min(KEPT, len(distances)), dim=0, largest=False)
    weights = torch.softmax(-nearest.clamp(max=_FARTHEST * TEMPERATURE) / TEMPERATURE, 0)
    weights = torch.where(weights.isnan(), 1.0 / len(weights), weights)
    kept = places.gather(0, chosen[..., None].expand(-1, -1, -1, 3))
    joints = (weights[..., None] * kept).sum(0)
    return torch.cat([torch.zeros_like(joints[:, :1]), joints[:, 1:]], 1)
