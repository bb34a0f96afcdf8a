"""A made-up SMPL-X model file, for tests: the real ones are licensed and never here."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from motion.arrays import Array
from motion.skeleton import JOINT, JOINT_COUNT, JOINT_NAMES, PARENTS
from tests.box_body import rest_joints

PACKAGE_VERTEX_COUNT = 10475   # the smplx package has face and foot vertices of this mesh wired in
SHAPE_COUNT = 10
_TOP, _SOLE = JOINT_COUNT, JOINT_COUNT + 1   # the vertices behind those that are the joints


def write_smplx_model(path: Path, vertex_count: int = 300, **changed: Array | None) -> Path:
    """A model whose first 55 vertices are its joints, crown and sole next, the others at the pelvis.

    The first beta makes all of it larger, the second the legs longer, the third the arms longer, the others do a
    little of everything. `changed` replaces arrays, None leaves one out.
    """
    vertices = np.tile(rest_joints()[0], (vertex_count, 1))
    vertices[:JOINT_COUNT] = rest_joints()
    vertices[_TOP] = vertices[JOINT["head"]] + [0.0, 0.19, 0.0]
    vertices[_SOLE] = [0.0, vertices[JOINT["left_foot"], 1] - 0.03, 0.0]
    weights = np.zeros((vertex_count, JOINT_COUNT))
    weights[:, 0] = 1.0
    weights[: JOINT_COUNT + 2] = np.eye(JOINT_COUNT)[[*range(JOINT_COUNT), JOINT["head"], JOINT["left_foot"]]]
    parents = np.array(PARENTS, dtype=np.int64)
    parents[0] = 2**32 - 1
    arrays = {
        "v_template": vertices, "weights": weights, "f": np.array([[0, 1, 2], [3, 2, 1]], dtype=np.uint32),
        "shapedirs": _shape_directions(vertices), "posedirs": np.zeros((vertex_count, 3, 486)),
        "J_regressor": np.eye(JOINT_COUNT, vertex_count),
        "kintree_table": np.stack([parents, np.arange(JOINT_COUNT)]).astype(np.uint32), **_face_and_hands(),
    }  # fmt: skip
    np.savez_compressed(path, **{name: each for name, each in (arrays | changed).items() if each is not None})
    return path


def _shape_directions(vertices: Array) -> Array:
    """[V, 3, 20]: ten of the shape, ten of an expression that moves nothing."""
    directions = np.zeros((len(vertices), 3, 2 * SHAPE_COUNT))
    directions[..., 0] = 0.04 * (vertices - vertices[0])
    directions[..., 1] = _stretched(vertices, ("knee", "ankle", "foot"), (0.0, -0.02, 0.0))
    directions[_SOLE, :, 1] = directions[JOINT["left_foot"], :, 1]
    directions[..., 2] = _stretched(vertices, ("elbow", "wrist", "1", "2", "3"), (0.015, 0.0, 0.0))
    rng = np.random.default_rng(11)
    directions[:JOINT_COUNT, :, 3:SHAPE_COUNT] = 0.002 * rng.normal(size=(JOINT_COUNT, 3, SHAPE_COUNT - 3))
    return directions


def _stretched(vertices: Array, words: tuple[str, ...], step: tuple[float, float, float]) -> Array:
    moved = np.zeros_like(vertices)
    for joint, name in enumerate(JOINT_NAMES):
        if name.startswith(("left", "right")) and name.endswith(words):
            moved[joint] = np.multiply(step, -1.0 if name.startswith("right") and step[0] else 1.0)
    return moved


def _face_and_hands() -> dict[str, Array]:
    """What the package asks for and our reader does not look at."""
    hands = {f"hands_{kind}{side}": np.zeros(shape) for kind, shape in (("components", (45, 45)), ("mean", 45))
             for side in "lr"}  # fmt: skip
    return {
        "lmk_faces_idx": np.zeros(51, dtype=np.int64), "lmk_bary_coords": np.zeros((51, 3)),
        "dynamic_lmk_faces_idx": np.zeros((79, 17), dtype=np.int64), "dynamic_lmk_bary_coords": np.zeros((79, 17, 3)),
        **hands,
    }  # fmt: skip
