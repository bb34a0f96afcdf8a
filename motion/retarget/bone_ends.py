"""Where the ends of keyed bones are, told from the numbers on their curves, many frames at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..arrays import Array, Indices, check_shape, frozen
from ..rotations import matrix_from_axis_angle, matrix_from_quaternion, normalised
from .carriage import Carriage

ROTATION_COUNT, CHANNEL_COUNT = 4, 7   # of a bone: its rotation, of which three angles leave one unused, and location


@dataclass(frozen=True, eq=False)
class BoneEnds:
    """The heads and tails of K keyed bones. Lengths in rig units."""

    carriage: Carriage
    modes: tuple[str, ...]   # [K] Blender's rotation_mode: QUATERNION, AXIS_ANGLE, or an order such as XYZ
    tails: Array             # [K, 3] in the bone's own axes, from its head
    scale: float             # metres in one rig unit

    def __post_init__(self) -> None:
        object.__setattr__(self, "tails", frozen(self.tails))
        check_shape("tails", self.tails, "K 3", K=len(self.modes))

    def points(self, channels: Array) -> Array:
        """[N, 2K, 3] m in the rig's axes, all heads, then all tails, of channels [N, 7 K]: bone by bone as Blender
        means its rotation in the bone's mode, then its location.
        """
        R_basis, locations = self.basis(channels)
        R, heads = self._carried(R_basis, locations)
        tails = heads + (R @ self.tails[..., None])[..., 0]
        return self.scale * np.concatenate([heads, tails], axis=1)

    def basis(self, channels: Array) -> tuple[Array, Array]:
        """R_basis [N, K, 3, 3] and locations [N, K, 3] of channels [N, 7 K]."""
        split = channels.reshape(len(channels), len(self.modes), CHANNEL_COUNT)
        R = np.empty((*split.shape[:-1], 3, 3))
        for mode in set(self.modes):
            bones = [bone for bone, its in enumerate(self.modes) if its == mode]
            R[:, bones] = matrix_in_mode(split[:, bones, :ROTATION_COUNT], mode)
        return R, split[..., ROTATION_COUNT:]

    def _carried(self, R_basis: Array, locations: Array) -> tuple[Array, Array]:
        """R_rig_from_bone [N, K, 3, 3] and heads [N, K, 3]."""
        it = self.carriage
        R, heads = np.empty_like(R_basis), np.empty_like(locations)
        ways = it.unposed_heads + (it.R_carrier_from_location @ locations[..., None])[..., 0]
        R[:] = it.R_carrier_from_unposed @ R_basis
        for bones in self._generations:
            turned = bones[it.carriers[bones] >= 0]
            R[:, turned] = R[:, it.carriers[turned]] @ R[:, turned]
            moved = bones[it.place_carriers[bones] >= 0]
            heads[:, bones] = ways[:, bones]
            carriers = it.place_carriers[moved]
            heads[:, moved] = heads[:, carriers] + (R[:, carriers] @ ways[:, moved, :, None])[..., 0]
        return R, heads

    @cached_property
    def _generations(self) -> list[Indices]:
        """Bones that nobody carries, those that these carry, and so on."""
        depths = np.zeros(len(self.modes), dtype=np.int64)
        for bone in range(len(depths)):
            for carrier in (self.carriage.carriers[bone], self.carriage.place_carriers[bone]):
                if carrier >= 0:
                    depths[bone] = max(depths[bone], depths[carrier] + 1)
        return [np.flatnonzero(depths == depth) for depth in range(depths.max(initial=-1) + 1)]


def matrix_in_mode(rotations: Array, mode: str) -> Array:
    """Matrices [..., 3, 3] of what Blender means by rotations [..., 4] in a bone's rotation_mode."""
    if mode == "QUATERNION":
        return matrix_from_quaternion(rotations)
    if mode == "AXIS_ANGLE":
        return matrix_from_axis_angle(rotations[..., :1] * normalised(rotations[..., 1:]))
    R = np.eye(3)
    for letter in mode:
        axis = "XYZ".index(letter)
        R = matrix_from_axis_angle(rotations[..., axis, None] * np.eye(3)[axis]) @ R
    return R
