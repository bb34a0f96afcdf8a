"""What the lifter is told of a clip, and the virtual camera that looks at the person, in which it thinks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from backend.lift.network.rotations import turn_to_axis
from motion.landmarks import LANDMARK

HIPS = [LANDMARK["left_hip"], LANDMARK["right_hip"]]
_NEAREST_M, _FARTHEST_M = 0.3, 200.0
_USUAL_SPREAD_M = 0.45   # root mean square distance of landmarks from their middle, seen from the front
_LEAST_Z = 0.05          # of a ray in the person's view: farther aside nothing can be seen
_LEAST_WEIGHT = 0.05
# The view shall not tremble with the detector's hips, and distance is told anew in every frame.
_RAY_FRAMES, _DEPTH_FRAMES = 1.5, 4.0


@dataclass(frozen=True, eq=False)
class LifterInputs:
    """B clips of T frames; camera frame as in OpenCV. Where nobody is seen, all of a frame is zero."""

    landmarks_px: Tensor             # [B, T, 33, 2]
    scores: Tensor                   # [B, T, 33]
    landmarks_camera: Tensor         # [B, T, 33, 3] m, the detector's own, about the middle of the hips
    seen: Tensor                     # [B, T] bool
    K: Tensor                        # [B, 3, 3] px
    R_camera_from_previous: Tensor   # [B, T, 3, 3] the camera's turn since the frame before
    features: Tensor | None = None   # [B, T, F] of the landmark network; zero where there is no picture


@dataclass(frozen=True, eq=False)
class PersonView:
    """The same in a camera turned to the middle of the hips: x right, y down, z along that ray.

    It takes away where in the picture somebody is, and with it what perspective does to them there.
    """

    R_person_from_camera: Tensor    # [B, T, 3, 3]
    hip_ray: Tensor                 # [B, T, 2] x/z and y/z of the hips' ray in the camera
    depth_m: Tensor                 # [B, T] at which the detector's own metres fit the picture
    seen_m: Tensor                  # [B, T, 33, 2] where landmarks are seen, at that depth
    metres: Tensor                  # [B, T, 33, 3] the detector's own


def person_view(inputs: LifterInputs, world_landmarks: bool = True) -> PersonView:
    """`world_landmarks` False: the depth is told by how large the person is in the picture alone."""
    R, hip_ray = turn_to_hips(inputs.landmarks_px, inputs.seen, inputs.K)
    flat = flat_in_view(inputs.landmarks_px, inputs.K, R)
    metres = inputs.landmarks_camera @ R.mT
    weights = inputs.scores.clamp(min=_LEAST_WEIGHT)
    depth_m = _depth_m(flat, metres if world_landmarks else None, weights)[..., None]
    depth_m = smoothed(bridged(depth_m.log(), inputs.seen), _DEPTH_FRAMES).exp()[..., 0]
    shown = inputs.seen[..., None, None]
    return PersonView(R, hip_ray[..., :2], depth_m, flat * depth_m[..., None, None] * shown, metres * shown)


def turn_to_hips(landmarks_px: Tensor, seen: Tensor, K: Tensor) -> tuple[Tensor, Tensor]:
    """R_person_from_camera [B, T, 3, 3], and the hips' ray [B, T, 3] in the camera, with z = 1."""
    hip_ray = smoothed(bridged(_rays(landmarks_px[..., HIPS, :], K).mean(-2), seen), _RAY_FRAMES)
    return turn_to_axis(torch.nn.functional.normalize(hip_ray, dim=-1)), hip_ray


def flat_in_view(points_px: Tensor, K: Tensor, R_person_from_camera: Tensor) -> Tensor:
    """x/z and y/z [B, T, P, 2] in the person's view of points in the picture."""
    turned = _rays(points_px, K) @ R_person_from_camera.mT
    return turned[..., :2] / turned[..., 2:].clamp(min=_LEAST_Z)


def _rays(points_px: Tensor, K: Tensor) -> Tensor:
    focal, centre = torch.stack([K[:, 0, 0], K[:, 1, 1]], -1), K[:, :2, 2]
    across = (points_px - centre[:, None, None]) / focal[:, None, None]
    return torch.cat([across, torch.ones_like(across[..., :1])], -1)


def smoothed(values: Tensor, sigma_frames: float) -> Tensor:
    """Values [B, T, C] under a Gaussian over time, ends held."""
    reach = math.ceil(2.5 * sigma_frames)
    weights = torch.exp(-0.5 * (torch.arange(-reach, reach + 1, device=values.device) / sigma_frames) ** 2)
    held = torch.cat([values[:, :1].expand(-1, reach, -1), values, values[:, -1:].expand(-1, reach, -1)], 1)
    return held.unfold(1, 2 * reach + 1, 1) @ (weights / weights.sum()).to(values)


def bridged(values: Tensor, seen: Tensor) -> Tensor:
    """Values [B, T, C] where seen [B, T], in between interpolated, before and after held."""
    frames = torch.arange(seen.shape[1], device=seen.device).expand_as(seen)
    before = torch.where(seen, frames, -1).cummax(1).values
    after = torch.where(seen, frames, len(frames[0])).flip(1).cummin(1).values.flip(1)
    before, after = torch.where(before < 0, after, before), torch.where(after >= len(frames[0]), before, after)
    before, after = (each.clamp(0, len(frames[0]) - 1) for each in (before, after))
    share = ((frames - before) / (after - before).clamp(min=1))[..., None].to(values)
    start, end = (values.gather(1, each[..., None].expand_as(values)) for each in (before, after))
    return start + share * (end - start)


def _depth_m(flat: Tensor, metres: Tensor | None, weights: Tensor) -> Tensor:
    """Z [B, T] at which (W_xy + t) / (W_z + Z) is nearest to `flat`, by least squares in x (W_z + Z) - W_x = t."""
    def about(values: Tensor) -> Tensor:
        share = (weights / weights.sum(-1, keepdim=True))[..., None]
        return values - (share * values).sum(-2, keepdim=True)

    spread = about(flat)
    size = (weights[..., None] * spread**2).sum((-1, -2)).clamp(min=1e-9)
    if metres is None:
        depth = _USUAL_SPREAD_M * (weights.sum(-1) / size).sqrt()
    else:
        beside = about(metres[..., :2] - flat * metres[..., 2:])
        depth = (weights[..., None] * spread * beside).sum((-1, -2)) / size
    return depth.clamp(_NEAREST_M, _FARTHEST_M)
