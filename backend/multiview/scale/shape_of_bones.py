"""Whose bones these are: the open body, and the size of the scene, out of lengths in an unknown unit.

Ratios of lengths tell the shape, and a little of the size, since tall people are built otherwise than short ones: their
thighs are longer, their heads smaller for their height. One linear model holds all: a prior of shapes and heights, and
each length's logarithm with its sigma. Where ratios tell nothing, the height stays that of people on average.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.body.bones import body_of_height, smplx_body
from backend.multiview.scale.bone_lengths import SEGMENTS, BoneLengths, bone_lengths, lengths_at_rest
from backend.multiview.scale.heights import EVERYBODY, Height, given_height
from motion.arrays import Array, Mask
from motion.body import Body, BodyModel, read_open_body
from motion.landmarks import LANDMARK_COUNT
from motion.smplx_file import SMPLX

_BUILD = "height"              # the shape number of tall people's build
# As bodies are drawn for training (backend/train/bodies.py): half of it goes with the height.
_SHAPE_SIGMA = {"height": 0.5, "gender": 1.2, "weight": 0.7, "muscle": 0.8}
_BUILD_FOLLOWS_HEIGHT = 0.5
_STEP = 0.1                    # of a shape number, to see how lengths answer
_STEPS = 3                     # lengths answer nearly linearly


@dataclass(frozen=True, eq=False)
class ShapeOfBones:
    """The most likely body, and how large the unit of its lengths is."""

    shape: Array               # [S] of the open body
    height_m: float
    metres_per_unit: float
    sigma_log: float           # of metres_per_unit


def shape_of_bones(bones: BoneLengths, model: BodyModel, height: Height = EVERYBODY) -> ShapeOfBones | None:
    """Of lengths in an unknown unit; None where no length is known. `model` is the open body's.

    `height` is what is known of the person's beside them.
    """
    known = np.isfinite(bones.lengths)
    if not known.any():
        return None
    measured = np.log(bones.lengths[known]) - np.array([segment.usual_log for segment in SEGMENTS])[known]
    sigma = np.hypot(bones.sigma_log, [segment.sigma_log for segment in SEGMENTS])[known]
    return _most_likely(measured, sigma, known, model, height)


def body_of_bones(landmarks: Array, model: BodyModel, height_m: float | None = None) -> Body:
    """The body whose bones landmarks [T, 33, 3] m have, NaN where unknown; of this height if it is given.

    The open body's landmarks are meant (Body.points): without what detectors see beside them.
    """
    open_model = read_open_body() if model.name == SMPLX else model
    height = EVERYBODY if height_m is None else given_height(height_m)
    found = shape_of_bones(bone_lengths(landmarks), open_model, height)
    if found is None:
        body = body_of_height(open_model, np.zeros(0), height.height_m)
    else:   # landmarks are in metres, whatever ratios say
        body = body_of_height(open_model, found.shape, height_m or found.height_m / found.metres_per_unit)
    return smplx_body(model, body.skeleton.rest_joints, body.height) if model.name == SMPLX else body


@dataclass(frozen=True, eq=False)
class _Family:
    """The open body's landmarks and height, both linear in its shape numbers."""

    points: Array           # [33, 3] m
    point_shapes: Array     # [S, 33, 3]
    height_m: float
    height_shapes: Array    # [S]

    @classmethod
    def of(cls, model: BodyModel) -> _Family:
        average_m = model.shaped(np.zeros(0)).height
        heights = [model.shaped(unit).height for unit in np.eye(len(model.shape_names))]
        return cls(model.points[:LANDMARK_COUNT], model.point_shapes[:, :LANDMARK_COUNT], average_m,
                   np.array(heights) - average_m)  # fmt: skip

    def logs(self, shape: Array) -> Array:
        """Logarithms [G] of lengths at rest over the height."""
        points = self.points + np.tensordot(shape, self.point_shapes, axes=1)
        return np.log(lengths_at_rest(points) / (self.height_m + shape @ self.height_shapes))

    def answers(self, shape: Array) -> Array:
        """How those answer to each shape number, [G, S]."""
        columns = [(self.logs(shape + _STEP * unit) - self.logs(shape)) / _STEP for unit in np.eye(len(shape))]
        return np.stack(columns, axis=1)


def _most_likely(
    measured: Array, sigma: Array, known: Mask, model: BodyModel, height: Height
) -> ShapeOfBones:  # fmt: skip
    """Gauss-Newton over x = (shape, the height's logarithm, the unit's); the unit is told by lengths alone."""
    count, usual = len(model.shape_names), float(measured.mean())
    family = _Family.of(model)
    mean, prior = _prior(model.shape_names, family, height)
    x, precision = mean.copy(), prior
    for _ in range(_STEPS):
        design = np.column_stack([family.answers(x[:count])[known], np.ones(known.sum()), -np.ones(known.sum())])
        off = measured - usual - (family.logs(x[:count])[known] + x[count] - x[count + 1])
        precision = design.T @ (design / sigma[:, None] ** 2) + prior
        x = x + np.linalg.solve(precision, design.T @ (off / sigma**2) + prior @ (mean - x))
    sigma_log = float(np.sqrt(np.linalg.inv(precision)[-1, -1]))
    return ShapeOfBones(x[:count], float(np.exp(x[count])), float(np.exp(x[count + 1] - usual)), sigma_log)


def _prior(names: tuple[str, ...], family: _Family, height: Height) -> tuple[Array, Array]:
    """Mean [S + 2] and precision [S + 2, S + 2] of shape, log height and log unit."""
    count = len(names)
    mean = np.append(np.zeros(count), [np.log(height.height_m), 0.0])
    shape_sigma = [_SHAPE_SIGMA.get(name, 1.0) for name in names]
    precision = np.diag(np.append(1.0 / np.square([*shape_sigma, height.sigma_log]), 0.0))
    _let_build_follow(names.index(_BUILD), count, family, mean, precision)
    return mean, precision


def _let_build_follow(build: int, height: int, family: _Family, mean: Array, precision: Array) -> None:
    """The number for tall people's build is spread about a line over the height, not about zero."""
    height_m = float(np.exp(mean[height]))
    growth_m = family.height_shapes[build]
    slope = _BUILD_FOLLOWS_HEIGHT * height_m / growth_m     # by the height's logarithm
    mean[build] = _BUILD_FOLLOWS_HEIGHT * (height_m - family.height_m) / growth_m
    about_line = precision[build, build]
    precision[height, height] += about_line * slope**2
    precision[build, height] = precision[height, build] = -about_line * slope
