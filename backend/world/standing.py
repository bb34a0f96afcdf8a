"""People who stand upright, as a word for which way is up."""

from __future__ import annotations

import numpy as np

from backend.lift.lift import Lift
from backend.world.tilt import angles_from_up
from motion.arrays import Array, Indices, Mask
from motion.kinematics import places_of_joints
from motion.rotations import normalised
from motion.skeleton import JOINT

# Planks and people who lie are straight too; who stands is not far from how cameras are held.
_LARGEST_ROLL_DEG, _USUAL_PITCH_DEG, _LARGEST_PITCH_DEG = 40.0, 6.0, 45.0

_FEET_TOGETHER = 0.35   # of the body's height: who balances or strides leans without falling

_STRAIGHT_KNEE = np.cos(np.deg2rad(35.0))
_STRAIGHT_HIP = np.cos(np.deg2rad(25.0))


def up_of_bodies(lift: Lift) -> Array:
    """Unit directions from ankles to neck [T, 3] in the camera's frame."""
    joints = _joints_camera(lift)
    return normalised(_middle(joints, "neck") - _middle(joints, "ankle"))


def standing_frames(lift: Lift) -> Indices:
    """Seen frames [N] with straight knees and hips and the feet together."""
    joints = _joints_camera(lift)
    neck, hips, ankles = (_middle(joints, name) for name in ("neck", "hip", "ankle"))
    upright = lift.track.seen & _straight(joints, "left") & _straight(joints, "right")
    upright &= _cosine(neck - hips, hips - ankles) > _STRAIGHT_HIP
    apart = np.linalg.norm(joints[:, JOINT["left_ankle"]] - joints[:, JOINT["right_ankle"]], axis=-1)
    upright &= apart < _FEET_TOGETHER * lift.body.height
    roll_deg, pitch_deg = angles_from_up(normalised(neck - ankles))
    upright &= np.abs(roll_deg) < _LARGEST_ROLL_DEG
    upright &= np.abs(pitch_deg - _USUAL_PITCH_DEG) < _LARGEST_PITCH_DEG
    return np.flatnonzero(upright)


def _joints_camera(lift: Lift) -> Array:
    return places_of_joints(lift.body.skeleton, lift.R_parent_from_joint, lift.root_camera)


def _straight(joints: Array, side: str) -> Mask:
    hip, knee, ankle = (joints[:, JOINT[f"{side}_{name}"]] for name in ("hip", "knee", "ankle"))
    return _cosine(knee - hip, ankle - knee) > _STRAIGHT_KNEE


def _middle(joints: Array, name: str) -> Array:
    if name in JOINT:
        return joints[:, JOINT[name]]
    return 0.5 * (joints[:, JOINT[f"left_{name}"]] + joints[:, JOINT[f"right_{name}"]])


def _cosine(a: Array, b: Array) -> Array:
    return np.sum(normalised(a) * normalised(b), axis=-1)
