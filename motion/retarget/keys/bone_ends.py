"""Where the ends of keyed bones are, told from the numbers on their curves, many frames at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...arrays import Array, Indices, freeze
from ...eulers import matrix_from_eulers
from ...rotations import matrix_from_axis_angle, matrix_from_quaternion, normalised
from ..rig.carriage import Carriage

ROTATION_COUNT, CHANNEL_COUNT = 4, 7   # of a bone: its rotation, of which three angles leave one unused, and location


@dataclass(frozen=True, eq=False)
class BoneEnds:
    """The heads and tails of K keyed bones. Lengths in rig units."""

    carriage: Carriage
    modes: tuple[str, ...]   # [K] Blender's rotation_mode: QUATERNION, AXIS_ANGLE, or an order such as XYZ
    tails: Array             # [K, 3] in the bone's own axes, from its head
    scale: float             # metres in one rig unit

    def __post_init__(self) -> None:
        freeze(self, {"tails": "K 3"}, K=len(self.modes))

    def points(self, channels: Array) -> Array:
        """[N, 2K, 3] m in the rig's axes, all heads, then all tails, of channels [N, 7 K]: bone by bone as Blender
        means its rotation in the bone's mode, then its location.
        """
        R, heads = self._carried(*self.basis(channels))
        tails = heads + _turned(R, self.tails.T[..., None])
        return self.scale * np.moveaxis(np.concatenate([heads, tails], axis=1), (0, 1, 2), (2, 1, 0))

    def basis(self, channels: Array) -> tuple[Array, Array]:
        """R_basis [N, K, 3, 3] and locations [N, K, 3] of channels [N, 7 K]."""
        split = channels.reshape(len(channels), len(self.modes), CHANNEL_COUNT)
        R = np.empty((*split.shape[:-1], 3, 3))
        for mode in set(self.modes):
            bones = [bone for bone, its in enumerate(self.modes) if its == mode]
            R[:, bones] = matrix_in_mode(split[:, bones, :ROTATION_COUNT], mode)
        return R, split[..., ROTATION_COUNT:]

    def _carried(self, R_basis: Array, locations: Array) -> tuple[Array, Array]:
        """R_rig_from_bone [3, 3, K, N] and heads [3, K, N]: components first, in which numpy is twice as fast here."""
        it = self.carriage
        R = _product(_components_first(it.R_carrier_from_unposed[None]), _components_first(R_basis))
        ways = _turned(_components_first(it.R_carrier_from_location[None]), _components_first(locations))
        ways += it.unposed_heads.T[..., None]
        heads = ways.copy()
        for bones in self._generations:
            turned = bones[it.carriers[bones] >= 0]
            R[:, :, turned] = _product(R[:, :, it.carriers[turned]], R[:, :, turned])
            moved = bones[it.place_carriers[bones] >= 0]
            carriers = it.place_carriers[moved]
            heads[:, moved] = heads[:, carriers] + _turned(R[:, :, carriers], ways[:, moved])
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


def _components_first(values: Array) -> Array:
    """[..., K, N] of values [N, K, ...]."""
    return np.ascontiguousarray(np.moveaxis(values, (0, 1), (-1, -2)))


def _product(A: Array, B: Array) -> Array:
    """A @ B of matrices [3, 3, K, N]."""
    return np.stack([A[i, 0] * B[0] + A[i, 1] * B[1] + A[i, 2] * B[2] for i in range(3)])


def _turned(R: Array, v: Array) -> Array:
    """R @ v of matrices [3, 3, K, N] and vectors [3, K, N]."""
    return np.stack([R[i, 0] * v[0] + R[i, 1] * v[1] + R[i, 2] * v[2] for i in range(3)])


def matrix_in_mode(rotations: Array, mode: str) -> Array:
    """Matrices [..., 3, 3] of what Blender means by rotations [..., 4] in a bone's rotation_mode."""
    if mode == "QUATERNION":
        return matrix_from_quaternion(rotations)
    if mode == "AXIS_ANGLE":
        return matrix_from_axis_angle(rotations[..., :1] * normalised(rotations[..., 1:]))
    return matrix_from_eulers(rotations[..., :3], mode)
