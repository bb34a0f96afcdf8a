"""Feet that rest lie flat."""

from __future__ import annotations

import numpy as np

from .arrays import Array, Indices
from .filters import gaussian_smoothed
from .kinematics import attached_points, forward_kinematics, local_rotations
from .resting import ContactSettings, still_probability
from .rotations import axis_angle_from_matrix, matrix_from_axis_angle, smallest_rotation
from .skeleton import JOINT, Skeleton

_FLAT_TILT_DEG, _TIPTOE_TILT_DEG = 20.0, 40.0   # a resting sole tilted less is meant flat, one tilted more is not
_LOW_M, _HIGH_M = 0.06, 0.12                    # height of the sole's middle at which it still, or no longer, rests
_BLEND_S = 0.06


def level_soles(
    R_parent_from_joint: Array, root_world: Array, skeleton: Skeleton, soles_rest: Array, sole_joints: Indices,
    rate: float,
) -> Array:  # fmt: skip
    """R_parent_from_joint [T, 55, 3, 3] with ankles turned so that resting feet lie flat on the floor at z = 0.

    soles_rest [4, 3] m: left heel, left ball, right heel, right ball at rest, riding on sole_joints [4]. Blends in and
    out; feet in the air, on tiptoe or on the heel keep their tilt.
    """
    R_world_from_joint, joints = forward_kinematics(skeleton, R_parent_from_joint, root_world)
    soles = attached_points(R_world_from_joint, joints, skeleton, soles_rest, sole_joints)
    levelled = R_world_from_joint.copy()
    for first, side in ((0, "left"), (2, "right")):
        heel, ball = soles[:, first], soles[:, first + 1]
        turn = _levelling(ball - heel) * _resting(heel, ball, rate)[:, None]
        foot = [JOINT[f"{side}_ankle"], JOINT[f"{side}_foot"]]
        levelled[:, foot] = matrix_from_axis_angle(turn)[:, None] @ levelled[:, foot]
    return local_rotations(levelled)


def _levelling(sole: Array) -> Array:
    """The rotation vector [T, 3] that lays the direction from heel to ball [T, 3] level."""
    level = sole * np.array([1.0, 1.0, 0.0])
    return axis_angle_from_matrix(smallest_rotation(sole, level))


def _resting(heel: Array, ball: Array, rate: float) -> Array:
    """0..1 [T]: still, low and nearly level, smooth over time."""
    middle = 0.5 * (heel + ball)
    still = still_probability(middle[:, None], rate, ContactSettings())[:, 0]
    low = _falling(middle[:, 2], _LOW_M, _HIGH_M)
    sole = ball - heel
    tilt_deg = np.rad2deg(np.abs(np.arctan2(sole[:, 2], np.linalg.norm(sole[:, :2], axis=-1))))
    return gaussian_smoothed(still * low * _falling(tilt_deg, _FLAT_TILT_DEG, _TIPTOE_TILT_DEG), rate, _BLEND_S)


def _falling(x: Array, full: float, none: float) -> Array:
    """1 up to `full`, 0 from `none` on, straight in between."""
    return np.clip((none - x) / (none - full), 0.0, 1.0)
