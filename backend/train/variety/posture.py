"""One posture of made-up motion: a trunk, and where hands and feet are; limbs follow by inverse kinematics.

Made-up motion is told in a world whose x is the person's left, -y is ahead and z is up, with the floor at z = 0, before
it is turned and carried elsewhere. Angles of the trunk are rotation vectors in rest axes: x forward, y to the left
about the spine, z sideways to the right.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Sequence

import numpy as np

from backend.train.variety.figure import R_Z_UP_FROM_Y_UP, SIDES, Figure
from motion.arrays import Array, Mask
from motion.limb_ik import LIMBS, limb_posed
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle, normalised
from motion.skeleton import JOINT

LIMB_NAMES = ("left_leg", "right_leg", "left_arm", "right_arm")
CHEST = JOINT["spine3"]
_SPINE_SHARES = {"spine1": 0.35, "spine2": 0.35, "spine3": 0.3}
_HEAD_SHARES = {"neck": 0.5, "head": 0.5}
_SHRUG_DEG = 20.0  # the collarbone's share in raising the arm
_ROLL_IN_FOREARM = 0.5  # of the turn of the hand about the forearm, the rest is the wrist's


def place(left: float, ahead: float, up: float) -> Array:
    """A point or direction [3] in the world of made-up motion."""
    return np.array([left, -ahead, up], dtype=np.float64)


def turned(forward_deg: float = 0.0, left_deg: float = 0.0, sideways_deg: float = 0.0) -> Array:
    """A rotation vector [3] rad in rest axes."""
    return np.deg2rad([forward_deg, left_deg, sideways_deg])


def pelvis_turned(forward_deg: float = 0.0, left_deg: float = 0.0, sideways_deg: float = 0.0) -> Array:
    """R_world_from_pelvis [3, 3] of an upright person who then tips forward and sideways, and lastly turns left."""
    tipped = matrix_from_axis_angle(turned(forward_deg)) @ matrix_from_axis_angle(turned(0.0, 0.0, sideways_deg))
    return R_Z_UP_FROM_Y_UP @ matrix_from_axis_angle(turned(0.0, left_deg)) @ tipped


@dataclass(frozen=True, eq=False)
class Posture:
    """A key of made-up motion; limbs in the order of LIMB_NAMES."""

    figure: Figure
    root: Array  # [3] m
    R_pelvis: Array  # [3, 3] world from pelvis
    trunk: Array = field(default_factory=lambda: np.zeros(3))  # rad, all of the spine
    head: Array = field(default_factory=lambda: np.zeros(3))  # rad, neck and head
    shoulders: Array = field(default_factory=lambda: np.zeros((2, 3)))  # rad, collars
    ends: Array = field(default_factory=lambda: np.zeros((4, 3)))  # [4, 3] m, ankles and wrists
    towards: Array = field(default_factory=lambda: np.zeros((4, 3)))  # [4, 3] where knees and elbows point
    R_ends: Array = field(default_factory=lambda: np.tile(np.eye(3), (4, 1, 1)))  # [4, 3, 3] world from foot, hand
    planted: Mask = field(default_factory=lambda: np.zeros(4, bool))  # ends that rest on floor, chair or body
    grounded: float = 0.0  # 1: the trunk lies on the floor, however high the root was meant
    sway: float = 1.0  # how freely the trunk sways

    def trunk_posed(self) -> tuple[Array, Array]:
        """R_world_from_joint [22, 3, 3] and joints [22, 3] m with the limbs at rest."""
        R = trunk_rotations(self.R_pelvis[None], self.trunk[None], self.head[None], self.shoulders[None])
        R_world, joints = self.figure.posed(R, self.root[None])
        return R_world[0], joints[0]

    def joint(self, name: str) -> Array:
        """Where a joint of the trunk is, hips and shoulders included, [3] m."""
        return self.trunk_posed()[1][JOINT[name]]

    def with_limb(self, limb: int, end: Array, towards: Array, R_end: Array, planted: bool) -> Posture:
        """This posture with one of its limbs placed."""
        fields = {"ends": end, "towards": towards, "R_ends": R_end, "planted": planted}
        changed = {name: getattr(self, name).copy() for name in fields}
        for name, value in fields.items():
            changed[name][limb] = value
        return replace(self, **changed)

    def foot_on_floor(self, side: int, left: float, ahead: float, out_deg: float = 8.0, heel_up_deg: float = 0.0,
                      knee_out_deg: float | None = None) -> Posture:  # fmt: skip
        """A foot whose ankle stands above that place while its sole is flat; the heel lifts about the ball."""
        outward = 1.0 if side == 0 else -1.0
        R_flat = pelvis_turned(left_deg=outward * out_deg)
        R_foot = R_flat @ matrix_from_axis_angle(turned(heel_up_deg))
        heel, ball = self.figure.touching[3 * side], self.figure.touching[3 * side + 1]
        lift = -min(heel[1], ball[1])
        end = place(left, ahead, lift) + R_flat @ ball - R_foot @ ball
        knee_deg = out_deg if knee_out_deg is None else knee_out_deg
        towards = pelvis_turned(left_deg=outward * knee_deg) @ np.array([0.0, 0.15, 1.0])
        return self.with_limb(side, end, towards, R_foot, True)

    def leg(self, side: int, forward_deg: float, out_deg: float, knee_deg: float, turn_out_deg: float = 0.0,
            foot_deg: float = 20.0) -> Posture:  # fmt: skip
        """A leg in the air: thigh forward and out against the pelvis, knee bent, toes pointed down by foot_deg."""
        outward = 1.0 if side == 0 else -1.0
        swing = matrix_from_axis_angle(turned(0.0, 0.0, outward * out_deg)) @ matrix_from_axis_angle(
            turned(-forward_deg)) @ matrix_from_axis_angle(turned(0.0, outward * turn_out_deg))  # fmt: skip
        R_thigh = self.R_pelvis @ swing
        R_shin = R_thigh @ matrix_from_axis_angle(turned(knee_deg))
        offsets, name = self.figure.offsets, SIDES[side]
        knee = self.joint(f"{name}_hip") + R_thigh @ offsets[JOINT[f"{name}_knee"]]
        end = knee + R_shin @ offsets[JOINT[f"{name}_ankle"]]
        R_foot = R_shin @ matrix_from_axis_angle(turned(foot_deg))
        return self.with_limb(side, end, R_thigh @ np.array([0.0, 0.0, 1.0]), R_foot, False)

    def hand_at(self, side: int, point: Array, elbow: Sequence[float] = (1.0, -0.6, -1.2), roll_deg: float = 0.0,
                planted: bool = False) -> Posture:  # fmt: skip
        """A wrist at `point` [3] m in the world; the elbow points to (out, ahead, up) of the chest."""
        outward = 1.0 if side == 0 else -1.0
        R_world, joints = self.trunk_posed()
        out, ahead, up = elbow
        towards = R_world[CHEST] @ np.array([outward * out, up, ahead])
        limb = LIMBS[f"{SIDES[side]}_arm"]
        _, R_lower = limb_posed(limb, self.figure.rest_joints, joints[limb.upper], point, towards)
        R_hand = R_lower @ matrix_from_axis_angle(turned(outward * roll_deg))
        return self.with_limb(2 + side, point, towards, R_hand, planted)

    def arm(self, side: int, out: float, ahead: float, up: float, stretch: float = 0.8,
            elbow: Sequence[float] = (1.0, -0.6, -1.2), roll_deg: float = 0.0) -> Posture:  # fmt: skip
        """A wrist in the direction (out, ahead, up) of the chest, a share of the arm's length from the shoulder."""
        outward = 1.0 if side == 0 else -1.0
        direction = normalised(np.array([outward * out, up, ahead]))
        raised = self._with_shoulder(side, direction * stretch)
        R_world, joints = raised.trunk_posed()
        shoulder = joints[JOINT[f"{SIDES[side]}_shoulder"]]
        point = shoulder + stretch * self.figure.arm_length * (R_world[CHEST] @ direction)
        return raised.hand_at(side, point, elbow, roll_deg)

    def _with_shoulder(self, side: int, reach: Array) -> Posture:
        """The collar goes along with the arm: up to _SHRUG_DEG up with a raised one, as far ahead with one ahead."""
        outward = 1.0 if side == 0 else -1.0
        across = outward * reach[0] < 0.3
        shoulders = self.shoulders.copy()
        shoulders[side] = outward * _SHRUG_DEG * turned(0.0, -0.6 * max(reach[2], 0.0) * across, max(reach[1], 0.0))
        return replace(self, shoulders=shoulders)

    def palm_on_floor(self, side: int, left: float, ahead: float, fingers_deg: float = 0.0,
                      elbow: Sequence[float] = (1.0, -1.0, 0.0)) -> Posture:  # fmt: skip
        """A palm flat on the floor below that wrist; fingers ahead, turned inwards by fingers_deg."""
        outward = 1.0 if side == 0 else -1.0
        fingers = pelvis_turned(left_deg=-outward * fingers_deg) @ np.array([0.0, 0.0, 1.0])
        up = np.array([0.0, 0.0, 1.0])
        R_hand = np.stack([outward * fingers, up, np.cross(outward * fingers, up)], axis=-1)
        height = self.figure.thickness[JOINT["left_wrist"]] + 0.01
        posture = self.hand_at(side, place(left, ahead, height), elbow)
        return posture.with_limb(2 + side, posture.ends[2 + side], posture.towards[2 + side], R_hand, True)


