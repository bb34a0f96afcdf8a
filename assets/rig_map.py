"""How MakeHuman's bones become the 55 joints of SMPL-X, and where the tracked points sit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from assets.makehuman_files import Floats
from motion.landmarks import LANDMARK_NAMES
from motion.skeleton import JOINT, JOINT_COUNT

SIDES = {"left": "L", "right": "R"}
FINGERS = {"thumb": 1, "index": 2, "middle": 3, "ring": 4, "pinky": 5}
SOLE_NAMES = tuple(f"{side}_{part}_sole" for side in SIDES for part in ("heel", "ball", "toe"))
POINT_NAMES = (*LANDMARK_NAMES, *SOLE_NAMES)

_TRUNK_SHARES = {
    "root": {"pelvis": 1.0}, "spine05": {"pelvis": 1.0}, "spine04": {"pelvis": 0.6, "spine1": 0.4},
    "spine03": {"spine1": 1.0}, "spine02": {"spine1": 0.35, "spine2": 0.65}, "spine01": {"spine3": 1.0},
    "neck01": {"spine3": 0.5, "neck": 0.5}, "neck02": {"neck": 1.0}, "neck03": {"neck": 0.8, "head": 0.2},
    "head": {"head": 1.0}, "jaw": {"jaw": 1.0},
}  # fmt: skip
_LIMB_JOINTS = {
    "pelvis": "pelvis", "breast": "spine3", "clavicle": "collar", "shoulder01": "collar", "upperarm01": "shoulder",
    "upperarm02": "shoulder", "lowerarm01": "elbow", "lowerarm02": "elbow", "wrist": "wrist", "metacarpal": "wrist",
    "upperleg01": "hip", "upperleg02": "hip", "lowerleg01": "knee", "lowerleg02": "knee", "foot": "ankle",
    "toe": "foot", "eye": "eye",
}  # fmt: skip


def joint_shares(bone: str) -> dict[int, float]:
    """The joints that take over a MakeHuman bone's weights, and their shares."""
    if bone in _TRUNK_SHARES:
        return {JOINT[name]: share for name, share in _TRUNK_SHARES[bone].items()}
    side = {"L": "left_", "R": "right_"}.get(bone.rpartition(".")[2], "")
    if bone.startswith("finger"):
        finger = next(name for name, number in FINGERS.items() if bone[6] == str(number))
        return {JOINT[f"{side}{finger}{bone[8]}"]: 1.0}
    part = next((part for part in _LIMB_JOINTS if bone.startswith(part)), "")
    name = _LIMB_JOINTS.get(part, "head")
    return {JOINT[name if name in JOINT else side + name]: 1.0}


def smplx_joints(heads: Mapping[str, Floats]) -> Floats:
    """The 55 joints [55, 3] m from the heads of MakeHuman's bones in the T-pose."""
    joints = np.zeros((JOINT_COUNT, 3))
    hips = 0.5 * (heads["upperleg01.L"] + heads["upperleg01.R"])
    middle = {
        "pelvis": _between(hips, heads["spine04"], 0.85), "spine1": _between(heads["spine03"], heads["spine02"], 0.35),
        "spine2": _between(heads["spine02"], heads["spine01"], 0.55), "spine3": heads["spine01"],
        "neck": heads["neck02"], "head": heads["head"], "jaw": heads["jaw"],
    }  # fmt: skip
    for name, place in middle.items():
        joints[JOINT[name]] = place * np.array([0.0, 1.0, 1.0])
    for side, letter in SIDES.items():
        for name, place in _side_joints(heads, letter).items():
            joints[JOINT[f"{side}_{name}"]] = place
    return joints


def _side_joints(heads: Mapping[str, Floats], letter: str) -> dict[str, Floats]:
    bones = {"hip": "upperleg01", "knee": "lowerleg01", "ankle": "foot", "shoulder": "upperarm01",
             "elbow": "lowerarm01", "wrist": "wrist", "eye": "eye"}  # fmt: skip
    joints = {name: heads[f"{bone}.{letter}"] for name, bone in bones.items()}
    joints["collar"] = _between(heads[f"clavicle.{letter}"], heads[f"shoulder01.{letter}"], 0.5)
    joints["foot"] = _between(heads[f"toe1-1.{letter}"], heads[f"toe4-1.{letter}"], 0.5)
    for finger, number in FINGERS.items():
        joints |= {f"{finger}{i}": heads[f"finger{number}-{i}.{letter}"] for i in (1, 2, 3)}
    return joints


def _between(start: Floats, end: Floats, share: float) -> Floats:
    return start + share * (end - start)


# The base mesh's vertices on the left half that carry a tracked point, and the joint each point rides on.
_NOSE_VERTEX = 5054
_SKIN_VERTICES = {
    "eye_inner": (6886, "head"), "eye": (14643, "head"), "eye_outer": (11472, "head"), "ear": (12258, "head"),
    "mouth": (10403, "head"), "heel": (16761, "ankle"), "foot_index": (16854, "foot"),
    "heel_sole": (16753, "ankle"), "ball_sole": (16803, "ankle"), "toe_sole": (16777, "foot"),
}  # fmt: skip
_JOINT_POINTS = {
    "shoulder": ("shoulder", "shoulder"), "elbow": ("elbow", "elbow"), "wrist": ("wrist", "wrist"),
    "hip": ("hip", "hip"), "knee": ("knee", "knee"), "ankle": ("ankle", "ankle"), "pinky": ("pinky1", "wrist"),
    "index": ("index1", "wrist"), "thumb": ("thumb2", "thumb1"),
}  # fmt: skip


def anatomical_points(vertices: Floats, joints: Floats, mirror: Mapping[int, int]) -> Floats:
    """Where POINT_NAMES lie in the body, [39, 3] m, for a whole base mesh in the T-pose and its joints [55, 3].

    Anatomical places, not those where the detector's marks lie in the mean: moving the points there by up to 45 mm, as
    measured on renders of this body, left the lifted pose as it was (78.2 for 78.5 mm) and the body further from the
    landmarks in the picture (3.7 for 3.1 px of 348).
    """
    return np.array([_point(name, vertices, joints, mirror) for name in POINT_NAMES])


def point_joints() -> NDArray[np.uint8]:
    """The joint on which each of POINT_NAMES rides, [39]."""
    return np.array([_rides_on(name) for name in POINT_NAMES], dtype=np.uint8)


def _split(name: str) -> tuple[str, str]:
    """The side and the part that a point's name says; MediaPipe writes the mouth's side last."""
    if name.startswith("mouth_"):
        return name.removeprefix("mouth_"), "mouth"
    side, _, part = name.partition("_")
    return side, part


def _point(name: str, vertices: Floats, joints: Floats, mirror: Mapping[int, int]) -> Floats:
    if name == "nose":
        return vertices[_NOSE_VERTEX]
    side, part = _split(name)
    if part in _JOINT_POINTS:
        return joints[JOINT[f"{side}_{_JOINT_POINTS[part][0]}"]]
    vertex = _SKIN_VERTICES[part][0]
    return vertices[vertex if side == "left" else mirror[vertex]]


def _rides_on(name: str) -> int:
    side, part = _split(name)
    joint = "head" if name == "nose" else (_JOINT_POINTS.get(part) or _SKIN_VERTICES[part])[1]
    return JOINT[joint if joint == "head" else f"{side}_{joint}"]
