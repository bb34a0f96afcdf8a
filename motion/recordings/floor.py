"""How high the floor is, told by soles that rest."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..body import Body
from ..kinematics import attached_points, forward_kinematics
from ..resting import still_probability

_SOLES = ("left_heel_sole", "left_ball_sole", "right_heel_sole", "right_ball_sole")
_LEAST_REST_S = 0.2


def floor_height(soles_world: Array, rate_hz: float) -> float | None:
    """Height m of the lowest level at which soles [T, P, 3] m, Z up, rest; None if they hardly ever rest.

    Where people step on things the lowest level is the floor; where they hang or climb it need not be.
    """
    still = still_probability(soles_world, rate_hz) > 0.5
    heights = soles_world[..., 2][still]
    if len(heights) < max(1.0, _LEAST_REST_S * rate_hz):
        return None
    # A twentieth of the resting points may have sunk in: heels of people on their toes, noise.
    low = np.percentile(heights, 5.0)
    near = heights[heights < low + 0.04]
    return float(np.median(near))


def soles_world(body: Body, R_parent_from_joint: Array, root_world: Array) -> Array:
    """Heels and balls of both feet [T, 4, 3] m."""
    points = [body.model.point_names.index(name) for name in _SOLES]
    R_world, joints = forward_kinematics(body.skeleton, R_parent_from_joint, root_world)
    return attached_points(R_world, joints, body.skeleton, body.points[points], body.model.point_joints[points])
