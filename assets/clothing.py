"""Colours the open body: skin, short hair, T-shirt, long trousers, shoes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assets.makehuman_files import Floats, MakeHumanFiles
from motion.landmarks import LANDMARK
from motion.skeleton import JOINT

COLOURS = {
    "skin": (199, 148, 122), "lips": (170, 102, 94), "hair": (46, 34, 28), "white": (235, 232, 228),
    "iris": (58, 42, 34), "shirt": (176, 58, 52), "trousers": (52, 66, 98), "shoes": (38, 38, 42),
}  # fmt: skip
TRUNK = ("pelvis", "spine1", "spine2", "spine3", "left_collar", "right_collar")
LEGS = ("left_hip", "right_hip", "left_knee", "right_knee")
HEAD = ("head", "jaw", "left_eye", "right_eye")
EYE_GROUPS = ("helper-l-eye", "helper-r-eye")
CLOTH_GROUP = "helper-tights"
SLEEVE = 0.7  # of the upper arm
COLLAR_OF_SHOE_M = 0.012
TUCKED_IN_M = 0.03  # how far skin runs on under a cuff
EASE_M = 0.006
IRIS_WIDTH_M = 0.0063


def parts(vertices: Floats, joints: Floats, points: Floats, weights: Floats, files: MakeHumanFiles) -> NDArray[np.str_]:
    """What each vertex of the base mesh is, [V]: a name from COLOURS, "hidden" skin, or "bare" for no cloth."""
    part = np.full(len(vertices), "skin", dtype="<U8")
    owner = _strongest_group(weights)
    part[(owner == "head") & _scalp(vertices, points)] = "hair"
    _paint_face(part, vertices, points, owner)
    _paint_eyes(part, vertices, files)
    cloth = np.unique(files.base[1][CLOTH_GROUP])
    part[cloth] = _garment(vertices[cloth], joints, owner[cloth], 0.0)
    body = np.unique(files.base[1]["body"])
    part[body[_garment(vertices[body], joints, owner[body], TUCKED_IN_M) != "bare"]] = "hidden"
    return part


def _garment(vertices: Floats, joints: Floats, owner: NDArray[np.str_], inset_m: float) -> NDArray[np.str_]:
    """Which garment lies over each vertex, [N]; cuffs and neckline drawn in by `inset_m`."""
    waist, neckline = joints[JOINT["spine1"], 1] - 0.04, joints[JOINT["neck"], 1] - 0.015 - inset_m
    shoulder, elbow, ankle = (joints[JOINT[f"left_{name}"]] for name in ("shoulder", "elbow", "ankle"))
    sleeve_end = shoulder[0] + SLEEVE * (elbow[0] - shoulder[0]) - inset_m
    part = np.full(len(vertices), "bare", dtype="<U8")
    part[(np.abs(vertices[:, 0]) < sleeve_end) & (vertices[:, 1] < neckline)] = "shirt"
    part[np.isin(owner, ("leg", "foot", "trunk")) & (vertices[:, 1] < waist)] = "trousers"
    part[vertices[:, 1] < ankle[1] + COLLAR_OF_SHOE_M] = "shoes"
    return part


def inside_cloth(files: MakeHumanFiles, part: NDArray[np.str_]) -> NDArray[np.bool_]:
    """[V] true for shirt and trousers away from their open ends, which smoothing would draw in."""
    cloth = files.base[1][CLOTH_GROUP]
    inside = np.isin(part, ("shirt", "trousers"))
    inside[cloth[(part[cloth] == "bare").any(axis=1)]] = False
    return inside


def loosened(vertices: Floats, quads: NDArray[np.int64], part: NDArray[np.str_]) -> Floats:
    """The vertices with shirt and trousers lifted off the skin along the surface's normals."""
    corners = vertices[quads]
    quad_normals = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    normals = np.zeros_like(vertices)
    for corner in range(4):
        np.add.at(normals, quads[:, corner], quad_normals)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return vertices + np.isin(part, ("shirt", "trousers"))[:, None] * EASE_M * normals


def _strongest_group(weights: Floats) -> NDArray[np.str_]:
    """Which part of the body owns a vertex: trunk, leg, foot, head, arm or hand, [V]."""
    groups = {
        "trunk": TRUNK, "leg": LEGS, "head": (*HEAD, "neck"), "arm": ("left_shoulder", "right_shoulder"),
        "foot": ("left_ankle", "right_ankle", "left_foot", "right_foot"),
    }  # fmt: skip
    sums = np.stack([weights[:, [JOINT[name] for name in names]].sum(axis=1) for names in groups.values()], axis=1)
    rest = weights.sum(axis=1) - sums.sum(axis=1)
    return np.array([*groups, "hand"])[np.argmax(np.column_stack([sums, rest]), axis=1)]


def _scalp(vertices: Floats, points: Floats) -> NDArray[np.bool_]:
    """Above the hairline in front, behind the ears and above the nape."""
    eyes, ears = points[LANDMARK["left_eye"]], points[LANDMARK["left_ear"]]
    ahead = (vertices[:, 2] - ears[2]) / (eyes[2] - ears[2])
    hairline = eyes[1] + np.interp(ahead, [0.0, 0.35, 0.6, 1.0], [0.0, 0.03, 0.065, 0.075])
    nape = np.interp(ahead, [-1.2, -0.25], [eyes[1] - 0.075, eyes[1] - 0.03])
    beside_ear = np.abs(vertices[:, 0]) > ears[0] + 0.004
    front = (ahead >= -0.25) & (vertices[:, 1] > hairline) & ~(beside_ear & (vertices[:, 1] < eyes[1] + 0.03))
    return front | ((ahead < -0.25) & (vertices[:, 1] > nape) & ~beside_ear)


def _paint_face(part: NDArray[np.str_], vertices: Floats, points: Floats, owner: NDArray[np.str_]) -> None:
    """Lips and eyebrows, in place."""
    corner, nose, eye = (points[LANDMARK[name]] for name in ("mouth_left", "nose", "left_eye"))
    across = np.abs(vertices[:, 0])
    facing = (owner == "head") & (vertices[:, 2] > corner[2] - 0.004)
    bow = 0.0105 * np.sqrt(np.maximum(0.0, 1.0 - (across / corner[0]) ** 2))
    part[facing & (np.abs(vertices[:, 1] - corner[1] + 0.001) < bow)] = "lips"
    arch = eye[1] + 0.0175 + 0.006 * np.sin(np.pi * np.clip((across - 0.012) / 0.05, 0, 1))
    brow = (owner == "head") & (across > 0.012) & (across < 0.052) & (vertices[:, 2] > eye[2] - 0.03)
    part[brow & (np.abs(vertices[:, 1] - arch) < 0.0045)] = "hair"


def _paint_eyes(part: NDArray[np.str_], vertices: Floats, files: MakeHumanFiles) -> None:
    """White eyeballs with dark irises, in place."""
    for group in EYE_GROUPS:
        ball = np.unique(files.base[1][group])
        foremost = ball[np.argsort(vertices[ball, 2])[-1]]
        part[ball] = "white"
        part[ball[np.linalg.norm(vertices[ball] - vertices[foremost], axis=1) < IRIS_WIDTH_M]] = "iris"