def trunk_rotations(R_pelvis: Array, trunk: Array, head: Array, shoulders: Array) -> Array:
    """R_parent_from_joint [T, 22, 3, 3] of trunk and head; trunk, head [T, 3] rad, shoulders [T, 2, 3] rad."""
    R = np.tile(np.eye(3), (len(trunk), 22, 1, 1))
    R[:, 0] = R_pelvis
    for angles, shares in ((trunk, _SPINE_SHARES), (head, _HEAD_SHARES)):
        for name, share in shares.items():
            R[:, JOINT[name]] = matrix_from_axis_angle(share * angles)
    for side, name in enumerate(SIDES):
        R[:, JOINT[f"{name}_collar"]] = matrix_from_axis_angle(shoulders[:, side])
    return R


def with_limbs(figure: Figure, R_world: Array, joints: Array, ends: Array, towards: Array) -> Array:
    """R_world [T, 22, 3, 3] with thighs, shins and arms going to ends [T, 4, 3] m; hands and feet as they were."""
    R = R_world.copy()
    for index, name in enumerate(LIMB_NAMES):
        limb = LIMBS[name]
        R[:, limb.upper], R[:, limb.lower] = limb_posed(
            limb, figure.rest_joints, joints[:, limb.upper], ends[:, index], towards[:, index]
        )
    return R


def with_forearms_rolled(R_world: Array) -> Array:
    """Half of the turn of each hand about its forearm given to the forearm itself; R_world [T, 22, 3, 3]."""
    R = R_world.copy()
    for side in SIDES:
        elbow, wrist = JOINT[f"{side}_elbow"], JOINT[f"{side}_wrist"]
        turn = axis_angle_from_matrix(np.swapaxes(R[:, elbow], -1, -2) @ R[:, wrist])
        roll = np.zeros_like(turn)
        roll[:, 0] = _ROLL_IN_FOREARM * turn[:, 0]
        R[:, elbow] = R[:, elbow] @ matrix_from_axis_angle(roll)
    return R
