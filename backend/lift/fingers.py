"""Fingers: closed form from the 21 hand landmarks where a hand was seen, a relaxed hand where not."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array
from motion.body import Body
from motion.rotations import matrix_from_axis_angle, normalised
from motion.skeleton import JOINT

# First of MediaPipe's landmarks of each finger; the next three follow towards the tip.
_FIRST_LANDMARK = {"thumb": 1, "index": 5, "middle": 9, "ring": 13, "pinky": 17}
_RELAXED_DEG = {
    "thumb": (0, 8, 12), "index": (14, 22, 14), "middle": (20, 26, 16), "ring": (24, 28, 18), "pinky": (26, 28, 18),
}  # fmt: skip
_BEND_DEG = ((-15.0, 95.0), (0.0, 110.0), (0.0, 85.0))   # of the three joints from the palm outwards
_SPREAD_DEG = 18.0


def pose_fingers(
    R_parent_from_joint: Array, R_camera_from_wrist: Array, hand: Array, score: Array, body: Body, side: str
) -> None:
    """Fill in one hand's finger joints of R_parent_from_joint [S, 55, 3, 3].

    `hand` [S, 21, 3] m are its landmarks in the camera's axes and `score` [S] is 0 where it was not seen.
    """
    seen = np.isfinite(hand).all(axis=(1, 2)) & (score > 0)
    R_hand_from_camera = np.swapaxes(R_camera_from_wrist, -1, -2)
    for finger, first in _FIRST_LANDMARK.items():
        joints = [JOINT[f"{side}_{finger}{i}"] for i in (1, 2, 3)]
        rest = _rest_direction(body, joints)
        bend_about, spread_about = _axes(rest, side, finger)
        bends = np.tile(np.deg2rad(_RELAXED_DEG[finger]), (len(hand), 1))
        spread = np.zeros(len(hand))
        if seen.any():
            phalanges = np.diff(hand[seen][:, first : first + 4], axis=1)
            in_hand = np.einsum("sij,spj->spi", R_hand_from_camera[seen], normalised(phalanges))
            bends[seen], spread[seen] = _bends(in_hand, rest, bend_about, spread_about)
        for joint, bend in zip(joints, bends.T):
            R_parent_from_joint[:, joint] = matrix_from_axis_angle(bend[:, None] * bend_about)
        R_parent_from_joint[:, joints[0]] = (
            matrix_from_axis_angle(spread[:, None] * spread_about) @ R_parent_from_joint[:, joints[0]]
        )


def _rest_direction(body: Body, joints: list[int]) -> Array:
    return normalised(body.skeleton.rest_joints[joints[2]] - body.skeleton.rest_joints[joints[0]])


def _axes(rest: Array, side: str, finger: str) -> tuple[Array, Array]:
    """Axes [3] of bending (towards the palm) and of spreading, in the rest frame: palms down, fingers sideways."""
    palm = np.array([0.0, -1.0, 0.0])
    if finger == "thumb":
        # The thumb closes towards the little finger, half across the palm.
        palm = normalised(np.array([0.6 if side == "left" else -0.6, -0.6, -0.5]))
    bend_about = normalised(np.cross(rest, palm))
    return bend_about, np.cross(bend_about, rest)


def _bends(phalanges: Array, rest: Array, bend_about: Array, spread_about: Array) -> tuple[Array, Array]:
    """Bend of the three joints [S, 3] and spread [S], rad, from phalanx directions [S, 3, 3] in the hand's frame."""
    palmwards = np.cross(bend_about, rest)
    total = np.arctan2(phalanges @ palmwards, phalanges @ rest)
    bends = np.diff(total, axis=1, prepend=0.0)
    bends = (bends + np.pi) % (2 * np.pi) - np.pi
    low, high = np.deg2rad(np.array(_BEND_DEG)).T
    sideways = np.arcsin(np.clip(phalanges[:, 0] @ bend_about, -1.0, 1.0))
    limit = np.deg2rad(_SPREAD_DEG)
    # Turning about spread_about = bend_about x rest moves `rest` towards -bend_about.
    return np.clip(bends, low, high), np.clip(-sideways, -limit, limit)
