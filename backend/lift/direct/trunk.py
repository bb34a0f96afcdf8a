"""Pelvis, spine and chest from hips and shoulders; neck and head from the face."""

from __future__ import annotations

import numpy as np

from backend.lift.direct.chain import direction_between, direction_to, place
from backend.lift.direct.evidence import Evidence
from backend.lift.direct.twist import aimed
from backend.lift.limits import between, limited
from motion.arrays import Array
from motion.body import Body
from motion.landmarks import LANDMARK
from motion.rotations import matrix_from_axis_angle, nearest_rotation, normalised, smallest_rotation
from motion.skeleton import JOINT

_HIPS, _SHOULDERS = ("right_hip", "left_hip"), ("right_shoulder", "left_shoulder")
_EARS = ("right_ear", "left_ear")
_FACE = np.arange(11)   # nose, eyes, ears, mouth
_HEAD_TURN = np.deg2rad(85.0)
_CHEST_TURN = np.deg2rad(65.0)
# The detector's face has its nose higher before the ears than our body's: without this, all eight rendered people
# looked up, by 5 to 37 degrees (20.6 in the mean), whichever way they faced.
_DETECTOR_LOOKS_UP = np.deg2rad(20.0)
_NECK_TURN = np.deg2rad(50.0)


def trunk_orientations(evidence: Evidence, body: Body, depth: Array) -> dict[str, Array]:
    """R_camera_from_joint [S, 3, 3] of pelvis, spine, neck and head; `depth` [S] m is the hips' distance."""
    at_rest = {name: body.points[LANDMARK[name]] for name in (*_HIPS, *_SHOULDERS)}
    hips = at_rest["left_hip"] - at_rest["right_hip"]
    shoulders = at_rest["left_shoulder"] - at_rest["right_shoulder"]
    up = _middle(at_rest, _SHOULDERS) - _middle(at_rest, _HIPS)
    up_seen = direction_between(evidence, depth, _HIPS, _SHOULDERS, _length(up))
    hips_seen = direction_between(evidence, depth, _HIPS[:1], _HIPS[1:], _length(hips))
    shoulders_seen = direction_between(evidence, depth, _SHOULDERS[:1], _SHOULDERS[1:], _length(shoulders))
    # The hip landmarks are a hand's breadth apart: their line tells the turn well, the tilt only half.
    pelvis = between(aimed(up_seen, hips_seen, up, hips), aimed(hips_seen, up_seen, hips, up), 0.5)
    chest = limited(pelvis, aimed(up_seen, shoulders_seen, up, shoulders), _CHEST_TURN)
    head = limited(chest, _head(evidence, body), _HEAD_TURN)
    return {
        "pelvis": pelvis,
        "spine1": between(pelvis, chest, 1 / 3),
        "spine2": between(pelvis, chest, 2 / 3),
        "spine3": chest,
        "neck": between(chest, head, 0.5),
        **{name: head for name in ("head", "jaw", "left_eye", "right_eye")},
    }


def _head(evidence: Evidence, body: Body) -> Array:
    """The rotation that takes the face's points at rest nearest to the detector's (Kabsch)."""
    rest = body.points[_FACE] - body.points[_FACE].mean(axis=0)
    face = evidence.landmarks_camera[:, _FACE]
    face = face - face.mean(axis=1, keepdims=True)
    nod = matrix_from_axis_angle(np.array([_DETECTOR_LOOKS_UP, 0.0, 0.0]))
    return nearest_rotation(np.einsum("sli,lj->sij", face, rest)) @ nod


def pose_neck(R: Array, root: Array, evidence: Evidence, body: Body) -> None:
    """Turn the neck in R_camera_from_joint [S, 55, 3, 3] so that the head comes to where the ears are seen."""
    start = place(R, root, body.skeleton, "neck")
    ears = body.points[[LANDMARK[name] for name in _EARS]].mean(axis=0) - body.skeleton.rest_joints[JOINT["neck"]]
    chest = R[:, JOINT["spine3"]]
    resting = chest @ ears
    believed = evidence.middle(_EARS) - evidence.middle(_SHOULDERS)
    believed = np.linalg.norm(ears) * normalised(normalised(believed) + normalised(resting))
    seen = direction_to(evidence, start, _EARS, believed)
    R[:, JOINT["neck"]] = limited(chest, smallest_rotation(resting, seen) @ chest, _NECK_TURN)


def mid_hip_offset(body: Body) -> Array:
    """From the pelvis joint to the middle of the hip landmarks at rest, [3] m."""
    hips = [LANDMARK[name] for name in _HIPS]
    return body.points[hips].mean(axis=0) - body.skeleton.rest_joints[JOINT["pelvis"]]


def _middle(points: dict[str, Array], names: tuple[str, ...]) -> Array:
    return np.mean([points[name] for name in names], axis=0)


def _length(v: Array) -> float:
    return float(np.linalg.norm(v))
