"""GVHMR's inverse kinematics (Shen et al. 2024, released code `process_ik`): cyclic coordinate descent down each limb.

No joint limits, no pole vector, nothing over time: what it is measured for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from motion.arrays import Array
from motion.kinematics import forward_kinematics
from motion.rotations import (
    axis_angle_from_matrix,
    matrix_from_axis_angle,
    nearest_rotation,
    normalised,
    smallest_rotation,
)
from motion.skeleton import JOINT, Skeleton

HELD_JOINTS = ("left_ankle", "left_foot", "right_ankle", "right_foot", "left_wrist", "right_wrist")
HELD = [JOINT[name] for name in HELD_JOINTS]
SWEEPS = 2
_CHAINS = tuple((*[JOINT[name] for name in root], *[JOINT[f"{side}_{name}"] for name in limb])
                for root, limb in ((("pelvis",), ("hip", "knee", "ankle", "foot")),
                                   (("spine3",), ("collar", "shoulder", "elbow", "wrist")))
                for side in ("left", "right"))  # fmt: skip


def running_targets(points: Array, probability: Array) -> Array:
    """Where points [T, P, 3] m should be: each the last target as far as it rested [T, P], else itself."""
    targets = points.copy()
    for frame in range(1, len(points)):
        rested = probability[frame - 1][:, None]
        targets[frame] = rested * targets[frame - 1] + (1.0 - rested) * points[frame]
    return targets


def held_by_ik(skeleton: Skeleton, R_parent_from_joint: Array, root_world: Array, targets_world: Array) -> Array:
    """R_parent_from_joint [T, J, 3, 3] with HELD_JOINTS brought towards their targets [T, 6, 3] m."""
    solved = np.array(R_parent_from_joint)
    by_joint = dict(zip(HELD, np.moveaxis(targets_world, 1, 0), strict=True))
    for chain in _CHAINS:
        R_world_from_joint, joints_world = forward_kinematics(skeleton, solved, root_world)
        start = chain[0]
        local = np.concatenate([R_world_from_joint[:, [start]], solved[:, list(chain[1:])]], axis=1)
        offsets = np.diff(skeleton.rest_joints[list(chain)], axis=0)
        targets = {chain.index(joint): place for joint, place in by_joint.items() if joint in chain}
        solved[:, list(chain[1:])] = solved_chain(local, joints_world[:, start], offsets, targets)[:, 1:]
    return solved


def solved_chain(R_parent_from_joint: Array, start: Array, offsets: Array, targets: dict[int, Array]) -> Array:
    """Rotations [T, N, 3, 3] of a chain that begins at `start` [T, 3] m, after SWEEPS from its second joint to its end.

    The first rotation is the world's and stays. `offsets` [N - 1, 3] m lead from joint to joint at rest; `targets` say
    where joints of the chain should be, each [T, 3] m. A joint turns by (index + 1) / N of what would aim it.
    """
    R_local, count = np.array(R_parent_from_joint), R_parent_from_joint.shape[1]
    for _ in range(SWEEPS):
        for joint in range(1, count - 1):
            R_world, places = _along(R_local, start, offsets)
            aimed = [_aimed(R_world[:, joint], places[:, joint], places[:, end], target, (joint + 1) / count)
                     for end, target in targets.items() if end > joint]  # fmt: skip
            if aimed:
                R_local[:, joint] = np.swapaxes(R_world[:, joint - 1], -1, -2) @ _mean_by_axes(aimed)
    return R_local


def _along(R_local: Array, start: Array, offsets: Array) -> tuple[Array, Array]:
    """World rotations [T, N, 3, 3] and places [T, N, 3] m of a chain."""
    R_world, places = [R_local[:, 0]], [start]
    for joint, offset in enumerate(offsets, start=1):
        places.append(places[-1] + R_world[-1] @ offset)
        R_world.append(R_world[-1] @ R_local[:, joint])
    return np.stack(R_world, axis=1), np.stack(places, axis=1)


def _aimed(R_world: Array, place: Array, end: Array, target: Array, share: float) -> Array:
    turn = axis_angle_from_matrix(smallest_rotation(normalised(end - place), normalised(target - place)))
    return matrix_from_axis_angle(share * turn) @ R_world


def _mean_by_axes(rotations: Sequence[Array]) -> Array:
    """Of rotations [T, 3, 3]: the means of their x and y axes, and what is at right angles to both."""
    x, y = (normalised(sum(R[..., axis] for R in rotations)) for axis in (0, 1))
    return nearest_rotation(np.stack([x, y, np.cross(x, y)], axis=-1))
