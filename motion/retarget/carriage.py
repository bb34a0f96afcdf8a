"""Which keyed bone carries which: where a bone is before its own keys turn it.

In a plain skeleton a bone is carried by its nearest keyed ancestor. In a control rig parents are hung on constraints,
so that Blender must be asked instead (addon/retarget/measured_carriage.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array, Indices, check_shape, frozen


@dataclass(frozen=True, eq=False)
class Carriage:
    """K keyed bones, carriers before those that they carry. Lengths in rig units."""

    bones: tuple[str, ...]              # [K] names
    carriers: Indices                   # [K] index into these whose place and orientation each goes along with; -1: rig
    R_carrier_from_unposed: Array       # [K, 3, 3] the axes of a bone without keys of its own, in its carrier's axes
    unposed_heads: Array                # [K, 3] and its head there, from the carrier's head (at -1: in the rig)
    # Axes in which the bone's location is said: [K, 3, 3], in the carrier's axes (at -1: in the rig's).
    R_carrier_from_location: Array

    def __post_init__(self) -> None:
        for name, shape, kind in (
            ("carriers", "K", np.int64), ("R_carrier_from_unposed", "K 3 3", float), ("unposed_heads", "K 3", float),
            ("R_carrier_from_location", "K 3 3", float),
        ):  # fmt: skip
            array = frozen(getattr(self, name), kind)
            check_shape(name, array, shape, K=len(self.bones))
            object.__setattr__(self, name, array)
        if np.any(self.carriers >= np.arange(len(self.bones))):
            raise ValueError("Carriers must come before what they carry.")
