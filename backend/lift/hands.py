"""Forearm roll and hands: from the hand's own landmarks where they were seen, else from the body's knuckles."""

from __future__ import annotations

import numpy as np

from backend.lift.evidence import Evidence
from backend.lift.limits import between, limited, swing_and_twist
from backend.lift.twist import aimed
from motion.arrays import Array
from motion.body import Body
from motion.landmarks import LANDMARK
from motion.rotations import matrix_from_axis_angle, normalised
from motion.skeleton import JOINT

_WRIST, _INDEX_KNUCKLE, _PINKY_KNUCKLE = 0, 5, 17   # of MediaPipe's 21 hand landmarks
_WRIST_SWING = np.deg2rad(75.0)
_FOREARM_TWIST = np.deg2rad(95.0)
_SURE_SCORE = 0.5
# Pronation happens along the whole forearm: half of it on the elbow's joint keeps the skin from wringing.
_TWIST_IN_FOREARM = 0.5


def forearm_and_hand(evidence: Evidence, body: Body, side: str, hinge: Array) -> tuple[Array, Array]:
    """R_camera_from_joint [S, 3, 3] of elbow and wrist; `hinge` is the forearm bent at the elbow, not rolled."""
    rest_forearm = normalised(body.skeleton.offsets[JOINT[f"{side}_wrist"]])
    seen = _seen_hand(evidence, body, side)
    # A hand that is hardly seen follows the forearm.
    surety = np.clip(evidence.scores[:, LANDMARK[f"{side}_index"]] / _SURE_SCORE, 0.0, 1.0)
    swing, twist = swing_and_twist(np.swapaxes(hinge, -1, -2) @ seen, rest_forearm)
    twist = surety * np.clip(twist, -_FOREARM_TWIST, _FOREARM_TWIST)
    swing = limited(np.eye(3), between(np.eye(3), swing, surety), _WRIST_SWING)
    forearm = hinge @ matrix_from_axis_angle(_TWIST_IN_FOREARM * twist[:, None] * rest_forearm)
    hand = hinge @ swing @ matrix_from_axis_angle(twist[:, None] * rest_forearm)
    return forearm, hand


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
