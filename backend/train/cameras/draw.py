"""Draws cameras for people who move: several for each, of which one is kept that sees the person well enough."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from backend.train.cameras.cameras import KINDS, Cameras, looking, projected
from backend.train.cameras.lenses import draw_lenses
from backend.train.cameras.moves import Moves, draw_kinds, draw_moves
from backend.train.cameras.standpoints import Standpoints, draw_standpoints
from backend.train.chance import Chance
from motion.skeleton import JOINT

NEAREST_ROOT_M = 0.6     # in front of the lens, in every frame
_LEAST_ABOVE_FLOOR_M = 0.15
_CANDIDATES = 4
_STEEPEST_UP_DEG, _STEEPEST_DOWN_DEG = 25.0, 60.0
_JUDGED_JOINTS = tuple(JOINT[name] for name in (
    "pelvis", "spine3", "head", "left_wrist", "right_wrist", "left_knee", "right_knee", "left_ankle", "right_ankle",
))  # fmt: skip
_JUDGED_EVERY = 4        # frames
_SEEN_JOINTS = 0.3       # of the judged ones make a frame count as one that shows the person
_STAYING, _PASSING, _PASSING_SHARE = 0.7, 0.2, 0.2   # least share of such frames; of who walks in or out


def draw_cameras(joints_world: Tensor, body_height_m: Tensor, rate_hz: float, chance: Chance) -> Cameras:
    """One camera for each person with joints_world [B, T, 22, 3] m (Z up), body_height_m [B].

    The root is at least half a metre before the lens in every frame, and the person is in the picture in some.
    """
    count = len(joints_world)
    candidates = _candidates(_times(joints_world, _CANDIDATES), _times(body_height_m, _CANDIDATES), rate_hz, chance)
    cameras, chosen = candidates
    score = _scores(cameras, _times(joints_world, _CANDIDATES), chance)
    best = score.reshape(count, _CANDIDATES).argmax(1) + _CANDIDATES * torch.arange(count, device=score.device)
    return _secured(cameras[best], joints_world[:, :, 0], chosen[best])


def draw_camera(joints_world: np.ndarray, body_height_m: float, rate_hz: float, seed: int) -> dict[str, np.ndarray]:
    """One camera for one clip with joints_world [T, 22, 3] m: the fields of Cameras without B, kind as its name."""
    joints = torch.from_numpy(np.asarray(joints_world, dtype=np.float32))[None]
    cameras = draw_cameras(joints, torch.tensor([body_height_m]), rate_hz, Chance.seeded(seed))
    arrays = {name: getattr(cameras, name)[0].numpy() for name in vars(cameras)}
    return {**arrays, "kind": np.array(KINDS[int(cameras.kind)])}


def _times(tensor: Tensor, count: int) -> Tensor:
    return tensor.repeat_interleave(count, 0)


def _candidates(joints: Tensor, body_height_m: Tensor, rate_hz: float, chance: Chance) -> tuple[Cameras, Tensor]:
    """A camera for each, and the frame [B] in which it was set up."""
    count, frames = joints.shape[:2]
    K, size_px = draw_lenses(count, chance)
    stand = draw_standpoints(body_height_m, K, size_px, chance)
    chosen = (chance.uniform(0.0, 1.0, count) * frames).long().clamp(max=frames - 1)
    times_s = torch.arange(frames, device=joints.device) / rate_hz
    kind = draw_kinds(count, chance)
    moves = draw_moves(kind, joints[:, :, 0], chosen, times_s, chance)
    R, t = _poses(joints, stand, moves, chosen, K, size_px)
    return Cameras(R, t, K, size_px, kind), chosen


def _poses(
    joints: Tensor, stand: Standpoints, moves: Moves, chosen: Tensor, K: Tensor, size_px: Tensor
) -> tuple[Tensor, Tensor]:
    posed = joints[torch.arange(len(joints), device=joints.device), chosen]
    floor, top = joints[..., 2].amin((1, 2)), posed[..., 2].amax(1)
    low = posed[..., 2].amin(1)
    aim = torch.cat([posed[..., :2].mean(1), (low + stand.aim_share * (top - low))[:, None]], -1)
    place = _places(aim, floor, stand, moves)
    sight = aim[:, None] + moves.aim_follows - place
    beside = torch.atan(stand.beside * size_px / K[:, :1, 0])
    yaw = torch.atan2(sight[..., 1], sight[..., 0]) + beside[:, :1] + moves.turn[..., 0]
    pitch = torch.atan2(-sight[..., 2], sight[..., :2].norm(dim=-1)) - beside[:, 1:] + moves.turn[..., 1]
    R = looking(yaw, pitch, stand.roll[:, None] + moves.turn[..., 2])
    return R, -(R @ place[..., None])[..., 0]


def _places(aim: Tensor, floor: Tensor, stand: Standpoints, moves: Moves) -> Tensor:
    """[B, T, 3] m where the cameras are."""
    rise = floor + stand.height_m - aim[:, 2]
    level = (stand.distance_m**2 - rise**2).clamp(min=1.0).sqrt()
    azimuth = stand.azimuth[:, None] + moves.orbit
    distance = level[:, None] * moves.push.exp()
    height = (floor + stand.height_m)[:, None].expand_as(distance)
    beside = torch.stack([distance * azimuth.cos(), distance * azimuth.sin()], -1) + aim[:, None, :2]
    place = torch.cat([beside, height[..., None]], -1) + moves.place_follows + moves.shift
    above = torch.maximum(place[..., 2:], (floor + _LEAST_ABOVE_FLOOR_M)[:, None, None])
    return torch.cat([place[..., :2], above], -1)


def _scores(cameras: Cameras, joints: Tensor, chance: Chance) -> Tensor:
    """[B] higher is better: all that show the person long enough are alike, but earlier candidates win."""
    points = joints[:, ::_JUDGED_EVERY, list(_JUDGED_JOINTS)]
    thinned = replace(cameras, R_camera_from_world=cameras.R_camera_from_world[:, ::_JUDGED_EVERY],
                      t_camera_from_world=cameras.t_camera_from_world[:, ::_JUDGED_EVERY])  # fmt: skip
    points = thinned.in_camera(points)
    pixels = projected(points, cameras.K)
    inside = ((pixels >= 0) & (pixels <= cameras.size_px[:, None, None])).all(-1) & (points[..., 2] > 0.1)
    shown = (inside.float().mean(-1) >= _SEEN_JOINTS).float().mean(-1)
    pitch_deg = torch.rad2deg(thinned.pitch_rad)
    seemly = (pitch_deg.amin(1) >= -_STEEPEST_UP_DEG) & (pitch_deg.amax(1) <= _STEEPEST_DOWN_DEG)
    in_front = (points[:, :, 0, 2].amin(1) >= NEAREST_ROOT_M) & seemly
    needed = torch.where(chance.yes(_PASSING_SHARE, len(points) // _CANDIDATES), _PASSING, _STAYING)
    order = torch.arange(_CANDIDATES, 0, -1, device=points.device).repeat(len(points) // _CANDIDATES)
    return shown - 10.0 * (~in_front) + (in_front & (shown >= _times(needed, _CANDIDATES))) * (10.0 + 2.0 * order)


def _secured(cameras: Cameras, root_world: Tensor, chosen: Tensor) -> Cameras:
    """Cameras that the root passes too near or behind stand still as in the chosen frame, and farther back."""
    frames = root_world.shape[1]
    failing = _nearest(cameras, root_world) < NEAREST_ROOT_M - 0.05
    pick = torch.arange(len(chosen), device=chosen.device), chosen
    R = cameras.R_camera_from_world[pick][:, None].expand(-1, frames, -1, -1)
    t = cameras.t_camera_from_world[pick][:, None].expand(-1, frames, -1)
    still = replace(cameras, R_camera_from_world=R, t_camera_from_world=t, kind=torch.zeros_like(cameras.kind))
    back = (NEAREST_ROOT_M - _nearest(still, root_world)).clamp(min=0.0)
    t = t + torch.nn.functional.pad(back[:, None], (2, 0))[:, None]
    return Cameras(
        torch.where(failing[:, None, None, None], R, cameras.R_camera_from_world),
        torch.where(failing[:, None, None], t, cameras.t_camera_from_world),
        cameras.K, cameras.size_px, torch.where(failing, 0, cameras.kind),
    )  # fmt: skip


def _nearest(cameras: Cameras, root_world: Tensor) -> Tensor:
    """[B] m of the root before the lens at the nearest."""
    return cameras.in_camera(root_world[:, :, None])[..., 0, 2].amin(1)
