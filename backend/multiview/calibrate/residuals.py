"""What must agree when cameras stand right: pictures, the lengths of bones, and what each camera alone makes of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.multiview.calibrate.sightings import USED, Seen
from backend.multiview.calibrate.unknowns import DRIFT, LENS, PLACE, START, TURN, Unknowns
from motion.arrays import Array

_BONES = (("hip", "knee"), ("knee", "ankle"), ("ankle", "heel"), ("ankle", "foot_index"), ("shoulder", "elbow"),
          ("elbow", "wrist"), ("shoulder", "hip"))  # fmt: skip
_ACROSS = (("left_hip", "right_hip"), ("left_shoulder", "right_shoulder"), ("left_ear", "right_ear"))
_PAIRS = [(f"{side}_{a}", f"{side}_{b}", number) for number, (a, b) in enumerate(_BONES) for side in ("left", "right")]
_PAIRS += [(a, b, len(_BONES) + number) for number, (a, b) in enumerate(_ACROSS)]
_FROM, _TO = (np.array([USED.index(pair[end]) for pair in _PAIRS]) for end in (0, 1))
BONE_OF_PAIR = np.array([pair[2] for pair in _PAIRS])
BONE_COUNT = len(_BONES) + len(_ACROSS)
_HIPS = [USED.index("left_hip"), USED.index("right_hip")]

_BONE_SIGMA_M = 0.012
_LIFT_SIGMA_M = 0.35          # of a lone camera's body, each landmark about the hips
_NEAREST_M = 0.1


@dataclass(frozen=True, eq=False)
class Blocks:
    """Residuals of K moments and their derivatives by the moments' own points and by all other unknowns."""

    residuals: Array     # [K, R]
    by_points: Array     # [K, R, 3 L]
    by_unknowns: Array   # [K, R, G]
    cost: Array          # [K]


@dataclass(frozen=True, eq=False)
class Moments:
    """One person at K moments of the first camera's clock, before V cameras; None for one that does not see them."""

    person: int
    times_s: Array             # [K]
    views: tuple[Seen | None, ...]   # on their own clocks, whole


def blocks(moments: Moments, points: Array, state: Unknowns, gross_sigmas: float) -> Blocks:
    """points [K, L, 3] m in the first camera's frame.

    Beyond `gross_sigmas` a landmark's error in a picture says ever less (Geman and McClure 1987).
    """
    parts = [_bones(moments, points, state)]
    for view, seen in enumerate(moments.views):
        if seen is not None:
            at = seen.at(state.rig.own_times_s(view, moments.times_s))
            parts += [_pictures(view, at, moments, points, state, gross_sigmas), _alone(view, at, points, state)]
    joined = (np.concatenate([getattr(part, name) for part in parts], axis=1)
              for name in ("residuals", "by_points", "by_unknowns"))  # fmt: skip
    return Blocks(*joined, cost=sum(part.cost for part in parts))


def _pictures(
    view: int, at: Seen, moments: Moments, points: Array, state: Unknowns, gross_sigmas: float
) -> Blocks:
    """Where points fall less where landmarks are seen, in sigmas, the gross ones held down."""
    rig, count, (K, L) = state.rig, state.count, points.shape[:2]
    R = rig.R_first_from_camera[view]
    local = (points - rig.places_first[view]) @ R
    depth = np.maximum(local[..., 2], _NEAREST_M)
    focal, centre = np.diag(rig.K[view])[:2], rig.K[view, :2, 2]
    flat = local[..., :2] / depth[..., None]
    sure = (1.0 / at.sigma_px)[..., None]
    off = (flat * focal + centre - at.landmarks_px) * sure
    squared = np.sum(off**2, axis=-1)
    weight = (1.0 / (1.0 + squared / gross_sigmas**2))[..., None]
    cost = 0.5 * np.sum(squared * weight[..., 0], axis=1)

    by_local = np.zeros((K, L, 2, 3))
    by_local[..., 0, 0], by_local[..., 1, 1] = focal[0] / depth, focal[1] / depth
    by_local[..., 2] = -flat * focal / depth[..., None]
    by_point = (by_local * (sure * weight)[..., None]) @ R.T
    own = np.zeros((K, L, 2, count))
    columns = own[..., state.of_view(view)]
    # Turning the camera by w about its lens moves a point by -w x (point - place) as that camera sees it.
    lever = points - rig.places_first[view]
    columns[..., TURN] = -np.cross(lever[:, :, None], by_point)
    columns[..., PLACE] = -by_point
    speed = at.speeds_px * sure * weight * rig.clock_rates[view]
    columns[..., START] = speed
    columns[..., DRIFT] = -speed * (moments.times_s - rig.starts_s[view])[:, None, None]
    columns[..., LENS] = flat * focal * sure * weight
    return Blocks((off * weight).reshape(K, -1), _spread(by_point), own.reshape(K, -1, count), cost)


