"""What the flow is told of a lift: the lifter's features, pose and doubts, and what landmarks say against it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.cameras.projection import rays
from backend.lift.lift import Lift
from backend.lift.network.sampling import rows_of
from motion.arrays import Array, Mask, freeze
from motion.kinematics import attached_points, forward_kinematics
from motion.landmarks import LANDMARK, LANDMARK_COUNT
from motion.refusal import Refusal
from motion.skeleton import BODY_JOINT_COUNT

LANDMARK_NUMBERS = 6    # off in the picture (2), off in the detector's own metres (3), score
OTHER_NUMBERS = 6 * BODY_JOINT_COUNT + 3 * BODY_JOINT_COUNT + 6 + 1   # pose, doubts, still points, seen
_HIPS = [LANDMARK["left_hip"], LANDMARK["right_hip"]]
_FARTHEST_M = 0.5       # a landmark that is farther off was seen on another limb
_LEAST_DEPTH_M = 0.1
_NUMBERS_A_METRE = 10.0


@dataclass(frozen=True, eq=False)
class Condition:
    """M frames at the lifter's rate. The view is the camera turned to the person's hips."""

    positions: Array            # [M] frames of the track, in between whole ones where it is slow
    numbers: Array              # [M, C]
    R_view_from_camera: Array   # [M, 3, 3]
    sigma_rad: Array            # [M, 22] of each axis of a joint's orientation
    seen: Mask                  # [M]

    def __post_init__(self) -> None:
        shapes = {"positions": "M", "numbers": "M C", "R_view_from_camera": "M 3 3", "sigma_rad": "M 22", "seen": "M"}
        freeze(self, shapes, {"seen": bool}, M=len(self.positions))


def number_count(hidden_width: int) -> int:
    """How many numbers tell of a frame."""
    return hidden_width + LANDMARK_NUMBERS * LANDMARK_COUNT + OTHER_NUMBERS


def condition_of(lift: Lift) -> Condition:
    """Of a lift by network, refined or not. Raises Refusal for a lift that no network made."""
    beliefs, features = lift.beliefs, lift.features
    if beliefs is None or features is None:
        raise Refusal("no-features", "Other poses than the direct lift's cannot be told.", "Lift by network.")
    R_camera_from_joint, joints = forward_kinematics(lift.body.skeleton, lift.R_parent_from_joint, lift.root_camera)
    R_view_from_joint = features.R_view_from_camera[:, None] @ R_camera_from_joint[:, :BODY_JOINT_COUNT]
    body, seen = lift.body, lift.track.seen
    points = attached_points(R_camera_from_joint, joints, body.skeleton, body.points[:LANDMARK_COUNT],
                             body.model.point_joints[:LANDMARK_COUNT])  # fmt: skip
    landmarks = np.concatenate([_off_in_picture(lift, points), _off_in_metres(lift, points),
                                lift.track.scores[..., None]], axis=-1)  # fmt: skip
    landmarks = np.where(seen[:, None, None], np.nan_to_num(landmarks), 0.0)
    numbers = np.concatenate([
        features.hidden, landmarks.reshape(len(seen), -1),
        R_view_from_joint[..., :2].swapaxes(-1, -2).reshape(len(seen), -1),
        np.log(beliefs.sigma_rotation_rad), np.log(beliefs.sigma_joint_m).reshape(len(seen), -1),
        beliefs.still, seen[:, None],
    ], axis=-1)  # fmt: skip
    row = rows_of(len(seen), lift.track.rate)[0]
    return Condition(row.positions, _at(numbers, row.positions), _nearest(features.R_view_from_camera, row.positions),
                     _at(beliefs.sigma_rotation_rad, row.positions), _nearest(seen, row.positions))  # fmt: skip


def _off_in_picture(lift: Lift, points: Array) -> Array:
    """[T, 33, 2] from the body's points to the landmarks without their bias, at the person's depth, in the view."""
    assert lift.beliefs is not None and lift.features is not None
    seen = rays(lift.track.landmarks_px - lift.beliefs.bias_px, lift.K) @ _to_view(lift)
    posed = points @ _to_view(lift)
    off = _flat(seen) - _flat(posed)
    depth = np.maximum(lift.root_camera[:, None, 2:], _LEAST_DEPTH_M)
    return _NUMBERS_A_METRE * np.clip(off * depth, -_FARTHEST_M, _FARTHEST_M)


def _off_in_metres(lift: Lift, points: Array) -> Array:
    """[T, 33, 3] from the body's points to the detector's own metres, both about the hips' middle, in the view."""
    own = lift.track.landmarks_camera @ _to_view(lift)
    posed = (points - points[:, _HIPS].mean(axis=1, keepdims=True)) @ _to_view(lift)
    return _NUMBERS_A_METRE * np.clip(own - posed, -_FARTHEST_M, _FARTHEST_M)


def _to_view(lift: Lift) -> Array:
    """[T, 3, 3] by which rows of vectors in the camera's axes are multiplied."""
    assert lift.features is not None
    return lift.features.R_view_from_camera.swapaxes(-1, -2)


def _flat(points: Array) -> Array:
    return points[..., :2] / np.maximum(points[..., 2:], _LEAST_DEPTH_M)


def _at(values: Array, positions: Array) -> Array:
    """Values [T, C] at positions [M] between frames, linearly."""
    before = np.floor(positions).astype(int)
    after = np.minimum(before + 1, len(values) - 1)
    share = (positions - before)[:, None]
    return (1.0 - share) * values[before] + share * values[after]


def _nearest(values: Array, positions: Array) -> Array:
    return values[np.round(positions).astype(int)]
