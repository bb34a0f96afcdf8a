"""Our skinning against the smplx package, on a made-up model of SMPL-X's size.

The package is licensed for research only, so the project neither needs nor ships it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backend.body.skinning import posed_vertices
from motion.body import Body, BodyModel
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT_COUNT, PARENTS
from tests.box_body import rest_joints

smplx = pytest.importorskip("smplx", reason="smplx, whose licence is for research only, is not installed")

VERTEX_COUNT = 10475  # the package has face and foot vertices of this mesh wired in
MOVED_COUNT = 400     # the others stay at zero, which keeps the file small


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(8)


def test_the_smplx_package_agrees(tmp_path: Path, rng: np.random.Generator):
    vertices, weights = made_up_mesh(rng)
    write_model(tmp_path / "SMPLX_NEUTRAL.npz", vertices, weights)
    axis_angle = rng.normal(0, 0.5, (3, JOINT_COUNT, 3))
    trans = rng.normal(0, 1.0, (3, 3))
    body = body_of(vertices, weights)
    ours = posed_vertices(body, matrix_from_axis_angle(axis_angle), body.skeleton.rest_joints[0] + trans)
    np.testing.assert_allclose(ours, theirs(tmp_path, axis_angle, trans), atol=1e-5)


def made_up_mesh(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The first 55 vertices are the joints, the next ones lie around them and follow four joints each."""
    vertices, weights = np.zeros((VERTEX_COUNT, 3)), np.zeros((VERTEX_COUNT, JOINT_COUNT))
    weights[:, 0] = 1.0
    moved = slice(0, MOVED_COUNT)
    vertices[moved] = rng.normal(0, 0.4, (MOVED_COUNT, 3))
    vertices[:JOINT_COUNT] = rest_joints()
    weights[moved] = rng.dirichlet(np.full(JOINT_COUNT, 0.05), size=MOVED_COUNT)
    return vertices, weights


def write_model(path: Path, vertices: np.ndarray, weights: np.ndarray) -> None:
    parents = np.array(PARENTS, dtype=np.int64)
    parents[0] = 2**32 - 1
    hands = {f"hands_{kind}{side}": np.zeros(shape) for kind, shape in (("components", (45, 45)), ("mean", 45))
             for side in "lr"}  # fmt: skip
    np.savez_compressed(
        path, v_template=vertices, weights=weights, f=np.zeros((4, 3), dtype=np.uint32),
        shapedirs=np.zeros((VERTEX_COUNT, 3, 20)), posedirs=np.zeros((VERTEX_COUNT, 3, 486)),
        J_regressor=np.eye(JOINT_COUNT, VERTEX_COUNT), kintree_table=np.stack([parents, np.arange(JOINT_COUNT)]),
        lmk_faces_idx=np.zeros(51, dtype=np.int64), lmk_bary_coords=np.zeros((51, 3)),
        dynamic_lmk_faces_idx=np.zeros((79, 17), dtype=np.int64), dynamic_lmk_bary_coords=np.zeros((79, 17, 3)),
        **hands,
    )  # fmt: skip


def body_of(vertices: np.ndarray, weights: np.ndarray) -> Body:
    none = np.zeros((0, 3))
    model = BodyModel(
        name="smplx", vertices=vertices, vertex_shapes=np.zeros((0, VERTEX_COUNT, 3)), faces=np.zeros((0, 3), int),
        weight_joints=np.tile(np.arange(JOINT_COUNT), (VERTEX_COUNT, 1)), weights=weights, joints=rest_joints(),
        joint_shapes=np.zeros((0, JOINT_COUNT, 3)), shape_names=(), points=none, point_shapes=np.zeros((0, 0, 3)),
        point_joints=np.zeros(0, int), point_names=(), colours=np.zeros((VERTEX_COUNT, 3)),
        preview_vertices=np.arange(VERTEX_COUNT), preview_faces=np.zeros((0, 3), int),
    )  # fmt: skip
    return model.shaped(np.zeros(0))


def theirs(folder: Path, axis_angle: np.ndarray, trans: np.ndarray) -> np.ndarray:
    import torch

    model = smplx.SMPLX(str(folder), ext="npz", use_pca=False, flat_hand_mean=True, num_betas=10, batch_size=3)
    pose = torch.from_numpy(axis_angle.astype(np.float32)).flatten(1)
    names = {"global_orient": (0, 1), "body_pose": (1, 22), "jaw_pose": (22, 23), "leye_pose": (23, 24),
             "reye_pose": (24, 25), "left_hand_pose": (25, 40), "right_hand_pose": (40, 55)}  # fmt: skip
    parts = {name: pose[:, 3 * first : 3 * last] for name, (first, last) in names.items()}
    return model(**parts, transl=torch.from_numpy(trans.astype(np.float32))).vertices.detach().numpy()
