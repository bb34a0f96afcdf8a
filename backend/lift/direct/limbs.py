"""Arms and legs: two bones each, their twist from the plane in which they bend."""

from __future__ import annotations

import numpy as np

from backend.lift.direct.chain import direction_between, direction_to, place
from backend.lift.direct.evidence import Evidence
from backend.lift.direct.hands import forearm_and_hand
from backend.lift.direct.steady import steady_axis, steady_rotation
from backend.lift.direct.twist import aimed, bend_axis, square_to
from backend.lift.limits import limited
from motion.arrays import Array
from motion.body import Body
from motion.landmarks import LANDMARK
from motion.rotations import matrix_from_axis_angle, normalised, smallest_rotation
from motion.skeleton import JOINT, JOINT_NAMES

_COLLAR_TURN = np.deg2rad(35.0)
_ANKLE_TURN = np.deg2rad(65.0)
# How much is believed of an axis that does not come from the bend, beside sin^2 of the bend itself.
_UNTWISTED_WEIGHT = 0.04
_FOOT_WEIGHT = 0.15
_ANKLE_REST_WEIGHT = 0.1
_SHOWN_SMOOTHING_S = 0.2
# Arms hang down and a little forwards when nothing turns them: from there "no twist" is well defined for all that an
# arm can reach, since the one direction where it is not lies up and behind the head.
_HANGING_DEG = {"left": (0.0, -30.0, -55.0), "right": (0.0, 30.0, 55.0)}


def pose_arm(R: Array, root: Array, evidence: Evidence, body: Body, side: str) -> None:
    """Fill in R_camera_from_joint [S, 55, 3, 3] from the collar to the hand; the trunk must stand in it."""
    skeleton, offsets = body.skeleton, body.skeleton.offsets
    collar, shoulder, elbow, wrist = (JOINT[f"{side}_{n}"] for n in ("collar", "shoulder", "elbow", "wrist"))
    R[:, collar] = _collar(R, root, evidence, body, side)
    start = place(R, root, skeleton, f"{side}_shoulder")
    upper = _bone(evidence, start, f"{side}_shoulder", f"{side}_elbow", offsets[elbow])
    start = start + upper * np.linalg.norm(offsets[elbow])
    lower = _bone(evidence, start, f"{side}_elbow", f"{side}_wrist", offsets[wrist])
    # At rest, palms down, elbows bend forwards: about -Y on the left, +Y on the right.
    rest_axis = np.array([0.0, -1.0 if side == "left" else 1.0, 0.0])
    hanging = matrix_from_axis_angle(np.deg2rad(np.array(_HANGING_DEG[side])))
    untwisted = _untwisted(R[:, collar] @ hanging, offsets[elbow], rest_axis, upper)
    by_itself = (untwisted, _same(upper, _UNTWISTED_WEIGHT))
    axis = steady_axis(evidence, upper, untwisted, bend_axis(upper, lower), by_itself)
    R[:, shoulder] = aimed(upper, axis, offsets[elbow], rest_axis)
    R[:, elbow], R[:, wrist] = forearm_and_hand(evidence, body, side, _bent(R[:, shoulder], offsets[wrist], lower))
    R[:, _finger_joints(side)] = R[:, wrist, None]


def pose_leg(R: Array, root: Array, evidence: Evidence, body: Body, side: str) -> None:
    """Fill in R_camera_from_joint [S, 55, 3, 3] from the hip to the toes; the pelvis must stand in it."""
    skeleton, offsets = body.skeleton, body.skeleton.offsets
    hip, knee, ankle, foot = (JOINT[f"{side}_{n}"] for n in ("hip", "knee", "ankle", "foot"))
    start = place(R, root, skeleton, f"{side}_hip")
    shown = _shown(evidence, side)
    upper = _bone(evidence, start, f"{side}_hip", f"{side}_knee", offsets[knee])
    upper = _or_straight(upper, R[:, 0] @ offsets[knee], shown)
    start = start + upper * np.linalg.norm(offsets[knee])
    lower = _bone(evidence, start, f"{side}_knee", f"{side}_ankle", offsets[ankle])
    lower = _or_straight(lower, R[:, 0] @ offsets[ankle], shown)
    rest_axis = np.array([1.0, 0.0, 0.0])   # knees bend backwards about +X on both sides
    sole = _sole(evidence, start, body, side)
    untwisted = _untwisted(R[:, 0], offsets[knee], rest_axis, upper)
    of_foot = (np.cross(-lower, sole), _same(upper, _FOOT_WEIGHT))
    others = steady_axis(evidence, upper, untwisted, of_foot, (untwisted, _same(upper, _UNTWISTED_WEIGHT)))
    axis, certainty = bend_axis(upper, lower)
    upper, lower = _not_overstretched(upper, lower, axis, others, offsets[knee], offsets[ankle])
    known = certainty * np.maximum(0.0, np.sum(axis * others, axis=-1))
    by_others = (others, _same(upper, _FOOT_WEIGHT))
    axis = steady_axis(evidence, upper, square_to(untwisted, upper), (axis, known), by_others)
    R[:, hip] = aimed(upper, axis, offsets[knee], rest_axis)
    R[:, knee] = _bent(R[:, hip], offsets[ankle], lower)
    R[:, ankle] = _ankle(evidence, body, side, R[:, knee], sole, lower)
    R[:, foot] = R[:, ankle]


