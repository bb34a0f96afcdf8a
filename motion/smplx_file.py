"""A user's own SMPL-X model file (SMPLX_NEUTRAL.npz and the like), read without the smplx package.

The file is licensed for non-commercial research and never shipped; the formulas are those of Pavlakos et al. 2019:
vertices = template + shape directions . betas, joints = regressor . vertices.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Mapping

import numpy as np

from .arrays import Array
from .body import BodyModel
from .refusal import Refusal
from .skeleton import JOINT_COUNT, PARENTS

SHAPE_COUNT = 10              # betas used; files carry 10 to 300 before the expression
_KEPT_WEIGHTS = 8             # joints a vertex; what is left out is under a hundredth
_GREY = 190.0
_ROOT_PARENT = 2**32 - 1


def read_smplx(path: Path, open_body: BodyModel) -> BodyModel:
    """The bodies of an SMPL-X file. Landmark and sole points are carried over from `open_body`, joint by joint.

    Raises Refusal when the file is not an SMPL-X model.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            return _model(archive, open_body)
    except FileNotFoundError as error:
        raise Refusal("no-such-file", f"There is no SMPL-X file {path}.", "Choose it again in the preferences.") from error
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise Refusal("bad-smplx-file", f"{path.name} is not an SMPL-X model ({error}).",
                      "Choose SMPLX_NEUTRAL.npz, SMPLX_MALE.npz or SMPLX_FEMALE.npz.") from error  # fmt: skip


def _model(archive: Mapping[str, Array], open_body: BodyModel) -> BodyModel:
    vertices = _array(archive, "v_template", 2, 3)
    directions = _array(archive, "shapedirs", 3)[:, :, :SHAPE_COUNT].transpose(2, 0, 1)
    regressor = _array(archive, "J_regressor", 2)
    faces = _array(archive, "f", 2, 3).astype(np.int64)
    weights = _array(archive, "weights", 2, JOINT_COUNT)
    parents = _array(archive, "kintree_table", 2)[0].astype(np.int64)
    parents[parents == _ROOT_PARENT] = -1
    if regressor.shape != (JOINT_COUNT, len(vertices)) or len(weights) != len(vertices) or tuple(parents) != PARENTS:
        raise ValueError("it has another skeleton")
    if faces.min(initial=0) < 0 or faces.max(initial=0) >= len(vertices):
        raise ValueError("its faces name vertices that do not exist")
    joints = regressor @ vertices
    joint_shapes = np.einsum("jv,svi->sji", regressor, directions)
    kept = np.argsort(-weights, axis=1)[:, :_KEPT_WEIGHTS]
    amounts = np.take_along_axis(weights, kept, axis=1)
    moved = open_body.point_joints
    return BodyModel(
        name="smplx", vertices=vertices, vertex_shapes=directions, faces=faces, weight_joints=kept,
        weights=amounts / amounts.sum(axis=1, keepdims=True), joints=joints, joint_shapes=joint_shapes,
        shape_names=tuple(f"beta_{i}" for i in range(len(directions))),
        points=joints[moved] + open_body.points - open_body.joints[moved],
        point_shapes=joint_shapes[:, moved], point_joints=moved, point_names=open_body.point_names,
        colours=np.full((len(vertices), 3), _GREY), preview_vertices=np.arange(len(vertices)), preview_faces=faces,
    )  # fmt: skip


def fitted_betas(model: BodyModel, rest_joints: Array, stiffness: float = 1e-4) -> Array:
    """Betas [S] whose bones come nearest to those of rest_joints [55, 3] m (ridge regression on bone vectors)."""
    parents = np.maximum(np.array(PARENTS), 0)

    def bones(joints: Array) -> Array:
        return (joints - joints[..., parents, :]).reshape(joints.shape[:-2] + (-1,))

    directions = bones(model.joint_shapes)
    normal = directions @ directions.T + stiffness * np.eye(len(directions))
    return np.linalg.solve(normal, directions @ (bones(rest_joints) - bones(model.joints)))


def _array(archive: Mapping[str, Array], name: str, dimensions: int, last: int | None = None) -> Array:
    array = archive[name]
    if array.dtype.kind not in "fiu" or array.ndim != dimensions or (last is not None and array.shape[-1] != last):
        raise ValueError(f"{name} is not what an SMPL-X model holds")
    return array.astype(np.float64) if array.dtype.kind == "f" else array.astype(np.int64)
