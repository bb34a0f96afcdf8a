"""Boxes that stand about: furniture along the walls, and sometimes a thing between the camera and the person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motion.arrays import Array, Indices

CLEAR_M = 0.9            # no furniture nearer to the person's path
OF_SIGHT_M = 0.5         # nor nearer to the line from camera to person


@dataclass(frozen=True, eq=False)
class Boxes:
    """Boxes along the world's axes and which of `kinds` materials each has."""

    low_m: Array         # [B, 3]
    high_m: Array        # [B, 3]
    kind: Indices        # [B]
    kinds: int


def random_boxes(rng: np.random.Generator, pelvis_m: Array, camera_m: Array, low_m: Array, high_m: Array,
                 occluded: float) -> Boxes:  # fmt: skip
    """Furniture in a room from low_m to high_m, away from the person; with chance `occluded` one thing before it."""
    pieces = [_piece(rng, low_m, high_m) for _ in range(rng.integers(1, 6))]
    sight = np.concatenate([camera_m + share * (pelvis_m - camera_m) for share in np.linspace(0, 1, 9)])[::5, :2]
    kept = [piece for piece in pieces if _is_clear(piece, sight, OF_SIGHT_M) and _is_clear(piece, pelvis_m, CLEAR_M)]
    if rng.random() < occluded:
        kept.append(_before(rng, pelvis_m, camera_m))
    if not kept:
        return Boxes(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(0, np.int64), 0)
    kind = np.repeat(np.arange(len(kept)), [len(piece) for piece in kept])
    boxes = np.concatenate(kept)
    return Boxes(boxes[:, 0], boxes[:, 1], kind, len(kept))


def _is_clear(piece: Array, places: Array, margin_m: float) -> bool:
    """Whether no place [N, 2 or 3] lies within the margin of the piece, seen from above."""
    low, high = piece[:, 0, :2].min(axis=0) - margin_m, piece[:, 1, :2].max(axis=0) + margin_m
    return not ((places[:, :2] > low) & (places[:, :2] < high)).all(axis=1).any()


def _piece(rng: np.random.Generator, low_m: Array, high_m: Array) -> Array:
    """A cupboard, a table or a chair somewhere, [boxes, 2, 3]."""
    middle = rng.uniform(low_m[:2], high_m[:2])
    kind = rng.integers(3)
    if kind == 0:
        return _standing(middle, rng.uniform(0.3, 2.0, 2), 0.0, rng.uniform(0.4, 2.2))
    if kind == 1:
        return _table(middle, rng.uniform(0.6, 1.6, 2), rng.uniform(0.4, 0.8))
    return _chair(rng, middle)


def _standing(middle: Array, size: Array, bottom: float, top: float) -> Array:
    return np.array([[[*(middle - size / 2), bottom], [*(middle + size / 2), top]]])


def _table(middle: Array, size: Array, height_m: float) -> Array:
    legs = [_standing(middle + (size / 2 - 0.05) * [sx, sy], np.full(2, 0.06), 0.0, height_m)
            for sx in (-1, 1) for sy in (-1, 1)]  # fmt: skip
    return np.concatenate([_standing(middle, size, height_m - 0.05, height_m), *legs])


def _chair(rng: np.random.Generator, middle: Array) -> Array:
    back = _standing(middle + [0.0, rng.choice([-0.2, 0.2])], np.array([0.45, 0.05]), 0.45, rng.uniform(0.8, 1.1))
    return np.concatenate([_table(middle, np.full(2, 0.45), 0.45), back])


def _before(rng: np.random.Generator, pelvis_m: Array, camera_m: Array) -> Array:
    """A table, a pillar or a low wall between the camera and the person at one moment."""
    moment = rng.integers(len(pelvis_m))
    person, camera = pelvis_m[moment, :2], camera_m[min(moment, len(camera_m) - 1), :2]
    distance = max(float(np.linalg.norm(person - camera)), 1e-3)
    share = min(rng.uniform(0.45, 0.8), 1.0 - 0.6 / max(distance, 0.61))
    ahead = (person - camera) / distance
    middle = camera + share * (person - camera) + rng.uniform(-0.4, 0.4) * np.array([-ahead[1], ahead[0]])
    kind = rng.integers(4)
    if kind == 0:
        return _standing(middle, rng.uniform(0.12, 0.3, 2), 0.0, 9.0)
    if kind == 1:
        return _standing(middle, rng.uniform(0.2, 0.9, 2), 0.0, rng.uniform(0.4, 1.0))
    return _table(middle, rng.uniform(0.5, 1.2, 2), rng.uniform(0.5, 0.9)) if kind == 2 else _chair(rng, middle)
