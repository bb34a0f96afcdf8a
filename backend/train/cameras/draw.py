"""Draws cameras for people who move: several for each, of which one is kept that sees the person well enough."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from backend.train.cameras.cameras import KINDS, Cameras, looking, projected
from backend.train.cameras.lenses import draw_lenses
from backend.train.cameras.moves import Course, Moves, Path, draw_kinds, draw_moves
from backend.train.cameras.standpoints import Standpoints, draw_standpoints
from backend.train.chance import Chance
from backend.train.rows import Rows
from motion.skeleton import JOINT

NEAREST_ROOT_M = 0.6     # in front of the lens, in every frame
_LEAST_ABOVE_FLOOR_M = 0.15
_CANDIDATES = 4
_STEEPEST_UP_DEG, _STEEPEST_DOWN_DEG = 25.0, 60.0
_JUDGED_JOINTS = tuple(JOINT[name] for name in (
    "pelvis", "spine3", "head", "left_wrist", "right_wrist", "left_knee", "right_knee", "left_ankle", "right_ankle",
))  # fmt: skip
_JUDGED_EVERY, _KNOT_EVERY = 4, 3   # frames; a tenth of a second between knots is less than the least smoothing
_SEEN_JOINTS = 0.3       # of the judged ones make a frame count as one that shows the person
_STAYING, _PASSING, _PASSING_SHARE = 0.7, 0.2, 0.2   # least share of such frames; of who walks in or out


def draw_cameras(joints_world: Tensor, body_height_m: Tensor, rate_hz: float, chance: Chance) -> Cameras:
    """One camera for each person with joints_world [B, T, 22, 3] m (Z up), body_height_m [B].

    The root is at least half a metre before the lens in every frame, and the person is in the picture in some.
    """
    count, frames = joints_world.shape[:2]
    times_s = torch.arange(frames, device=joints_world.device) / rate_hz
    plans = _draw_plans(joints_world, body_height_m, times_s, chance)
    score = _scores(plans.cameras(times_s[::_JUDGED_EVERY]), joints_world, chance)
    best = score.reshape(count, _CANDIDATES).argmax(1) + _CANDIDATES * torch.arange(count, device=score.device)
    kept = plans[best]
    return _secured(kept, kept.cameras(times_s), joints_world[:, :, 0])


def draw_camera(joints_world: np.ndarray, body_height_m: float, rate_hz: float, seed: int) -> dict[str, np.ndarray]:
    """One camera for one clip with joints_world [T, 22, 3] m: the fields of Cameras without B, kind as its name."""
    joints = torch.from_numpy(np.asarray(joints_world, dtype=np.float32))[None]
    cameras = draw_cameras(joints, torch.tensor([body_height_m]), rate_hz, Chance.seeded(seed))
    arrays = {name: getattr(cameras, name)[0].numpy() for name in vars(cameras)}
    return {**arrays, "kind": np.array(KINDS[int(cameras.kind)])}


@dataclass(frozen=True, eq=False)
class _Plans(Rows):
    """Cameras before it is worked out where they are in each frame."""

    stand: Standpoints
    moves: Moves
    path: Path
    K: Tensor
    size_px: Tensor
    kind: Tensor
    aim_world: Tensor   # [B, 3] m
    floor: Tensor       # [B] m

    def cameras(self, times_s: Tensor) -> Cameras:
        course = self.moves.course(self.path, times_s)
        place = self._places(course)
        sight = self.aim_world[:, None] + course.aim_follows - place
        beside = torch.atan(self.stand.beside * self.size_px / self.K[:, :1, 0])
        yaw = torch.atan2(sight[..., 1], sight[..., 0]) + beside[:, :1] + course.turn[..., 0]
        pitch = torch.atan2(-sight[..., 2], sight[..., :2].norm(dim=-1)) - beside[:, 1:] + course.turn[..., 1]
        R = looking(yaw, pitch, self.stand.roll[:, None] + course.turn[..., 2])
        return Cameras(R, -(R @ place[..., None])[..., 0], self.K, self.size_px, self.kind)

    def at_chosen(self) -> _Plans:
        """Cameras that stand still where these are at the chosen moment."""
        nothing = torch.zeros_like(self.moves.pan)
        still = replace(
            self.moves, aim_follows=nothing, place_follows=nothing, pan=nothing, orbit=nothing, push=nothing,
            hand_turn=torch.zeros_like(self.moves.hand_turn), hand_shift=nothing, drift_shift=nothing,
        )  # fmt: skip
        return replace(self, moves=still, kind=torch.zeros_like(self.kind))

    def _places(self, course: Course) -> Tensor:
        """[B, T, 3] m where the cameras are."""
        rise = self.floor + self.stand.height_m - self.aim_world[:, 2]
        level = (self.stand.distance_m**2 - rise**2).clamp(min=1.0).sqrt()
        azimuth, distance = self.stand.azimuth[:, None] + course.orbit, level[:, None] * course.push.exp()
        height = rise[:, None].expand_as(distance)
        from_aim = torch.stack([distance * azimuth.cos(), distance * azimuth.sin(), height], -1)
        place = self.aim_world[:, None] + from_aim + course.place_follows + course.shift
        above = torch.maximum(place[..., 2:], (self.floor + _LEAST_ABOVE_FLOOR_M)[:, None, None])
        return torch.cat([place[..., :2], above], -1)


def _draw_plans(joints: Tensor, body_height_m: Tensor, times_s: Tensor, chance: Chance) -> _Plans:
    """_CANDIDATES plans for each person, one after another."""
    person = torch.arange(len(joints), device=joints.device).repeat_interleave(_CANDIDATES)
    count, frames = len(person), len(times_s)
    K, size_px = draw_lenses(count, chance)
    stand = draw_standpoints(body_height_m[person], K, size_px, chance)
    chosen = (chance.uniform(0.0, 1.0, count) * frames).long().clamp(max=frames - 1)
    kind = draw_kinds(count, chance)
    knots_s = times_s[::_KNOT_EVERY]
    return _Plans(
        stand=stand,
        moves=draw_moves(kind, times_s[chosen], float(times_s[-1]), chance),
        path=Path(joints[:, ::_KNOT_EVERY, 0][person], knots_s.expand(count, -1)),
        K=K, size_px=size_px, kind=kind,
        aim_world=_aimed_at(joints[person, chosen], stand.aim_share),
        floor=joints[..., 2].amin((1, 2))[person],
    )  # fmt: skip


def _aimed_at(posed: Tensor, share: Tensor) -> Tensor:
    """[B, 3] m: the height at `share` [B] of posed joints [B, 22, 3], in their middle."""
    low, high = posed[..., 2].amin(1), posed[..., 2].amax(1)
    return torch.cat([posed[..., :2].mean(1), (low + share * (high - low))[:, None]], -1)


def _scores(cameras: Cameras, joints: Tensor, chance: Chance) -> Tensor:
    """[B] higher is better: all that show the person long enough are alike, but earlier candidates win."""
    judged = joints[:, ::_JUDGED_EVERY, list(_JUDGED_JOINTS)].repeat_interleave(_CANDIDATES, 0)
    points = cameras.in_camera(judged)
    pixels = projected(points, cameras.K)
    inside = ((pixels >= 0) & (pixels <= cameras.size_px[:, None, None])).all(-1) & (points[..., 2] > 0.1)
    shown = (inside.float().mean(-1) >= _SEEN_JOINTS).float().mean(-1)
    pitch_deg = torch.rad2deg(cameras.pitch_rad)
    seemly = (pitch_deg.amin(1) >= -_STEEPEST_UP_DEG) & (pitch_deg.amax(1) <= _STEEPEST_DOWN_DEG)
    in_front = (points[:, :, 0, 2].amin(1) >= NEAREST_ROOT_M) & seemly
    needed = torch.where(chance.yes(_PASSING_SHARE, len(joints)), _PASSING, _STAYING).repeat_interleave(_CANDIDATES)
    order = torch.arange(_CANDIDATES, 0, -1, device=points.device).repeat(len(joints))
    return shown - 10.0 * (~in_front) + (in_front & (shown >= needed)) * (10.0 + 2.0 * order)


def _secured(plans: _Plans, cameras: Cameras, root_world: Tensor) -> Cameras:
    """Cameras that the root passes too near or behind stand still as at the chosen moment, and farther back."""
    failing = _nearest(cameras, root_world) < NEAREST_ROOT_M - 0.05
    if not failing.any():
        return cameras
    still = plans.at_chosen().cameras(plans.moves.chosen_s.new_zeros(root_world.shape[1]))
    back = (NEAREST_ROOT_M - _nearest(still, root_world)).clamp(min=0.0)
    t = still.t_camera_from_world + torch.nn.functional.pad(back[:, None], (2, 0))[:, None]
    return Cameras(
        torch.where(failing[:, None, None, None], still.R_camera_from_world, cameras.R_camera_from_world),
        torch.where(failing[:, None, None], t, cameras.t_camera_from_world),
        cameras.K, cameras.size_px, torch.where(failing, still.kind, cameras.kind),
    )  # fmt: skip


def _nearest(cameras: Cameras, root_world: Tensor) -> Tensor:
    """[B] m of the root before the lens at the nearest."""
    return cameras.in_camera(root_world[:, :, None])[..., 0, 2].amin(1)
