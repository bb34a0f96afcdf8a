"""Lays a recording of any skeleton on the SMPL-X joints."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..body import Body
from ..kinematics import local_rotations
from ..skeleton import BODY_JOINT_COUNT, JOINT, JOINT_COUNT, PARENTS, Skeleton
from .fitted_skeleton import fitted_skeleton, leg_scale
from .floor import floor_height, soles_world
from .limbs import lay_limbs
from .naming import Naming, naming_of
from .performance import Performance
from .recorded import recorded_joints
from .recording import Recording
from .rest_alignment import alignments
from .source import Source, source_of
from .trunk import lay_trunk, reach_shoulders

R_Z_UP_FROM_Y_UP = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])


def lay_on_body(
    recording: Recording, body: Body, naming: Naming | None = None, rotations_only: bool | None = None
) -> Performance:
    """The recording's world turns on our joints, limbs pointing exactly as recorded.

    rotations_only keeps the body's own proportions and scales the path by the length of the legs; None: for figures
    without human proportions. Raises Refusal where joints cannot be found by name.
    """
    naming = naming or naming_of(recording)
    source = source_of(recording, naming)
    keep = naming.toy if rotations_only is None else rotations_only
    A = alignments(source, body.skeleton)
    skeleton = body.skeleton if keep else fitted_skeleton(source, body.skeleton, A["pelvis"])
    R_world = np.empty((len(source.turns), JOINT_COUNT, 3, 3))
    lay_trunk(R_world, source, A)
    if not (keep or naming.short_trunk):
        reach_shoulders(R_world, source, skeleton)
    lay_limbs(R_world, source, skeleton, A)
    _follow_parents(R_world)
    scale = leg_scale(source, body.skeleton)
    root = (source.middle("hip") / scale if keep else source.middle("hip")) - R_world[:, 0] @ _hip_middle(skeleton)
    return _on_floor(source, R_world, root, body.grown_to(skeleton))


def _follow_parents(R_world: Array) -> None:
    """Face and fingers stay as they are at rest; in place."""
    for joint in range(BODY_JOINT_COUNT, JOINT_COUNT):
        R_world[:, joint] = R_world[:, PARENTS[joint]]


def _hip_middle(skeleton: Skeleton) -> Array:
    return skeleton.rest_joints[[JOINT["left_hip"], JOINT["right_hip"]]].mean(axis=0)


def _on_floor(source: Source, R_world: Array, root: Array, body: Body) -> Performance:
    R_parent = local_rotations(R_Z_UP_FROM_Y_UP @ R_world)
    root_world = root @ R_Z_UP_FROM_Y_UP.T
    soles = soles_world(body, R_parent, root_world)
    floor = floor_height(soles, source.rate_hz)
    root_world[:, 2] -= np.percentile(soles[..., 2].min(axis=1), 2.0) if floor is None else floor
    return Performance(source.rate_hz, R_parent, root_world, body.skeleton.rest_joints, recorded_joints(source))