def _bent(R_upper: Array, rest_direction: Array, lower: Array) -> Array:
    """The next bone, bent without twist out of the one before until it points along `lower` [S, 3]."""
    return smallest_rotation(R_upper @ rest_direction, lower) @ R_upper


def _shown(evidence: Evidence, side: str) -> Array:
    """0..1 [S]: whether the leg is in the picture; a knee outside of it leaves nothing to go by."""
    knee, ankle = LANDMARK[f"{side}_knee"], LANDMARK[f"{side}_ankle"]
    return evidence.smoothed(evidence.inside[:, [knee, knee, ankle]].mean(axis=1), _SHOWN_SMOOTHING_S)


def _or_straight(direction: Array, straight: Array, shown: Array) -> Array:
    """A leg that the picture does not show hangs straight from the pelvis, rather than bent as the detector guesses."""
    return normalised(shown[:, None] * direction + (1.0 - shown[:, None]) * normalised(straight))


def _ankle(evidence: Evidence, body: Body, side: str, R_knee: Array, sole: Array, lower: Array) -> Array:
    """The foot points along the sole, its upper side towards the knee."""
    rest_sole = body.points[LANDMARK[f"{side}_foot_index"]] - body.points[LANDMARK[f"{side}_heel"]]
    seen = aimed(sole, -lower, rest_sole, np.array([0.0, 1.0, 0.0]))
    # A sole in line with the shin leaves open which way the foot is turned about both.
    certainty = 1.0 - np.sum(sole * lower, axis=-1) ** 2
    R_knee_from_foot = steady_rotation(evidence, np.swapaxes(R_knee, -1, -2) @ seen, certainty, _ANKLE_REST_WEIGHT)
    return R_knee @ limited(np.eye(3), R_knee_from_foot, _ANKLE_TURN)


def _same(like: Array, weight: float) -> Array:
    return np.full(len(like), weight)


def _finger_joints(side: str) -> list[int]:
    return [joint for joint, name in enumerate(JOINT_NAMES) if name.startswith(side) and name[-1].isdigit()]


def _bone(evidence: Evidence, start: Array, start_name: str, end_name: str, offset: Array) -> Array:
    believed = np.linalg.norm(offset) * normalised(evidence.at(end_name) - evidence.at(start_name))
    return direction_to(evidence, start, (end_name,), believed)


def _collar(R: Array, root: Array, evidence: Evidence, body: Body, side: str) -> Array:
    """The chest's orientation, turned so that the shoulder comes to where it is seen."""
    chest = R[:, JOINT["spine3"]]
    start = place(R, root, body.skeleton, f"{side}_collar")
    resting = chest @ body.skeleton.offsets[JOINT[f"{side}_shoulder"]]
    seen = direction_to(evidence, start, (f"{side}_shoulder",), resting)
    return limited(chest, smallest_rotation(resting, seen) @ chest, _COLLAR_TURN)


def _untwisted(R_parent: Array, rest_direction: Array, rest_axis: Array, direction: Array) -> Array:
    """Where rest_axis [3] goes when the parent's frame is swung until rest_direction meets direction."""
    swing = smallest_rotation(R_parent @ rest_direction, direction)
    return square_to((swing @ R_parent) @ rest_axis, direction)


def _sole(evidence: Evidence, ankle_near: Array, body: Body, side: str) -> Array:
    """Direction [S, 3] from heel to toe tip."""
    heel, toe = f"{side}_heel", f"{side}_foot_index"
    length = float(np.linalg.norm(body.points[LANDMARK[toe]] - body.points[LANDMARK[heel]]))
    return direction_between(evidence, ankle_near[:, 2], (heel,), (toe,), length)


def _not_overstretched(
    upper: Array, lower: Array, axis: Array, reference: Array, thigh: Array, shank: Array
) -> tuple[Array, Array]:
    """Legs that bend the wrong way, which only wrong depths make, straightened along hip to ankle."""
    wrong = np.sum(axis * reference, axis=-1) < 0.0
    straight = normalised(upper * np.linalg.norm(thigh) + lower * np.linalg.norm(shank))
    return np.where(wrong[:, None], straight, upper), np.where(wrong[:, None], straight, lower)
