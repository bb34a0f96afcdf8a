"""A body: a mesh on the SMPL-X skeleton, from our open body or from a user's SMPL-X file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from .arrays import Array, Indices
from .skeleton import Skeleton

OPEN_BODY = Path(__file__).resolve().parent.parent / "assets" / "open_body.npz"


@dataclass(frozen=True, eq=False)
class BodyModel:
    """A family of bodies, linear in a few shape numbers, at rest: T-pose, Y up, facing +Z, left at +X."""

    name: str                # "open" or "smplx"
    vertices: Array          # [V, 3] m
    vertex_shapes: Array     # [S, V, 3] m per unit of shape
    faces: Indices           # [F, 3]
    weight_joints: Indices   # [V, K] joints that move a vertex
    weights: Array           # [V, K] sum to 1
    joints: Array            # [55, 3] m
    joint_shapes: Array      # [S, 55, 3]
    shape_names: tuple[str, ...]
    points: Array            # [P, 3] m, named points that ride on one joint each
    point_shapes: Array      # [S, P, 3]
    point_joints: Indices    # [P]
    point_names: tuple[str, ...]
    colours: Array           # [V, 3] 0..255
    preview_vertices: Indices   # [W] the vertices of a light version
    preview_faces: Indices      # [G, 3] into preview_vertices

    def shaped(self, shape: Array, scale: float = 1.0) -> Body:
        """The body of one person; missing shape numbers are zero, `scale` multiplies all lengths."""
        amounts = np.zeros(len(self.shape_names))
        amounts[: min(len(shape), len(amounts))] = np.asarray(shape, dtype=float)[: len(amounts)]

        def at(template: Array, shapes: Array) -> Array:
            return scale * (template + np.tensordot(amounts, shapes, axes=1))

        return Body(
            model=self,
            shape=amounts,
            scale=scale,
            vertices=at(self.vertices, self.vertex_shapes),
            skeleton=Skeleton(at(self.joints, self.joint_shapes)),
            points=at(self.points, self.point_shapes),
        )

    def light(self) -> BodyModel:
        """The same family with the preview's few triangles."""
        chosen = self.preview_vertices
        return replace(
            self, vertices=self.vertices[chosen], vertex_shapes=self.vertex_shapes[:, chosen], faces=self.preview_faces,
            weight_joints=self.weight_joints[chosen], weights=self.weights[chosen], colours=self.colours[chosen],
            preview_vertices=np.arange(len(chosen)),
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Body:
    """One person's body at rest."""

    model: BodyModel
    shape: Array          # [S]
    scale: float
    vertices: Array       # [V, 3] m
    skeleton: Skeleton
    points: Array         # [P, 3] m; which ones: model.point_names, model.point_joints

    @property
    def height(self) -> float:
        """From the lowest to the highest vertex at rest, m."""
        return float(np.ptp(self.vertices[:, 1]))

    def scaled(self, factor: float) -> Body:
        """The same body with all lengths `factor` times as long."""
        return replace(self, scale=factor * self.scale, vertices=factor * self.vertices, points=factor * self.points,
                       skeleton=Skeleton(factor * self.skeleton.rest_joints))  # fmt: skip

    def fitted_to(self, skeleton: Skeleton) -> Body:
        """The same body on other rest joints: every vertex and point keeps its place beside its joints."""
        shift = skeleton.rest_joints - self.skeleton.rest_joints
        weights = self.model.weights[..., None]
        vertices = self.vertices + np.sum(weights * shift[self.model.weight_joints], axis=1)
        return replace(self, vertices=vertices, points=self.points + shift[self.model.point_joints], skeleton=skeleton)

    def grown_to(self, skeleton: Skeleton) -> Body:
        """The body of the same shape, as large as the bones of `skeleton` are long together, and fitted to it."""
        average = self.model.shaped(self.shape)
        return self.model.shaped(self.shape, _size(skeleton) / _size(average.skeleton)).fitted_to(skeleton)


def _size(skeleton: Skeleton) -> float:
    """All bones together m, and more than nothing."""
    return max(float(np.linalg.norm(skeleton.offsets, axis=-1).sum()), 1e-3)


def read_open_body(path: Path = OPEN_BODY) -> BodyModel:
    """Our own open body (see assets/LICENSES.md)."""
    with np.load(path, allow_pickle=False) as a:
        return BodyModel(
            name="open",
            vertices=a["vertices"].astype(float), vertex_shapes=a["vertex_shapes"].astype(float),
            faces=a["faces"].astype(np.int64), weight_joints=a["weight_joints"].astype(np.int64),
            weights=a["weights"].astype(float), joints=a["joints"].astype(float),
            joint_shapes=a["joint_shapes"].astype(float), shape_names=tuple(map(str, a["shape_names"])),
            points=a["points"].astype(float), point_shapes=a["point_shapes"].astype(float),
            point_joints=a["point_joints"].astype(np.int64), point_names=tuple(map(str, a["point_names"])),
            colours=a["colours"].astype(float), preview_vertices=a["preview_vertices"].astype(np.int64),
            preview_faces=a["preview_faces"].astype(np.int64),
        )  # fmt: skip
