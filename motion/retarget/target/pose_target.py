"""The source's turns and path on a target, before feet and hands are solved."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...rotations import axis_angle_from_matrix, matrix_from_axis_angle
from ...skeleton import JOINT
from ..slots import SIDES
from ..source.source_pose import SourcePose
from .chains import Followed, followed
from .target import Target, TargetPose


def posed(target: Target, source: SourcePose) -> TargetPose:
    """Every limb points where the source's points; the hips go the source's way, longer or shorter by path_scale."""
    R = turns_of(followed(target, source.figure.rest_joints), source.R_world_from_joint)
    return TargetPose(target.figure.local(R), _root(target, source, R[:, 0]))


def turns_of(way: Followed, R_world_from_source: Array) -> Array:
    """R_world_from_joint [T, J, 3, 3] of target joints from the source's [T, 55, 3, 3]."""
    R = np.array(R_world_from_source[:, way.second])
    between = np.flatnonzero((way.first != way.second) & (way.share < 1.0))
    before, after = R_world_from_source[:, way.first[between]], R[:, between]
    step = axis_angle_from_matrix(np.swapaxes(before, -1, -2) @ after)
    R[:, between] = before @ matrix_from_axis_angle(way.share[between, None] * step)
    return R


def _root(target: Target, source: SourcePose, R_world_from_pelvis: Array) -> Array:
    """Joint 0 [T, 3] m so that the middle of the hip joints is where the source's is, at the scale of the path."""
    hips_world = source.joints_world[:, [JOINT[f"{side}_hip"] for side in SIDES]].mean(axis=1)
    rest = target.figure.rest_joints
    offset = rest[[target.joint(f"{side}_thigh") for side in SIDES]].mean(axis=0) - rest[0]
    return target.placed(hips_world, source.floor_world_m) - R_world_from_pelvis @ offset
