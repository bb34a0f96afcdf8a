"""What a lifter is told, and what it tells, seen in a mirror: left for right."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import torch
from torch import Tensor

from backend.lift.network.inputs import LifterInputs
from backend.lift.network.lifter import LifterOutputs
from backend.lift.network.parts import PARTS
from motion.contacts.believe import STILL_POINTS
from motion.landmarks import LANDMARK_NAMES
from motion.skeleton import BODY_JOINT_COUNT, JOINT_NAMES, other_side


@cache
def other_sides(names: tuple[str, ...]) -> list[int]:
    """For each name the index of its other side's, of itself where it has none."""
    return [names.index(other_side(name)) for name in names]


_LANDMARKS = other_sides(LANDMARK_NAMES)
_JOINTS = other_sides(JOINT_NAMES[:BODY_JOINT_COUNT])


def mirrored_inputs(inputs: LifterInputs) -> LifterInputs:
    """Mirrored about the principal point, so that the lens stays the same; features stay, whatever they mean."""
    centre = 2.0 * inputs.K[:, None, None, 0, 2]
    px = inputs.landmarks_px[..., _LANDMARKS, :]
    px = torch.stack([(centre - px[..., 0]) * inputs.seen[..., None], px[..., 1]], -1)
    return replace(
        inputs, landmarks_px=px, scores=inputs.scores[..., _LANDMARKS],
        landmarks_camera=_flipped(inputs.landmarks_camera[..., _LANDMARKS, :]),
        R_camera_from_previous=_flipped_turn(inputs.R_camera_from_previous),
    )  # fmt: skip


def mirrored_outputs(told: LifterOutputs) -> LifterOutputs:
    """What is told of the mirror image, brought back."""
    polar = None if told.polar_logits is None else told.polar_logits[..., other_sides(PARTS), :]
    return replace(
        told,
        R_person_from_camera=_flipped_turn(told.R_person_from_camera),
        R_person_from_joint=_flipped_turn(told.R_person_from_joint[..., _JOINTS, :, :]),
        root_person=_flipped(told.root_person),
        down_person=_flipped(told.down_person),
        root_velocity=_flipped(told.root_velocity),
        rest_joints=_flipped(told.rest_joints[:, other_sides(JOINT_NAMES)]),
        still_logits=told.still_logits[..., other_sides(STILL_POINTS)],
        rotation_log_variance=told.rotation_log_variance[..., _JOINTS],
        joint_log_variance=told.joint_log_variance[..., _JOINTS, :],
        bias_m=_flipped(told.bias_m[..., _LANDMARKS, :]),
        bias_log_variance=told.bias_log_variance[..., _LANDMARKS],
        polar_logits=polar,
    )


def _flipped(v: Tensor) -> Tensor:
    """[..., 2 or 3] with the other sign of x."""
    return torch.cat([-v[..., :1], v[..., 1:]], -1)


def _flipped_turn(R: Tensor) -> Tensor:
    """diag(-1, 1, 1) R diag(-1, 1, 1)."""
    sign = torch.tensor([-1.0, 1.0, 1.0], device=R.device, dtype=R.dtype)
    return sign[:, None] * R * sign
