"""Which soles and palms rest, told by their speed alone: height knows nothing of stairs, stools and walls."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from motion.arrays import Array, Mask
from motion.body import Body, BodyModel, read_open_body
from motion.contacts.believe import STILL_POINTS
from motion.filters import gaussian_smoothed
from motion.kinematics import attached_points, forward_kinematics
from motion.runs import runs
from motion.skeleton import JOINT, JOINT_COUNT, Skeleton

# The ball of a sprinter's foot rests for a tenth of a second: twice as wide a Gaussian would never see it rest.
SMOOTHED_S = 0.025
# Speeds of soles in walks and runs of the training clips make two heaps on a logarithmic scale, resting ones below
# 0.1 and swinging ones above 1 m/s, with the fewest from 0.2 to 0.5.
STILL_BELOW_M_S = 0.15
MOVING_ABOVE_M_S = 0.30
SHORTEST_S = 0.06       # less than the stance of a sprinter

SOLES = [i for i, name in enumerate(STILL_POINTS) if not name.endswith("palm")]


def still_labels(points_world: Array, rate_hz: float) -> Mask:
    """[T, P] whether points [T, P, 3] m rest: slower than one speed once, and never faster than a higher one."""
    if len(points_world) < 2:
        return np.ones(points_world.shape[:2], bool)
    speed_m_s = point_speeds(points_world, rate_hz)
    labels = [_held(speed) for speed in speed_m_s.T]
    return np.stack([_without_short(label, SHORTEST_S * rate_hz) for label in labels], axis=1)


def point_speeds(points_world: Array, rate_hz: float) -> Array:
    """Speeds [T, P] m/s of points [T, P, 3] m, slightly smoothed."""
    smooth = _smoothed_over_the_ends(points_world, rate_hz)
    return np.linalg.norm(np.gradient(smooth, axis=0), axis=-1) * rate_hz


def still_points(R_parent_from_joint: Array, root_world: Array, rest_joints: Array) -> Array:
    """STILL_POINTS [T, 6, 3] m of our body on these rest joints, from R [T, 22, 3, 3] and root [T, 3] m."""
    R_world_from_joint, joints_world, body = posed(R_parent_from_joint, root_world, rest_joints)
    points = attached_points(R_world_from_joint, joints_world, body.skeleton, body.points, body.model.point_joints)
    named = dict(zip(body.model.point_names, np.moveaxis(points, 1, 0)))
    return np.stack([still_point(named, *name.split("_")) for name in STILL_POINTS], axis=1)


def posed(R_parent_from_joint: Array, root_world: Array, rest_joints: Array) -> tuple[Array, Array, Body]:
    """R_world_from_joint [T, 55, 3, 3], joints_world [T, 55, 3] m and the body at rest; hands are flat."""
    body = body_on(rest_joints)
    R = np.broadcast_to(np.eye(3), (len(root_world), JOINT_COUNT, 3, 3)).copy()
    R[:, : R_parent_from_joint.shape[1]] = R_parent_from_joint
    R_world_from_joint, joints_world = forward_kinematics(body.skeleton, R, root_world)
    return R_world_from_joint, joints_world, body


def body_on(rest_joints: Array) -> Body:
    """Our body with a person's rest joints [55, 3] m, its feet as long as their legs ask for."""
    model = _open_body()
    average = model.shaped(np.zeros(0))
    skeleton = Skeleton(rest_joints)
    scale = _leg_length(skeleton.rest_joints) / _leg_length(average.skeleton.rest_joints)
    return model.shaped(np.zeros(0), scale).fitted_to(skeleton)


@lru_cache
def _open_body() -> BodyModel:
    return read_open_body().light()


def _leg_length(rest_joints: Array) -> float:
    hip, knee, ankle = (rest_joints[JOINT[f"left_{name}"]] for name in ("hip", "knee", "ankle"))
    return float(np.linalg.norm(knee - hip) + np.linalg.norm(ankle - knee))


def still_point(named: Mapping[str, Array], side: str, part: str) -> Array:
    """One of STILL_POINTS [..., 3], such as ("left", "heel"), of the body's points by name."""
    if part == "palm":   # between the knuckles of the first and the last finger
        return 0.5 * (named[f"{side}_index"] + named[f"{side}_pinky"])
    return named[f"{side}_{part}_sole"]


def _smoothed_over_the_ends(points: Array, rate_hz: float) -> Array:
    """Smoothed as if the motion went on beyond both ends, else whoever moves there would seem to stop."""
    reach = min(int(np.ceil(3.0 * SMOOTHED_S * rate_hz)), len(points) - 1)
    longer = np.pad(points, [(reach, reach), (0, 0), (0, 0)], mode="reflect", reflect_type="odd")
    return gaussian_smoothed(longer, rate_hz, SMOOTHED_S)[reach : len(longer) - reach]


def _held(speed_m_s: Array) -> Mask:
    """Stretches below the higher speed in which the lower one is reached."""
    label = speed_m_s < MOVING_ABOVE_M_S
    for start, end in runs(label):
        label[start:end] = speed_m_s[start:end].min() < STILL_BELOW_M_S
    return label


def _without_short(label: Mask, shortest: float) -> Mask:
    for start, end in runs(label):
        if end - start < shortest and 0 < start and end < len(label):
            label[start:end] = False
    return label
