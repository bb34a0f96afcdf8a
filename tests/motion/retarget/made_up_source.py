"""Sources that anybody can make: turns of the open body."""

from __future__ import annotations

import functools

import numpy as np

from motion.body import read_open_body
from motion.contacts.body_points import figure_of
from motion.contacts.contacts import Contacts
from motion.figure import Figure
from motion.retarget.source.source_pose import R_WORLD_FROM_REST, SourcePose
from motion.rotations import matrix_from_axis_angle


@functools.cache
def open_figure() -> Figure:
    return figure_of(read_open_body().shaped(np.zeros(0)))


def source_of(R_parent_from_joint, root_world, rate=30.0) -> SourcePose:
    """Nothing is held."""
    R, joints = open_figure().kinematics(R_parent_from_joint, root_world)
    none = np.zeros((len(R), 0))
    return SourcePose(open_figure(), rate, R, joints, Contacts((), none, none, none, np.zeros(0)))


def standing(frames=1) -> SourcePose:
    """The T-pose, facing -Y, hips a metre up."""
    R = np.broadcast_to(np.eye(3), (frames, 55, 3, 3)).copy()
    R[:, 0] = R_WORLD_FROM_REST
    return source_of(R, np.tile([0.0, 0.0, 1.0], (frames, 1)))


def dancing(frames=25, seed=0) -> SourcePose:
    """All joints wander off by far, body and all."""
    rng = np.random.default_rng(seed)
    turns = np.cumsum(rng.normal(size=(frames, 55, 3)) * 0.15, axis=0)
    turns[:, 22:] *= 0.3
    return source_of(matrix_from_axis_angle(turns), np.cumsum(rng.normal(size=(frames, 3)) * 0.02, axis=0))
