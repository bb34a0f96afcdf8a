"""A pose fitted again to the picture: a few damped Gauss-Newton steps over all frames of a stretch at once.

The unknowns of a frame are turns of the joints in their own axes and the pelvis' shift. Landmarks count robustly
(Geman and McClure 1987); the pose to start from is believed along the viewing rays, where the picture says nothing, and
the change is smooth over time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..banded import BandedNormal
from ..body import Body
from ..rotations import matrix_from_axis_angle
from ..skeleton import JOINT, JOINT_COUNT, PARENTS
from .seen_points import POINTS, Posed, Sight, posed

_TURNING = [JOINT[name] for name in (
    "pelvis", "spine1", "spine3", "neck", "head",
    *(f"{side}_{joint}" for joint in ("collar", "shoulder", "elbow", "hip", "knee", "ankle")
      for side in ("left", "right")))]  # fmt: skip
_TURNS = 3 * len(_TURNING)
WIDTH = _TURNS + 3
_TURN_SIGMA_RAD = 0.2
_TRUNK_SIGMA_RAD = 0.06    # pelvis, spine and collars move less than limbs for the same error in the picture
_SHIFT_SIGMA_M = 0.05
_DEPTH_SIGMA_M = 0.02      # of a point along its viewing ray
_ACROSS_SIGMA_M = 0.015    # of a landmark: what its pixels are worth at the body's distance
_GROSS = 4.0               # sigmas at which a landmark counts as gone astray
_SWINGS_S = 0.1            # the change bends by as much as itself within this time
_STEPS = 5


@dataclass(frozen=True, eq=False)
class Task:
    """What T neighbouring frames are fitted to."""

    body: Body
    sight: Sight
    R_parent_from_joint: Array   # [T, 55, 3, 3] to start from
    root_world: Array            # [T, 3] m
    wanted_px: Array             # [T, L, 2] of POINTS
    trust: Array                 # [T, L] 0 nothing .. 1 as good as landmarks are; above that, an artist's word
    freedom: Array               # [T] 0 stays as it is .. 1
    rate: float


def refitted(task: Task) -> tuple[Array, Array]:
    """R_parent_from_joint [T, 55, 3, 3] and root_world [T, 3] after the fit; frames without freedom are as before."""
    free = task.freedom > 0.0
    if not free.any() or not (task.trust > 0.0).any():
        return task.R_parent_from_joint, task.root_world
    change = np.zeros((len(free), WIDTH))
    start = _posed(task, change)
    certainty = _certainty(task, start)
    for _ in range(_STEPS):
        change = np.where(free[:, None], _step(task, start, certainty, change), 0.0)
    return _changed(task, change)


def _certainty(task: Task, start: Posed) -> Array:
    """[T, L] 1/px."""
    depth = np.maximum(task.sight.in_camera(start.points_world)[..., 2], 0.1)
    sigma_px = _ACROSS_SIGMA_M * task.sight.K[:, 0, 0, None] / depth
    return task.trust / sigma_px


def _step(task: Task, start: Posed, certainty: Array, change: Array) -> Array:
    """The change [T, WIDTH] that is best for the problem made linear about `change`."""
    now = _posed(task, change)
    rows = _point_rows(task, now)                                           # [T, L, 3, WIDTH]
    normal = BandedNormal(len(change), WIDTH, 2)
    off_px = (task.sight.pixels(now.points_world) - task.wanted_px) * certainty[..., None]
    # The square root of the robust weight; what the artist says does not go astray.
    weight = 1.0 / (1.0 + np.where(task.trust > 1.0, 0.0, np.sum(off_px**2, axis=-1)) / _GROSS**2)
    by_px = task.sight.pixel_rows(now.points_world) @ rows * (weight * certainty)[..., None, None]
    _add(normal, by_px, off_px * weight[..., None], change)
    rays = task.sight.rays(start.points_world)
    moved = np.sum((now.points_world - start.points_world) * rays, axis=-1) / _DEPTH_SIGMA_M
    _add(normal, np.einsum("tli,tlin->tln", rays, rows)[..., None, :] / _DEPTH_SIGMA_M, moved[..., None], change)
    own = _own_certainty(task.freedom)
    normal.add_differences(np.ones(1), own)
    normal.add_differences(np.array([1.0, -2.0, 1.0]), _bending_certainty(task.rate)[None].repeat(len(own) - 2, axis=0)
                           if len(own) > 2 else np.zeros((0, WIDTH)))  # fmt: skip
    return normal.solve()


def _add(normal: BandedNormal, rows: Array, residuals: Array, change: Array) -> None:
    """Add the squares of residuals [T, L, k] with derivatives rows [T, L, k, WIDTH] about a change."""
    frames = len(change)
    rows, residuals = rows.reshape(frames, -1, WIDTH), residuals.reshape(frames, -1)
    transposed = np.swapaxes(rows, 1, 2)
    wanted = (rows @ change[..., None])[..., 0] - residuals
    normal.blocks[0] += transposed @ rows
    normal.right += (transposed @ wanted[..., None])[..., 0]


def _sigmas() -> Array:
    trunk = {JOINT[name] for name in ("pelvis", "spine1", "spine3", "left_collar", "right_collar")}
    turns = [_TRUNK_SIGMA_RAD if joint in trunk else _TURN_SIGMA_RAD for joint in _TURNING]
    return np.concatenate([np.repeat(turns, 3), np.full(3, _SHIFT_SIGMA_M)])


_SIGMAS = _sigmas()


def _own_certainty(freedom: Array) -> Array:
    """[T, WIDTH] of no change at all, beyond measure where nothing may change."""
    return (_SIGMAS * np.maximum(freedom, 1e-4)[:, None]) ** -2.0


def _bending_certainty(rate: float) -> Array:
    return _SIGMAS**-2.0 * (_SWINGS_S * rate) ** 4


def _posed(task: Task, change: Array) -> Posed:
    return posed(task.body, *_changed(task, change))


def _changed(task: Task, change: Array) -> tuple[Array, Array]:
    R = np.array(task.R_parent_from_joint)
    turns_rad = change[:, :_TURNS].reshape(len(change), -1, 3)
    R[:, _TURNING] = R[:, _TURNING] @ matrix_from_axis_angle(turns_rad)
    return R, task.root_world + change[:, _TURNS:]


def _point_rows(task: Task, now: Posed) -> Array:
    """How the points move with the change, [T, L, 3, WIDTH]: turning about an axis moves a lever by their product."""
    carriers = task.body.model.point_joints[POINTS]
    lever = now.points_world[:, :, None] - now.joints_world[:, None, _TURNING]       # [T, L, J, 3]
    axes = np.swapaxes(now.R_world_from_joint[:, _TURNING], -1, -2)                  # [T, J, 3 axes, 3]
    moves = np.cross(axes[:, None], lever[:, :, :, None]) * _CARRIES[carriers][None, :, :, None, None]
    frames, count = lever.shape[:2]
    by_turn = np.moveaxis(moves, -1, 2).reshape(frames, count, 3, _TURNS)
    by_shift = np.broadcast_to(np.eye(3), (frames, count, 3, 3))
    return np.concatenate([by_turn, by_shift], axis=-1)


def _carries() -> Array:
    """[55, J] whether a joint hangs on one that turns."""
    carries = np.zeros((JOINT_COUNT, len(_TURNING)))
    for joint in range(JOINT_COUNT):
        above = joint
        while above >= 0:
            carries[joint] += [above == turning for turning in _TURNING]
            above = PARENTS[above]
    return carries


_CARRIES = _carries()
