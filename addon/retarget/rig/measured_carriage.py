"""Which control of a rig carries which, asked of Blender: all are turned a little, and what goes along is seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import bpy
import numpy as np

from ....motion.arrays import Array
from ....motion.refusal import Refusal
from ....motion.retarget.rig.carriage import Carriage
from ....motion.retarget.rig.carriage_seen import SeenCarriage, SeenPoses, carriage_seen, poses_to_try
from ....motion.rotations import axis_angle_from_matrix
from .borrowed_rig import BorrowedRig

_SEED = 15
_SLIGHT = 0.02          # a share of a turn that is not worth a word


@dataclass(frozen=True, eq=False)
class Measured:
    """The carriage, and in words what no carriage can say of this rig."""

    carriage: Carriage
    doubts: tuple[str, ...]


def measured_carriage(
    character: bpy.types.Object, rig: BorrowedRig, bones: Sequence[str], moving: Collection[str] = (),
    needed: Collection[str] | None = None,
) -> Measured:  # fmt: skip
    """The carriage of the borrowed character's `bones`; `moving` are those of them whose location is keyed.

    needed: the bones whose carriers must be right, all if None; others may hang on anything. Seven updates of the view
    layer where all is carried rigidly. Raises Refusal when the bones do not stir.
    """
    size = _size(character)
    moves = np.array([name in moving for name in bones], dtype=bool)
    tried = poses_to_try(moves, size, np.random.default_rng(_SEED))
    poses = _shown(rig, bones, *tried)
    _refuse_still(character, poses)
    seen = carriage_seen(poses, size)
    misfits = _misfits(seen, needed)
    if not misfits:
        return Measured(seen.carriage, ())
    alone = {bones.index(name): _shown(rig, bones, *_with_rest(*tried, bones.index(name))) for name in misfits}
    calm = carriage_seen(poses, size, alone)
    lost = _misfits(calm, misfits)
    doubts = [f"{name} does not {what} as its keys say." for name, what in misfits.items() if name not in lost]
    return Measured(calm.carriage, (*doubts, *_partly_carried(rig, bones, tuple(lost))))


def _misfits(seen: SeenCarriage, needed: Collection[str] | None) -> dict[str, str]:
    """Of the needed bones those that nothing carries rigidly, with what they do as nothing says."""
    fits = zip(seen.carriage.bones, seen.turns_fit, seen.places_fit, strict=True)
    return {name: "move" if turns else "turn" for name, turns, places in fits
            if not (turns and places) and (needed is None or name in needed)}  # fmt: skip


def _size(character: bpy.types.Object) -> float:
    heads = np.array([bone.head_local for bone in character.data.bones])
    return float(np.linalg.norm(np.ptp(heads, axis=0))) or 1.0


def _shown(rig: BorrowedRig, bones: Sequence[str], R_basis: Array, locations: Array) -> SeenPoses:
    seen = []
    for R, moved in zip(R_basis, locations, strict=True):
        rig.pose(bones, R, moved)
        seen.append(rig.seen(bones))
    rig.rest(bones)
    return SeenPoses(tuple(bones), R_basis, locations, *(np.array(part) for part in zip(*seen, strict=True)))


def _with_rest(R_basis: Array, locations: Array, bone: int) -> tuple[Array, Array]:
    R_basis, locations = R_basis.copy(), locations.copy()
    R_basis[:, bone], locations[:, bone] = np.eye(3), 0.0
    return R_basis, locations


def _refuse_still(character: bpy.types.Object, poses: SeenPoses) -> None:
    if np.ptp(poses.R_rig_from_bone, axis=0).max(initial=0.0) < 1e-6:
        raise Refusal("still-rig", f"None of the mapped bones of {character.name} turns when it is posed.",
                      "Check the mapping, and whether constraints hold the bones.")  # fmt: skip


def _partly_carried(rig: BorrowedRig, bones: Sequence[str], names: Sequence[str]) -> list[str]:
    """What moves the named bones, each of the others turned alone."""
    if not names:
        return []
    shares: Mapping[str, list[str]] = {name: [] for name in names}
    rig.rest(bones)
    R_before, _ = rig.seen(bones)
    turn = np.array([0.6, 0.0, 0.8, 0.0, 1.0, 0.0, -0.8, 0.0, 0.6]).reshape(1, 3, 3)
    for index, by in enumerate(bones):
        rig.pose([by], turn, np.zeros((1, 3)))
        R_after, _ = rig.seen(bones)
        rig.rest([by])
        turns = np.linalg.norm(axis_angle_from_matrix(R_after @ np.swapaxes(R_before, -1, -2)), axis=-1)
        for name in names:
            share = turns[bones.index(name)] / max(turns[index], 1e-6)
            if name != by and _SLIGHT < share < 1.0 - _SLIGHT:
                shares[name].append(f"{by} by {100.0 * share:.0f} %")
    return [_partly(name, parts) for name, parts in shares.items()]


def _partly(name: str, parts: Sequence[str]) -> str:
    known = f"{name} follows {', '.join(parts)}" if parts else f"What carries {name} could not be found"
    return f"{known}: its turns may be off."
