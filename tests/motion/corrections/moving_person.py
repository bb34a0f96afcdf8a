"""A person of boxes who moves before a camera that sees every landmark, for the tests of corrections."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from motion.arrays import Array
from motion.body import Body
from motion.corrections.seen_points import Sight, posed
from motion.landmarks import LANDMARK_COUNT
from motion.motion import Camera, Motion
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT
from tests.box_body import box_body_model

RATE = Fraction(30)


def box_person() -> Body:
    return box_body_model().shaped(np.zeros(0))


def moving(frames: int = 61, facing_rad: float = 0.6) -> Motion:
    """Arms and legs swing, knees and elbows bend as they do, while the body walks along; Z up."""
    times_s = np.arange(frames) / float(RATE)
    turns = np.zeros((frames, 55, 3))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        swing = 0.5 * np.sin(5.0 * times_s + (0.0 if side == "left" else 2.0))
        turns[:, JOINT[f"{side}_hip"], 0] = swing
        turns[:, JOINT[f"{side}_knee"], 0] = 0.5 + 0.3 * np.sin(4.0 * times_s)
        turns[:, JOINT[f"{side}_shoulder"], 2] = -sign * (0.9 + swing)
        turns[:, JOINT[f"{side}_elbow"], 1] = -sign * (0.7 - 0.3 * swing)
    R = matrix_from_axis_angle(turns)
    upright = np.array([[1.0, 0, 0], [0, 0, -1.0], [0, 1.0, 0]])
    R[:, 0] = matrix_from_axis_angle(np.array([0.0, 0.0, facing_rad])) @ upright
    root = np.stack([0.6 * times_s - 0.5, 0.1 * np.sin(times_s), np.full(frames, 0.95)], axis=-1)
    return seen_exactly(Motion(box_person().skeleton, RATE, R, root, start_s=0.5,
                               contact_names=("left_heel", "right_heel", "left_palm", "right_palm"),
                               contacts=np.tile([0.9, 0.1, 0.8, 0.2], (frames, 1))))  # fmt: skip


def seen_exactly(motion: Motion) -> Motion:
    """The motion with a camera 4 m before it whose landmarks are where the body's points are."""
    frames = motion.frame_count
    R = np.array([[1.0, 0, 0], [0, 0, -1.0], [0, 1.0, 0]])   # along +Y of the world
    t = -R @ np.array([0.0, -4.0, 1.2])
    camera = Camera(np.tile([[900.0, 0, 640], [0, 900.0, 360], [0, 0, 1]], (frames, 1, 1)), np.tile(R, (frames, 1, 1)),
                    np.tile(t, (frames, 1)), 1280, 720, np.zeros((frames, 33, 2)), np.ones((frames, 33)))  # fmt: skip
    camera = replace(camera, landmarks_px=pixels(replace(motion, cameras=(camera,))))
    return replace(motion, cameras=(camera,))


def pixels(motion: Motion) -> Array:
    """[T, 33, 2] where the camera sees the body's points."""
    everything = np.arange(LANDMARK_COUNT)
    points = posed(box_person(), motion.R_parent_from_joint, motion.root_world, everything).points_world
    return Sight.of(motion.cameras[0]).pixels(points)


def differs(one: Motion, other: Motion) -> Array:
    """[T] the largest difference of any number of a pose."""
    R = np.abs(one.R_parent_from_joint - other.R_parent_from_joint).max(axis=(1, 2, 3))
    return np.maximum(R, np.abs(one.root_world - other.root_world).max(axis=1))
