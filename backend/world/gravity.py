"""Which way is up for a static camera, from people who stand."""

from __future__ import annotations

import numpy as np

from backend.lift.lift import Lift
from motion.arrays import Array, Mask
from motion.kinematics import forward_kinematics
from motion.rotations import normalised
from motion.skeleton import JOINT

# What is known before anybody is seen: cameras are held nearly level across and look slightly down.
_PRIOR_ROLL_DEG, _PRIOR_ROLL_SIGMA_DEG = 0.0, 10.0
_PRIOR_PITCH_DEG, _PRIOR_PITCH_SIGMA_DEG = 6.0, 12.0
# A standing body says where up is: well across the picture, badly in depth, and its lean lasts for a while.
_BODY_ROLL_SIGMA_DEG, _BODY_PITCH_SIGMA_DEG = 5.0, 9.0
_INDEPENDENT_AFTER_S = 1.0
# The detector's frame is turned by some degrees against the camera throughout a clip: time does not mend that.
_ALWAYS_ROLL_SIGMA_DEG, _ALWAYS_PITCH_SIGMA_DEG = 2.0, 5.0

# Planks and people who lie are straight too; who stands is not far from what is known before.
_LARGEST_ROLL_DEG, _LARGEST_PITCH_DEG = 40.0, 45.0

_FEET_TOGETHER = 0.35   # of the body's height: who balances or strides leans without falling

_STRAIGHT_KNEE = np.cos(np.deg2rad(35.0))
_STRAIGHT_HIP = np.cos(np.deg2rad(25.0))


def up_from_bodies(lifts: list[Lift]) -> Array:
    """Unit vector up in the camera's frame, [3], from all frames in which somebody stands upright."""
    standing = np.concatenate([_standing_up(lift) for lift in lifts])
    if len(standing) == 0:
        return up_from_angles(_PRIOR_ROLL_DEG, _PRIOR_PITCH_DEG)
    roll, pitch = angles_from_up(standing)
    independent = max(1.0, len(standing) / lifts[0].track.rate / _INDEPENDENT_AFTER_S)
    roll_sigma = np.hypot(_BODY_ROLL_SIGMA_DEG / independent**0.5, _ALWAYS_ROLL_SIGMA_DEG)
    pitch_sigma = np.hypot(_BODY_PITCH_SIGMA_DEG / independent**0.5, _ALWAYS_PITCH_SIGMA_DEG)
    return up_from_angles(
        _weighed(np.median(roll), roll_sigma, _PRIOR_ROLL_DEG, _PRIOR_ROLL_SIGMA_DEG),
        _weighed(np.median(pitch), pitch_sigma, _PRIOR_PITCH_DEG, _PRIOR_PITCH_SIGMA_DEG),
    )


def up_from_angles(roll_deg: float, pitch_deg: float) -> Array:
    """Up in the camera's frame [3]; pitch counts downwards, roll clockwise as the picture shows up leaning right."""
    roll, pitch = np.deg2rad(roll_deg), np.deg2rad(pitch_deg)
    return np.array([np.sin(roll) * np.cos(pitch), -np.cos(roll) * np.cos(pitch), -np.sin(pitch)])


def angles_from_up(up: Array) -> tuple[Array, Array]:
    """Roll and pitch in degrees of unit vectors [..., 3]; the inverse of up_from_angles."""
    return np.rad2deg(np.arctan2(up[..., 0], -up[..., 1])), np.rad2deg(np.arcsin(np.clip(-up[..., 2], -1.0, 1.0)))


def _weighed(measured: float, sigma: float, prior: float, prior_sigma: float) -> float:
    weight, prior_weight = sigma**-2, prior_sigma**-2
    return float((weight * measured + prior_weight * prior) / (weight + prior_weight))


def _standing_up(lift: Lift) -> Array:
    """Directions from ankles to neck [N, 3] on seen frames with straight knees and hips and the feet together."""
    _, joints = forward_kinematics(lift.body.skeleton, lift.R_parent_from_joint, lift.root_camera)
    neck, hips, knees, ankles = (_middle(joints, name) for name in ("neck", "hip", "knee", "ankle"))
    upright = lift.track.seen & _straight(joints, "left") & _straight(joints, "right")
    upright &= _cosine(neck - hips, hips - ankles) > _STRAIGHT_HIP
    apart = np.linalg.norm(joints[:, JOINT["left_ankle"]] - joints[:, JOINT["right_ankle"]], axis=-1)
    upright &= apart < _FEET_TOGETHER * lift.body.height
    up = normalised(neck - ankles)[upright]
    roll_deg, pitch_deg = angles_from_up(up)
    plausible = np.abs(roll_deg - _PRIOR_ROLL_DEG) < _LARGEST_ROLL_DEG
    plausible &= np.abs(pitch_deg - _PRIOR_PITCH_DEG) < _LARGEST_PITCH_DEG
    return up[plausible]


def _straight(joints: Array, side: str) -> Mask:
    hip, knee, ankle = (joints[:, JOINT[f"{side}_{name}"]] for name in ("hip", "knee", "ankle"))
    return _cosine(knee - hip, ankle - knee) > _STRAIGHT_KNEE


def _middle(joints: Array, name: str) -> Array:
    if name in JOINT:
        return joints[:, JOINT[name]]
    return 0.5 * (joints[:, JOINT[f"left_{name}"]] + joints[:, JOINT[f"right_{name}"]])


def _cosine(a: Array, b: Array) -> Array:
    return np.sum(normalised(a) * normalised(b), axis=-1)

