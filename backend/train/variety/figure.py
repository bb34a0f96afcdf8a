"""A body of 22 joints: where its joints and the points that touch the floor are, and how thick it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from backend.train.motions.still import body_on, still_point
from motion.arrays import Array
from motion.contacts.believe import STILL_POINTS
from motion.skeleton import BODY_JOINT_COUNT, JOINT, JOINT_NAMES, PARENTS

R_Z_UP_FROM_Y_UP = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
SIDES = ("left", "right")
PARENT_INDICES = np.array(PARENTS[1:BODY_JOINT_COUNT])
# Half the thickness of the flesh about a joint, in shares of the leg's length (hip to ankle), from the open body.
_THICKNESS = {"pelvis": 0.145, "spine1": 0.13, "spine2": 0.135, "spine3": 0.14, "neck": 0.07, "head": 0.11,
              "hip": 0.11, "knee": 0.062, "ankle": 0.048, "foot": 0.038, "collar": 0.09, "shoulder": 0.07,
              "elbow": 0.045, "wrist": 0.035}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Figure:
    """One person's body at rest."""

    rest_joints: Array  # [55, 3] m

    @cached_property
    def offsets(self) -> Array:
        """Each joint from its parent at rest, [22, 3] m; the pelvis has zero."""
        parents = np.concatenate([[0], PARENT_INDICES])
        joints = np.asarray(self.rest_joints, dtype=np.float64)
        return joints[:BODY_JOINT_COUNT] - joints[parents]

    @cached_property
    def leg_length(self) -> float:
        """From the hip by the knee to the ankle, m."""
        return float(sum(np.linalg.norm(self.offsets[JOINT[f"left_{name}"]]) for name in ("knee", "ankle")))

    @cached_property
    def arm_length(self) -> float:
        """From the shoulder by the elbow to the wrist, m."""
        return float(sum(np.linalg.norm(self.offsets[JOINT[f"left_{name}"]]) for name in ("elbow", "wrist")))

    @cached_property
    def touching(self) -> Array:
        """STILL_POINTS at rest, each from the joint that it rides on (ankle, wrist), [6, 3] m."""
        body = body_on(self.rest_joints)
        named = dict(zip(body.model.point_names, body.points))
        points = [still_point(named, *name.split("_")) for name in STILL_POINTS]
        return np.array(points) - body.skeleton.rest_joints[TOUCHING_JOINTS]

    @cached_property
    def thickness(self) -> Array:
        """Half the thickness about each joint, [22] m."""
        names = [name.removeprefix("left_").removeprefix("right_") for name in JOINT_NAMES[:BODY_JOINT_COUNT]]
        return self.leg_length * np.array([_THICKNESS[name] for name in names])

    def posed(self, R_parent_from_joint: Array, root_world: Array) -> tuple[Array, Array]:
        """R_world_from_joint [T, 22, 3, 3] and joints_world [T, 22, 3] m."""
        R = np.array(R_parent_from_joint, dtype=np.float64)
        joints = np.empty(R.shape[:-1])
        joints[:, 0] = root_world
        for joint, parent in enumerate(PARENT_INDICES, start=1):
            R[:, joint] = R[:, parent] @ R[:, joint]
            joints[:, joint] = joints[:, parent] + R[:, parent] @ self.offsets[joint]
        return R, joints

    def touching_world(self, R_world_from_joint: Array, joints_world: Array) -> Array:
        """STILL_POINTS [T, 6, 3] m in the world."""
        turned = np.einsum("tpij,pj->tpi", R_world_from_joint[:, TOUCHING_JOINTS], self.touching)
        return joints_world[:, TOUCHING_JOINTS] + turned


TOUCHING_JOINTS = np.array(
    [JOINT[f"{name.split('_')[0]}_{'wrist' if name.endswith('palm') else 'ankle'}"] for name in STILL_POINTS]
)


def locals_of(R_world_from_joint: Array) -> Array:
    """R_parent_from_joint [T, 22, 3, 3] of orientations in the world."""
    R = R_world_from_joint.copy()
    R[:, 1:] = np.swapaxes(R_world_from_joint[:, PARENT_INDICES], -1, -2) @ R_world_from_joint[:, 1:]
    return R
