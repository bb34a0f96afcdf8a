"""A user's own SMPL-X model file (SMPLX_NEUTRAL.npz and the like), read without the smplx package.

The file is licensed for non-commercial research and never shipped; the formulas are those of Pavlakos et al. 2019:
vertices = template + shape directions . betas, joints = regressor . vertices.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .arrays import Array
from .body import BodyModel
from .open_archive import DAMAGED, TooMuch, announced, opened
from .refusal import Refusal
from .skeleton import JOINT_COUNT, PARENTS

SMPLX = "smplx"               # name of the family of bodies
SHAPE_COUNT = 10              # betas used; files carry 10 to 300 before the expression
LARGEST_BYTES = 4 * 2**30     # unpacked; SMPL-X files have about 0.3 GB
MOST_ROWS = 200_000           # of vertices, faces and shapes: SMPL-X has 10,475, 20,908 and 400
_KEPT_WEIGHTS = 8             # joints a vertex; what is left out is under a hundredth
_GREY = 190.0
_ROOT_PARENT = 2**32 - 1
_LARGEST = 1e12   # of all numbers in a model: products of what is larger are no numbers
_STIFFNESS = 1e-4             # m² a squared unit of beta: a beta that moves no bone by a centimetre stays near 0
_HEIGHT_WEIGHT = 10.0         # against one coordinate of one bone


def read_smplx(path: Path, open_body: BodyModel) -> BodyModel:
    """The bodies of an SMPL-X file. Landmark and sole points are carried over from `open_body`, joint by joint.

    Raises Refusal when the file is not an SMPL-X model.
    """
    try:
        with opened(path, LARGEST_BYTES) as archive:
            return _model(archive, open_body)
    except FileNotFoundError as error:
        raise Refusal("no-such-file", f"There is no SMPL-X file {path}.",
                      "Choose it again, or leave it empty.") from error  # fmt: skip
    except DAMAGED as error:
        why = f": {error}" if isinstance(error, (NotSmplx, TooMuch)) else ""
        raise Refusal("bad-smplx-file", f"{path.name} is not an SMPL-X model{why}.",
                      "Choose SMPLX_NEUTRAL.npz, SMPLX_MALE.npz or SMPLX_FEMALE.npz.") from error  # fmt: skip


class NotSmplx(ValueError):
    """Why a file is no SMPL-X model, in words that follow a colon."""


def _model(archive: np.lib.npyio.NpzFile, open_body: BodyModel) -> BodyModel:
    vertices = _array(archive, "v_template", (None, 3))
    count = len(vertices)
    directions = _array(archive, "shapedirs", (count, 3, None))[:, :, :SHAPE_COUNT].transpose(2, 0, 1)
    regressor = _array(archive, "J_regressor", (JOINT_COUNT, count))
    weights = np.maximum(_array(archive, "weights", (count, JOINT_COUNT)), 0.0)
    faces = _array(archive, "f", (None, 3)).astype(np.int64)
    parents = _array(archive, "kintree_table", (2, JOINT_COUNT))[0].astype(np.int64)
    parents[parents == _ROOT_PARENT] = -1
    if tuple(parents) != PARENTS:
        raise NotSmplx("it has another skeleton")
    if not count or not weights.sum(axis=1).all() or faces.min(initial=0) < 0 or faces.max(initial=0) >= count:
        raise NotSmplx("its mesh is damaged")
    joints = regressor @ vertices
    joint_shapes = np.einsum("jv,svi->sji", regressor, directions)
    kept = np.argsort(-weights, axis=1)[:, :_KEPT_WEIGHTS]
    amounts = np.take_along_axis(weights, kept, axis=1)
    moved = open_body.point_joints
    return BodyModel(
        name=SMPLX, vertices=vertices, vertex_shapes=directions, faces=faces, weight_joints=kept,
        weights=amounts / amounts.sum(axis=1, keepdims=True), joints=joints, joint_shapes=joint_shapes,
        shape_names=tuple(f"beta_{i}" for i in range(len(directions))),
        points=joints[moved] + open_body.points - open_body.joints[moved],
        point_shapes=joint_shapes[:, moved], point_joints=moved, point_names=open_body.point_names,
        colours=np.full((count, 3), _GREY), preview_vertices=np.arange(count), preview_faces=faces,
    )  # fmt: skip


def fitted_betas(model: BodyModel, rest_joints: Array, height_m: float | None = None) -> Array:
    """Betas [S] whose bones come nearest to those of rest_joints [55, 3] m, and whose body is `height_m` tall if given.

    Ridge regression on bone vectors; the height is that between the average body's highest and lowest vertex.
    """
    directions, missing = _bones(model.joint_shapes), _bones(rest_joints) - _bones(model.joints)
    if height_m is not None:
        heights = model.vertices[:, 1]
        top, bottom = int(heights.argmax()), int(heights.argmin())
        growth = model.vertex_shapes[:, top, 1] - model.vertex_shapes[:, bottom, 1]
        directions = np.column_stack([directions, _HEIGHT_WEIGHT * growth])
        missing = np.append(missing, _HEIGHT_WEIGHT * (height_m - np.ptp(heights)))
    return np.linalg.solve(directions @ directions.T + _STIFFNESS * np.eye(len(directions)), directions @ missing)


def _bones(joints: Array) -> Array:
    """Vectors from each joint's parent, [..., 165] for [..., 55, 3]."""
    parents = np.maximum(np.array(PARENTS), 0)
    return (joints - joints[..., parents, :]).reshape(joints.shape[:-2] + (-1,))


def gender_in(name: str) -> str:
    """What an SMPL-X file's name says of the bodies that its betas mean: "male", "female" or "neutral"."""
    return next((gender for gender in ("female", "male") if gender in name.lower()), "neutral")


def _array(archive: np.lib.npyio.NpzFile, name: str, shape: tuple[int | None, ...]) -> Array:
    """Finite numbers of this shape, None for any size."""
    if name not in archive.files:   # `in archive` reads the array, before numpy 1.25
        raise NotSmplx(f"it has no {name}")
    sizes, kind = announced(archive, name)
    fits = len(sizes) == len(shape) and all(n == size or n is None and size <= MOST_ROWS
                                            for n, size in zip(shape, sizes))  # fmt: skip
    if kind.kind not in "fiu" or not fits:
        raise NotSmplx(f"its {name} is another than in SMPL-X")
    array = archive[name].astype(np.float64)
    if not (np.abs(array) <= _LARGEST).all():
        raise NotSmplx(f"its {name} is another than in SMPL-X")
    return array
