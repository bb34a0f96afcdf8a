"""All motion for training on the device at once, from which windows at any speed are gathered by index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from backend.lift.network.mirror import other_sides
from backend.train.bodies import Bodies, BodyFamily
from backend.train.motions.training_clip import RATE_HZ, Floats, TrainingClip
from backend.train.rows import Rows
from motion.contacts.believe import STILL_POINTS
from motion.rotations import quaternion_from_matrix, same_half_sphere
from motion.skeleton import BODY_JOINT_COUNT, JOINT_NAMES

# An action counts the same however long it was recorded, unless it was hardly recorded; who idles teaches little.
_WHOLE_ACTION_S, _LEAST_ACTION_S = 20.0, 2.0
_LIVELY_RAD_S, _LEAST_IDLE = 0.6, 0.25   # mean turning speed of limbs at which a clip counts fully; share of who rests


@dataclass(frozen=True, eq=False)
class Windows(Rows):
    """B stretches of T frames; places as recorded."""

    quat_wxyz: Tensor    # [B, T, 22, 4] not of unit length; entry 0 world from pelvis
    root_world: Tensor   # [B, T, 3] m
    still: Tensor        # [B, T, 6]
    inside: Tensor       # [B, T] False beyond a clip's end, where its last pose is held
    joints: Tensor       # [B, 22] whose rotations were recorded
    speed: Tensor        # [B] whether things happen as fast as in life

    def mirrored(self, which: Tensor) -> Windows:
        """Left for right where `which` [B] says so: the world is mirrored across X."""
        pairs, sides = _mirror_joints(which.device), _mirror_still(which.device)
        signs = torch.tensor([1.0, 1.0, -1.0, -1.0], device=which.device)
        flip = torch.tensor([-1.0, 1.0, 1.0], device=which.device)
        return replace(
            self,
            quat_wxyz=torch.where(which[:, None, None, None], self.quat_wxyz[:, :, pairs] * signs, self.quat_wxyz),
            root_world=torch.where(which[:, None, None], self.root_world * flip, self.root_world),
            still=torch.where(which[:, None, None], self.still[:, :, sides], self.still),
            joints=torch.where(which[:, None], self.joints[:, pairs], self.joints),
        )


class PackedMotions:
    """Clips one after another as tensors, and how often each is to be drawn."""

    def __init__(self, clips: Sequence[TrainingClip], family: BodyFamily, device: torch.device | str = "cpu") -> None:
        quats = [_quaternions(clip) for clip in clips]
        lengths = [len(clip.root_world) for clip in clips]
        self.lengths = torch.tensor(lengths, device=device)
        self.first = torch.tensor(np.cumsum([0, *lengths[:-1]]), device=device)
        self.quat_wxyz = torch.from_numpy(np.concatenate(quats)).to(device)
        self.root_world = _stacked([clip.root_world for clip in clips], device)
        self.still = torch.from_numpy(np.concatenate([clip.still for clip in clips])).to(device)
        self.bodies: Bodies = family.on_skeletons(torch.from_numpy(np.stack([c.rest_joints for c in clips])).to(device))
        self.joints = torch.tensor([clip.teaches.joints for clip in clips], device=device)
        self.path, self.speed, self.contacts = (
            torch.tensor([getattr(clip.teaches, name) for clip in clips], device=device)
            for name in ("path", "speed", "contacts")
        )
        self.weights = draw_weights(clips, [_liveliness(quat) for quat in quats])

    def windows(self, clip: Tensor, start: Tensor, speed: Tensor, frames: int) -> Windows:
        """`frames` frames of each clip [B] from frame `start` [B] on, at `speed` [B] times the recorded one."""
        last = (self.lengths[clip] - 1)[:, None]
        place = start[:, None] + torch.arange(frames, device=clip.device) * speed[:, None]
        inside = (place <= last + 1e-3) | (last == 0)   # a single pose may last
        place = torch.minimum(place, last)
        before = place.long()
        share = place - before
        after = before + (share > 1e-3)
        before, after = before + self.first[clip][:, None], after + self.first[clip][:, None]
        # Neighbours at 30 Hz are near: even 30 degrees apart the straight way keeps to the arc to 0.1 degree.
        return Windows(
            quat_wxyz=_lerp(self.quat_wxyz, before, after, share),
            root_world=_lerp(self.root_world, before, after, share),
            still=self.still[before] & self.still[after],
            inside=inside,
            joints=self.joints[clip],
            speed=self.speed[clip],
        )


def _lerp(values: Tensor, before: Tensor, after: Tensor, share: Tensor) -> Tensor:
    """Rows [B, T, ...] between rows `before` and `after` [B, T] of values [F, ...]."""
    rows = values.flatten(1)
    ends = (rows.index_select(0, place.flatten()) for place in (before, after))
    return torch.lerp(*ends, share.flatten()[:, None]).reshape(*before.shape, *values.shape[1:])


def draw_weights(clips: Sequence[TrainingClip], liveliness: Sequence[float]) -> Tensor:
    """[C] float64 how often to draw each clip: equally by subject and action, within them by time."""
    seconds: dict[tuple[str, str, str], float] = defaultdict(float)
    for clip in clips:
        seconds[_action(clip)] += clip.seconds
    weights = []
    for clip, lively in zip(clips, liveliness):
        whole = seconds[_action(clip)]
        weight = min(max(whole, _LEAST_ACTION_S), _WHOLE_ACTION_S) / _WHOLE_ACTION_S
        weights.append(weight * clip.seconds / whole * min(max(lively / _LIVELY_RAD_S, _LEAST_IDLE), 1.0))
    return torch.tensor(weights, dtype=torch.float64)


def _action(clip: TrainingClip) -> tuple[str, str, str]:
    origin = clip.origin
    return origin.source, origin.subject, origin.action or origin.name


def _quaternions(clip: TrainingClip) -> Floats:
    return same_half_sphere(quaternion_from_matrix(clip.R_parent_from_joint)).astype(np.float32)


def _liveliness(quat_wxyz: Floats) -> float:
    """Mean turning speed over joints and time, rad/s; a single pose is lively, since it is not an idle."""
    if len(quat_wxyz) < 2:
        return float("inf")
    half_chord = 0.5 * np.linalg.norm(np.diff(quat_wxyz, axis=0), axis=-1)
    return float(4.0 * np.arcsin(np.minimum(half_chord, 1.0)).mean()) * RATE_HZ


def _stacked(arrays: list[Floats], device: torch.device | str) -> Tensor:
    return torch.from_numpy(np.concatenate(arrays).astype(np.float32)).to(device)


def _mirror_joints(device: torch.device) -> Tensor:
    return torch.tensor(other_sides(JOINT_NAMES[:BODY_JOINT_COUNT]), device=device)


def _mirror_still(device: torch.device) -> Tensor:
    return torch.tensor(other_sides(STILL_POINTS), device=device)