def _spread(by_point: Array) -> Array:
    """Derivatives [K, L, N, 3], each by its own point, as [K, L N, 3 L]."""
    K, L, N, _ = by_point.shape
    wide = np.zeros((K, L, N, L, 3))
    each = np.arange(L)
    wide[:, each, :, each] = by_point.swapaxes(0, 1)
    return wide.reshape(K, L * N, 3 * L)


def _alone(view: int, at: Seen, points: Array, state: Unknowns) -> Blocks:
    """The body about its hips less what the camera alone makes of it, weakly."""
    count, (K, L) = state.count, points.shape[:2]
    R = state.rig.R_first_from_camera[view]
    wanted = (at.points_hips - at.points_hips[:, _HIPS].mean(axis=1, keepdims=True)) @ R.T
    sure = at.seen[:, None, None] / _LIFT_SIGMA_M
    off = (points - points[:, _HIPS].mean(axis=1, keepdims=True) - wanted) * sure
    about = np.eye(L)
    about[:, _HIPS] -= 0.5
    by_points = np.einsum("ab,ij->aibj", about, np.eye(3)).reshape(3 * L, 3 * L) * sure
    own = np.zeros((K, L, 3, count))
    cross = np.zeros((K, L, 3, 3))
    cross[..., 0, 1], cross[..., 0, 2], cross[..., 1, 2] = wanted[..., 2], -wanted[..., 1], wanted[..., 0]
    own[..., state.of_view(view)][..., TURN] = -(cross - np.swapaxes(cross, -1, -2)) * sure[..., None]
    return Blocks(off.reshape(K, -1), by_points, own.reshape(K, -1, count), 0.5 * np.sum(off**2, axis=(1, 2)))


def _bones(moments: Moments, points: Array, state: Unknowns) -> Blocks:
    """Lengths of bones less those that the person has throughout."""
    count, (K, L) = state.count, points.shape[:2]
    way = points[:, _FROM] - points[:, _TO]
    length = np.maximum(np.linalg.norm(way, axis=-1), 1e-6)
    wanted = np.exp(state.log_bones[moments.person])[BONE_OF_PAIR]
    pairs = np.arange(len(_FROM))
    by_points = np.zeros((K, len(pairs), L, 3))
    by_points[:, pairs, _FROM] = (way / length[..., None] / _BONE_SIGMA_M)
    by_points[:, pairs, _TO] = -by_points[:, pairs, _FROM]
    own = np.zeros((K, len(pairs), count))
    own[:, pairs, state.of_bones(moments.person).start + BONE_OF_PAIR] = -wanted / _BONE_SIGMA_M
    off = (length - wanted) / _BONE_SIGMA_M
    return Blocks(off, by_points.reshape(K, len(pairs), 3 * L), own, 0.5 * np.sum(off**2, axis=1))


def bone_lengths(points: Array) -> Array:
    """Median lengths [B] m over moments and sides of points [K, L, 3]."""
    lengths = np.linalg.norm(points[:, _FROM] - points[:, _TO], axis=-1)
    return np.array([np.median(lengths[:, bone == BONE_OF_PAIR]) for bone in range(BONE_COUNT)])
