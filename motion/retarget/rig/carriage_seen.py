"""The carriage of a rig of which only poses are known: which bone goes along with which is read off them.

All keyed bones are turned at random at the same time. The axes of a bone without its own keys then stand still in those
of one bone only, the one that carries it; in all others they turn. The same goes for its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import Array, Indices, Mask, freeze
from ...rotations import matrix_from_axis_angle, nearest_rotation, normalised
from .carriage import Carriage

POSE_COUNT = 7          # four unknowns a row for what moves as well; the rest shows whether it fits
_TURN_RAD = (0.25, 0.6)
# Blender's single precision leaves 1e-6 on a rig of 706 bones, a wrong carrier more than 0.05.
_FITS = 3e-4
_AS_WELL = 1e-5         # the carrier of turns carries the place too where no other bone does it better by more


@dataclass(frozen=True, eq=False)
class SeenPoses:
    """N poses of K bones, the first one without keys. Lengths in rig units."""

    bones: tuple[str, ...]      # [K]
    R_basis: Array              # [N, K, 3, 3] what was keyed, in the bones' own axes
    locations: Array            # [N, K, 3]
    R_rig_from_bone: Array      # [N, K, 3, 3] what was seen
    heads: Array                # [N, K, 3]

    def __post_init__(self) -> None:
        shapes = {"R_basis": "N K 3 3", "locations": "N K 3", "R_rig_from_bone": "N K 3 3", "heads": "N K 3"}
        freeze(self, shapes, N=len(self.R_basis), K=len(self.bones))


@dataclass(frozen=True, eq=False)
class SeenCarriage:
    """What was read off, and of which bones (in the order of the carriage) it could not be."""

    carriage: Carriage
    turns_fit: Mask             # [K] whether the axes of some bone carry it, turning as its keys say
    places_fit: Mask            # [K] and whether one carries its head


def poses_to_try(moving: Mask, size: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """R_basis [N, K, 3, 3] and locations [N, K, 3] rig units to show K bones in, the first without keys.

    moving [K] are those whose location is keyed; size is that of the rig in its units.
    """
    shape = (POSE_COUNT, len(moving), 3)
    axes = normalised(rng.normal(size=shape))
    turns = rng.uniform(*_TURN_RAD, size=shape[:2])[..., None]
    locations = rng.uniform(-0.2, 0.2, size=shape) * size * moving[:, None]
    turns[0], locations[0] = 0.0, 0.0
    return matrix_from_axis_angle(axes * turns), locations


def carriage_seen(poses: SeenPoses, size: float, alone: Mapping[int, SeenPoses] | None = None) -> SeenCarriage:
    """Which bone carries which, from poses in which all K > 0 turn at once; size in rig units.

    alone: poses for some bones that were left at rest in them, by index. Bones that nothing carries rigidly get the
    carrier that comes nearest.
    """
    fits = [_fit((alone or {}).get(bone, poses), bone, size) for bone in range(len(poses.bones))]
    turn_misfits = np.array([fit.turn_misfits for fit in fits])
    place_misfits = np.array([fit.place_misfits for fit in fits])
    order, carriers, place_carriers = _ordered(turn_misfits, place_misfits)
    return SeenCarriage(
        _carriage(poses, fits, order, carriers, place_carriers),
        turns_fit=turn_misfits[order, carriers] < _FITS, places_fit=place_misfits[order, place_carriers] < _FITS,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Fit:
    """How well each of the C = K + 1 candidates carries a bone; the last one is the rig itself."""

    turn_misfits: Array         # [C] how far the bone's axes move in the candidate's, of 1; inf for itself
    place_misfits: Array        # [C] how far its head moves there, in sizes of the rig
    R_candidate_from_unposed: Array  # [C, 3, 3]
    offsets: Array              # [C, 3] rig units
    candidate_from_location: Array   # [C, 3, 3]


def _fit(poses: SeenPoses, bone: int, size: float) -> _Fit:
    R_rig_from_candidate = np.concatenate([poses.R_rig_from_bone, _same(np.eye(3), poses)], axis=1)
    heads = np.concatenate([poses.heads, _same(np.zeros(3), poses)], axis=1)
    R_candidate_from_rig = np.swapaxes(R_rig_from_candidate, -1, -2)
    R_rig_from_unposed = poses.R_rig_from_bone[:, bone] @ np.swapaxes(poses.R_basis[:, bone], -1, -2)
    R = R_candidate_from_rig @ R_rig_from_unposed[:, None]
    turn_misfits = np.abs(R - R[0]).max(axis=(0, 2, 3))
    ways = (R_candidate_from_rig @ (poses.heads[:, bone, None] - heads)[..., None])[..., 0]
    offsets, axes, place_misfits = _place_fit(ways, poses.locations[:, bone])
    turn_misfits[bone] = place_misfits[bone] = np.inf
    return _Fit(turn_misfits, place_misfits / size, R[0], offsets, axes if axes is not None else R[0])


def _same(value: Array, poses: SeenPoses) -> Array:
    return np.broadcast_to(value, (len(poses.R_basis), 1, *value.shape))


def _place_fit(ways: Array, locations: Array) -> tuple[Array, Array | None, Array]:
    """Offsets [C, 3] and rotations [C, 3, 3] with which way = offset + axes @ location, and the misfit [C].

    ways [N, C, 3] are from each candidate to the bone, in the candidate's axes. None for a bone that never moved.
    """
    if not locations.any():
        return ways[0], None, np.abs(ways - ways[0]).max(axis=(0, 2))
    moves = locations - locations[0]
    # Rotations: where a parent's scale stretches locations, or a bone does not move at all, there shall be a misfit.
    axes = nearest_rotation(np.einsum("xn,ncy->cyx", np.linalg.pinv(moves), ways - ways[0]))
    misfits = ways - ways[0] - np.einsum("cyx,nx->ncy", axes, moves)
    return ways[0] - np.einsum("cyx,x->cy", axes, locations[0]), axes, np.abs(misfits).max(axis=(0, 2))


def _ordered(turn_misfits: Array, place_misfits: Array) -> tuple[Indices, Indices, Indices]:
    """Bones [K] in an order in which carriers come first, with the carriers of each as indices before ordering."""
    order: list[int] = []
    carriers: list[int] = []
    place_carriers: list[int] = []
    waiting = list(range(len(turn_misfits)))
    fits_nobody = np.maximum(turn_misfits.min(axis=-1), place_misfits.min(axis=-1)) >= _FITS
    while waiting:
        known = np.array([*order, -1])
        misfits = [max(turn_misfits[bone, known].min(), place_misfits[bone, known].min()) for bone in waiting]
        bone = waiting.pop(_next(misfits, fits_nobody[waiting]))
        carrier, best = (int(known[misfit[bone, known].argmin()]) for misfit in (turn_misfits, place_misfits))
        is_the_same = place_misfits[bone, carrier] <= place_misfits[bone, best] + _AS_WELL
        order.append(bone)
        carriers.append(carrier)
        place_carriers.append(carrier if is_the_same else best)
    return np.array(order, dtype=np.int64), np.array(carriers, dtype=np.int64), np.array(place_carriers, dtype=np.int64)


def _next(misfits: Sequence[float], fits_nobody: Mask) -> int:
    """Whom to serve next: one whose carriers are known, else the best of those that nothing carries rigidly."""
    ranks = [(misfit >= _FITS, not lost, max(misfit, _FITS)) for misfit, lost in zip(misfits, fits_nobody, strict=True)]
    return min(range(len(ranks)), key=ranks.__getitem__)


def _carriage(
    poses: SeenPoses, fits: Sequence[_Fit], order: Indices, carriers: Indices, place_carriers: Indices
) -> Carriage:
    place_in_order = {int(bone): index for index, bone in enumerate(order)} | {-1: -1}
    chosen = [(fits[bone], *pair) for bone, *pair in zip(order, carriers, place_carriers, strict=True)]
    return Carriage(
        bones=tuple(poses.bones[bone] for bone in order),
        carriers=np.array([place_in_order[int(bone)] for bone in carriers], dtype=np.int64),
        R_carrier_from_unposed=np.array([fit.R_candidate_from_unposed[by] for fit, by, _ in chosen]).reshape(-1, 3, 3),
        unposed_heads=np.array([fit.offsets[by] for fit, _, by in chosen]).reshape(-1, 3),
        R_carrier_from_location=np.array([fit.candidate_from_location[by] for fit, _, by in chosen]).reshape(-1, 3, 3),
        place_carriers=np.array([place_in_order[int(bone)] for bone in place_carriers], dtype=np.int64),
    )  # fmt: skip
