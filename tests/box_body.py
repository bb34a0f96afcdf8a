"""A made-up person of boxes, one for each joint of the SMPL-X skeleton, for tests that need a body."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array, Indices
from motion.body import BodyModel
from motion.landmarks import LANDMARK_NAMES
from motion.skeleton import BODY_JOINT_COUNT, JOINT, JOINT_COUNT, JOINT_NAMES, PARENTS

PELVIS_HEIGHT = 0.93  # m above the soles, which lie on one plane at rest
SHAPE_NAMES = ("height", "girth")

_ORIGIN = np.array([0.01, -0.31, 0.02])  # of the pelvis at rest: not zero, as in SMPL-X

_FROM_PARENT: dict[str, tuple[float, float, float]] = {
    "left_hip": (0.09, -0.07, 0.0), "spine1": (0.0, 0.11, -0.01), "left_knee": (0.02, -0.40, 0.01),
    "spine2": (0.0, 0.13, 0.0), "left_ankle": (0.0, -0.38, -0.02), "spine3": (0.0, 0.06, 0.0),
    "left_foot": (0.02, -0.055, 0.12), "neck": (0.0, 0.19, -0.01), "left_collar": (0.05, 0.12, 0.0),
    "head": (0.0, 0.09, 0.02), "left_shoulder": (0.11, 0.03, 0.0), "left_elbow": (0.27, 0.0, -0.01),
    "left_wrist": (0.25, 0.0, 0.01), "jaw": (0.0, 0.01, 0.03), "left_eye": (0.03, 0.06, 0.07),
    "left_index1": (0.09, 0.0, 0.03), "left_middle1": (0.095, 0.0, 0.005), "left_ring1": (0.09, 0.0, -0.015),
    "left_pinky1": (0.08, 0.0, -0.035), "left_thumb1": (0.03, -0.01, 0.03),
    "left_thumb2": (0.025, 0.0, 0.025), "left_thumb3": (0.025, 0.0, 0.02),
}  # fmt: skip
_FINGER_BONE = (0.03, 0.0, 0.0)

_POINTS: dict[str, tuple[str, tuple[float, float, float]]] = {
    "nose": ("head", (0.0, 0.04, 0.11)), "left_eye_inner": ("head", (0.02, 0.06, 0.09)),
    "left_eye": ("head", (0.03, 0.06, 0.09)), "left_eye_outer": ("head", (0.04, 0.06, 0.08)),
    "left_ear": ("head", (0.07, 0.05, 0.0)), "mouth_left": ("head", (0.02, 0.0, 0.09)),
    "left_shoulder": ("left_shoulder", (0.0, 0.0, 0.0)), "left_elbow": ("left_elbow", (0.0, 0.0, 0.0)),
    "left_wrist": ("left_wrist", (0.0, 0.0, 0.0)), "left_pinky": ("left_pinky1", (0.0, 0.0, 0.0)),
    "left_index": ("left_index1", (0.0, 0.0, 0.0)), "left_thumb": ("left_thumb3", (0.0, 0.0, 0.0)),
    "left_hip": ("left_hip", (0.0, 0.0, 0.0)), "left_knee": ("left_knee", (0.0, 0.0, 0.0)),
    "left_ankle": ("left_ankle", (0.0, 0.0, 0.0)), "left_heel": ("left_ankle", (0.0, -0.05, -0.05)),
    "left_foot_index": ("left_foot", (0.0, 0.0, 0.06)), "left_heel_sole": ("left_ankle", (0.0, -0.08, -0.05)),
    "left_ball_sole": ("left_foot", (0.0, -0.025, 0.0)), "left_toe_sole": ("left_foot", (0.0, -0.025, 0.07)),
}  # fmt: skip
_SOLES = tuple(f"{side}_{part}_sole" for side in ("left", "right") for part in ("heel", "ball", "toe"))

_BOX_ENDS: dict[str, str | tuple[float, float, float]] = {
    "pelvis": "spine1", "spine3": "neck", "head": (0.0, 0.19, 0.02), "left_wrist": "left_middle1",
    "left_foot": (0.0, 0.0, 0.07), "jaw": (0.0, -0.02, 0.05), "left_eye": (0.0, 0.0, 0.02),
}  # fmt: skip
_HALF_WIDTHS: dict[str, tuple[float, float]] = {  # m, along and across the ground at rest where the bone is upright
    "pelvis": (0.15, 0.09), "spine1": (0.14, 0.09), "spine2": (0.15, 0.10), "spine3": (0.16, 0.10),
    "neck": (0.05, 0.05), "head": (0.08, 0.10), "left_hip": (0.075, 0.075), "left_knee": (0.05, 0.05),
    "left_ankle": (0.04, 0.025), "left_foot": (0.045, 0.025), "left_shoulder": (0.045, 0.045),
    "left_elbow": (0.035, 0.035), "left_wrist": (0.015, 0.04),
}  # fmt: skip
_THIN = (0.01, 0.01)

_CORNERS = np.array([(x, y, z) for z in (0, 1) for y in (-1, 1) for x in (-1, 1)], dtype=float)
_BOX_FACES = np.array(
    [(0, 2, 1), (1, 2, 3), (4, 5, 6), (5, 7, 6), (0, 1, 4), (1, 5, 4),
     (2, 6, 3), (3, 6, 7), (0, 4, 2), (2, 4, 6), (1, 3, 5), (3, 7, 5)]
)  # fmt: skip


def box_body_model() -> BodyModel:
    """The family of box people, 1.7 m tall, outward faces counter-clockwise; the light version has no fingers."""
    joints = rest_joints()
    boxes = [_box(joints, joint) for joint in range(JOINT_COUNT)]
    vertices = np.concatenate([corners for corners, _ in boxes])
    outwards = np.concatenate([out for _, out in boxes])
    point_names = (*LANDMARK_NAMES, *_SOLES)
    points, point_joints = _points(joints, point_names)
    light_boxes = BODY_JOINT_COUNT
    return BodyModel(
        name="open",
        vertices=vertices, vertex_shapes=np.stack([0.05 * vertices, outwards]),
        faces=_faces(JOINT_COUNT),
        weight_joints=np.repeat(np.arange(JOINT_COUNT), 8)[:, None], weights=np.ones((8 * JOINT_COUNT, 1)),
        joints=joints, joint_shapes=np.stack([0.05 * joints, 0.0 * joints]), shape_names=SHAPE_NAMES,
        points=points, point_shapes=np.stack([0.05 * points, 0.0 * points]),
        point_joints=point_joints, point_names=point_names,
        colours=np.full((len(vertices), 3), (205.0, 170.0, 140.0)),
        preview_vertices=np.arange(8 * light_boxes), preview_faces=_faces(light_boxes),
    )  # fmt: skip


def rest_joints() -> Array:
    """[55, 3] m: T-pose, Y up, facing +Z, left at +X."""
    joints = np.zeros((JOINT_COUNT, 3))
    joints[0] = _ORIGIN
    for joint in range(1, JOINT_COUNT):
        joints[joint] = joints[PARENTS[joint]] + _of_side(JOINT_NAMES[joint], _FROM_PARENT, _FINGER_BONE)
    return joints


def _of_side(name: str, table: dict[str, tuple], default: tuple) -> Array:
    """The vector of `name` in a table that only knows the left side."""
    vector = np.array(table.get(_left(name), default), dtype=float)
    return vector * (-1.0 if "right" in name else 1.0, 1.0, 1.0)


def _left(name: str) -> str:
    return name.replace("right", "left")


def _box(joints: Array, joint: int) -> tuple[Array, Array]:
    """The eight corners [8, 3] of a joint's box and the way outwards from its bone, 10 % of its width [8, 3]."""
    bone = _bone(joints, joint)
    along = bone / np.linalg.norm(bone)
    ahead = np.array([0.0, 0.0, 1.0]) if abs(along[1]) > 0.5 or abs(along[0]) > 0.5 else np.array([0.0, 1.0, 0.0])
    across = np.cross(ahead, along)
    across /= np.linalg.norm(across)
    width, depth = _HALF_WIDTHS.get(_left(JOINT_NAMES[joint]), _THIN)
    out = _CORNERS[:, :1] * width * across + _CORNERS[:, 1:2] * depth * np.cross(along, across)
    return joints[joint] + _CORNERS[:, 2:] * bone + out, 0.1 * out


def _bone(joints: Array, joint: int) -> Array:
    name = JOINT_NAMES[joint]
    end = _BOX_ENDS.get(_left(name))
    if isinstance(end, str):
        side = end.replace("left", "right") if "right" in name else end
        return joints[JOINT[side]] - joints[joint]
    if end is not None:
        return np.array(end)
    children = [child for child, parent in enumerate(PARENTS) if parent == joint]
    return joints[children[0]] - joints[joint] if children else joints[joint] - joints[PARENTS[joint]]


def _faces(boxes: int) -> Indices:
    return (_BOX_FACES[None] + 8 * np.arange(boxes)[:, None, None]).reshape(-1, 3)


def _points(joints: Array, names: tuple[str, ...]) -> tuple[Array, Indices]:
    places, riders = [], []
    for name in names:
        left_joint, _ = _POINTS[_left(name)]
        joint = JOINT[left_joint.replace("left", "right") if "right" in name else left_joint]
        offset = np.array(_POINTS[_left(name)][1]) * (-1.0 if "right" in name else 1.0, 1.0, 1.0)
        places.append(joints[joint] + offset)
        riders.append(joint)
    return np.array(places), np.array(riders)
