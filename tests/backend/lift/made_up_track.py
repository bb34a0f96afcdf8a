"""A made-up person in front of a made-up camera, seen without error."""

from dataclasses import dataclass

import numpy as np

from backend.cameras.projection import projected
from backend.track.tracks import Track
from motion.arrays import Array
from motion.body import Body, read_open_body
from motion.kinematics import attached_points, forward_kinematics
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT

K = np.array([[1000.0, 0.0, 480.0], [0.0, 1000.0, 540.0], [0.0, 0.0, 1.0]])
RATE = 30.0
R_CAMERA_FROM_STANDING = np.diag([1.0, -1.0, -1.0])   # upright, facing a level camera


@dataclass(frozen=True)
class MadeUp:
    """The truth beside what a perfect detector would say of it."""

    body: Body
    R_parent_from_joint: Array
    R_camera_from_joint: Array
    points_camera: Array
    track: Track


def reaching_and_stepping(
    yaw: float = 0.6, root: tuple[float, float, float] = (0.2, 0.1, 4.0), frames: int = 45, rate: float = RATE
) -> MadeUp:
    """Arms down to up with bending elbows, one knee lifted, turned about the vertical by `yaw` rad."""
    body = read_open_body().shaped(np.zeros(0))
    pose = np.zeros((frames, 55, 3))
    done = np.linspace(0.0, 1.0, frames)
    pose[:, JOINT["left_shoulder"], 2] = -1.2 + 1.5 * done
    pose[:, JOINT["right_shoulder"], 2] = 1.1
    pose[:, JOINT["left_elbow"], 1] = -0.2 - done
    pose[:, JOINT["right_elbow"], 1] = 0.3 + 1.1 * done
    pose[:, JOINT["left_hip"], 0] = -0.9 * done
    pose[:, JOINT["left_knee"], 0] = 0.1 + 1.3 * done
    pose[:, JOINT["right_knee"], 0] = 0.1
    R_parent_from_joint = matrix_from_axis_angle(pose)
    R_parent_from_joint[:, 0] = R_CAMERA_FROM_STANDING @ matrix_from_axis_angle(np.array([0.0, yaw, 0.0]))
    return seen(body, R_parent_from_joint, np.tile(root, (frames, 1)), rate)


def seen(body: Body, R_parent_from_joint: Array, root_camera: Array, rate: float = RATE) -> MadeUp:
    """What a perfect detector says, at a size of its own."""
    R, joints = forward_kinematics(body.skeleton, R_parent_from_joint, root_camera)
    points = attached_points(R, joints, body.skeleton, body.points, body.model.point_joints)
    landmarks = points[:, :33]
    frames = len(landmarks)
    about_hips = landmarks - landmarks[:, [23, 24]].mean(axis=1, keepdims=True)
    track = Track(
        times_s=np.arange(frames) / rate,
        seen=np.ones(frames, dtype=bool),
        landmarks_px=projected(landmarks, K),
        doubts_px=np.full((frames, 33), np.nan),
        scores=np.full((frames, 33), 0.99),
        landmarks_camera=0.9 * about_hips,
        hands_px=np.full((frames, 2, 21, 2), np.nan),
        hands_camera=np.full((frames, 2, 21, 3), np.nan),
        hand_scores=np.zeros((frames, 2)),
    )
    return MadeUp(body, R_parent_from_joint, R, points, track)
