"""Forearm roll and hands: from the hand's own landmarks where they were seen, else from the body's knuckles."""

from __future__ import annotations

import numpy as np

from backend.lift.direct.evidence import Evidence
from backend.lift.direct.steady import steady_rotation
from backend.lift.direct.twist import aimed
from backend.lift.limits import limited, swing_and_twist
from motion.arrays import Array
from motion.body import Body
from motion.landmarks import LANDMARK
from motion.rotations import matrix_from_axis_angle, normalised
from motion.skeleton import JOINT

_WRIST, _INDEX_KNUCKLE, _PINKY_KNUCKLE = 0, 5, 17   # of MediaPipe's 21 hand landmarks
_WRIST_SWING = np.deg2rad(75.0)
_FOREARM_TWIST = np.deg2rad(95.0)
_SURE_SCORE = 0.5
_IMPOSSIBLE_TWIST = np.deg2rad(115.0)
_STRAIGHT_WRIST_WEIGHT = 0.35
# Pronation happens along the whole forearm: half of it on the elbow's joint keeps the skin from wringing.
_TWIST_IN_FOREARM = 0.5


def forearm_and_hand(evidence: Evidence, body: Body, side: str, hinge: Array) -> tuple[Array, Array]:
    """R_camera_from_joint [S, 3, 3] of elbow and wrist; `hinge` is the forearm bent at the elbow, not rolled."""
    rest_forearm = normalised(body.skeleton.offsets[JOINT[f"{side}_wrist"]])
    swing, twist = swing_and_twist(_steady_hand(evidence, body, side, hinge, rest_forearm), rest_forearm)
    twist = np.clip(twist, -_FOREARM_TWIST, _FOREARM_TWIST)
    swing = limited(np.eye(3), swing, _WRIST_SWING)
    forearm = hinge @ matrix_from_axis_angle(_TWIST_IN_FOREARM * twist[:, None] * rest_forearm)
    hand = hinge @ swing @ matrix_from_axis_angle(twist[:, None] * rest_forearm)
    return forearm, hand


def _steady_hand(evidence: Evidence, body: Body, side: str, hinge: Array, rest_forearm: Array) -> Array:
    """R_forearm_from_hand [S, 3, 3]: what is seen where a wrist can do it, and a straight wrist the less that is so."""
    R_forearm_from_hand = np.swapaxes(hinge, -1, -2) @ _seen_hand(evidence, body, side)
    _, twist = swing_and_twist(R_forearm_from_hand, rest_forearm)
    # Three small landmarks often show the palm's back for its front.
    possible = np.abs(twist) < _IMPOSSIBLE_TWIST
    surety = np.clip(evidence.scores[:, LANDMARK[f"{side}_index"]] / _SURE_SCORE, 0.0, 1.0)
    return steady_rotation(evidence, R_forearm_from_hand, possible * surety, _STRAIGHT_WRIST_WEIGHT)


def _seen_hand(evidence: Evidence, body: Body, side: str) -> Array:
    """R_camera_from_hand [S, 3, 3] from the palm's triangle wrist, index knuckle, little finger's knuckle."""
    names = (f"{side}_wrist", f"{side}_index", f"{side}_pinky")
    rest = np.array([body.points[LANDMARK[name]] for name in names])
    palm = np.stack([evidence.at(name) for name in names], axis=1)
    number = 0 if side == "left" else 1
    own = evidence.hands_camera[:, number][:, [_WRIST, _INDEX_KNUCKLE, _PINKY_KNUCKLE]]
    seen = np.isfinite(own).all(axis=(1, 2))
    palm[seen] = own[seen]
    return aimed(*_palm_axes(palm), *_palm_axes(rest))


def _palm_axes(triangle: Array) -> tuple[Array, Array]:
    """Along the hand and across it, [..., 3] each, of triangles [..., 3, 3]: wrist, index, little finger."""
    wrist, index, pinky = np.moveaxis(triangle, -2, 0)
    return 0.5 * (index + pinky) - wrist, index - pinky
