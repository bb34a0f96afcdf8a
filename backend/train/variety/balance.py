"""Whether a body could stand there: its centre of mass over what it stands on, while it moves slowly."""

from __future__ import annotations

import numpy as np

from backend.train.motions.training_clip import RATE_HZ
from backend.train.variety.figure import Figure
from motion.arrays import Array, Mask
from motion.filters import gaussian_smoothed
from motion.skeleton import JOINT

# Shares of the body's mass and where along the bone its middle lies (Winter 2009, table 4.1).
_SEGMENTS = (
    ("pelvis", "spine3", 0.355, 0.25), ("spine3", "neck", 0.142, 0.5), ("neck", "head", 0.081, 1.2),
    *((f"{side}_{a}", f"{side}_{b}", mass, along) for side in ("left", "right") for a, b, mass, along in (
        ("hip", "knee", 0.100, 0.433), ("knee", "ankle", 0.0465, 0.433), ("ankle", "foot", 0.0145, 0.5),
        ("shoulder", "elbow", 0.028, 0.436), ("elbow", "wrist", 0.022, 0.682))),
)  # fmt: skip
_FROM, _TO = (np.array([JOINT[segment[end]] for segment in _SEGMENTS]) for end in (0, 1))
_MASSES, _ALONG = (np.array([segment[which] for segment in _SEGMENTS]) for which in (2, 3))
_TOUCHES_M = 0.05  # a point lower than that may carry weight
_SLOW_M_S, _SLOW_M_S2 = 0.15, 1.0  # of the centre of mass, below which gravity alone decides
_SMOOTHED_S = 0.15
_DIRECTIONS = np.stack([np.cos(np.arange(36) * np.pi / 18.0), np.sin(np.arange(36) * np.pi / 18.0)], axis=-1)


def centre_of_mass(joints_world: Array) -> Array:
    """[T, 3] m of joints [T, 22, 3] m."""
    starts, ends = joints_world[:, _FROM], joints_world[:, _TO]
    middles = starts + _ALONG[:, None] * (ends - starts)
    return np.einsum("tsk,s->tk", middles, _MASSES) / _MASSES.sum()


def outside_support(figure: Figure, R_world_from_joint: Array, joints_world: Array) -> Array:
    """How far [T] m the centre of mass is, seen from above, outside of the hull of the points that touch the floor.

    Infinite where nothing touches.
    """
    points, bottoms = _carrying_points(figure, R_world_from_joint, joints_world)
    centre = centre_of_mass(joints_world)[:, :2]
    # Outside of a convex hull by the largest distance beyond any of its tangents, here of 36.
    along = np.where((bottoms < _TOUCHES_M)[..., None], points[..., :2] @ _DIRECTIONS.T, -np.inf)
    return np.maximum((centre @ _DIRECTIONS.T - along.max(axis=1)).max(axis=-1), 0.0)


def support_middle(figure: Figure, R_world_from_joint: Array, joints_world: Array) -> Array:
    """The mean place [T, 3] m of the points that touch the floor; NaN where none does."""
    points, bottoms = _carrying_points(figure, R_world_from_joint, joints_world)
    touches = (bottoms < _TOUCHES_M)[..., None]
    return np.where(touches, points, 0.0).sum(axis=1) / np.where(touches.any(axis=1), touches.sum(axis=1), np.nan)


def _carrying_points(figure: Figure, R_world_from_joint: Array, joints_world: Array) -> tuple[Array, Array]:
    """Points [T, P, 3] m that could carry weight and the height [T, P] m of their flesh over the floor."""
    touching = figure.touching_world(R_world_from_joint, joints_world)
    balls = [JOINT["left_foot"], JOINT["right_foot"]]
    # Soles are wider than the line from heel to ball: both edges of each.
    across = R_world_from_joint[:, [JOINT["left_ankle"], JOINT["right_ankle"]]][..., 0]
    soles = touching[:, [0, 1, 3, 4]]
    sideways = 0.04 * np.repeat(across, 2, axis=1)
    edges = np.concatenate([soles + sideways, soles - sideways, touching[:, [2, 5]]], axis=1)
    tips = joints_world[:, balls] + 0.05 * R_world_from_joint[:, balls][..., 2]
    points = np.concatenate([edges, tips, joints_world], axis=1)
    bottoms = np.concatenate([edges[..., 2], tips[..., 2] - 0.03, joints_world[..., 2] - figure.thickness], axis=1)
    return points, bottoms


def slow(joints_world: Array) -> Mask:
    """Where the centre of mass hardly moves and is hardly pushed, [T]."""
    if len(joints_world) < 3:
        return np.ones(len(joints_world), bool)
    centre = gaussian_smoothed(centre_of_mass(joints_world), RATE_HZ, _SMOOTHED_S)
    velocity = np.gradient(centre, axis=0) * RATE_HZ
    push = np.gradient(velocity, axis=0) * RATE_HZ
    return (np.linalg.norm(velocity, axis=-1) < _SLOW_M_S) & (np.linalg.norm(push, axis=-1) < _SLOW_M_S2)
