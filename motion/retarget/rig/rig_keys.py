"""What is to be keyed on a rig."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array, Mask, check_shape, frozen


@dataclass(frozen=True, eq=False)
class RigKeys:
    """K bones over T frames, beyond rest, as Blender's pose channels mean it (PoseBone.matrix_basis)."""

    bones: tuple[str, ...]     # [K]
    R_basis: Array             # [T, K, 3, 3] in the bone's own axes
    locations: Array           # [T, K, 3] rig units, in the axes that the bone's "Local Location" says
    moves: Mask                # [K] whether the location is keyed at all
    turns: Mask = None         # [K] whether the rotation is keyed; all if None

    def __post_init__(self) -> None:
        if self.turns is None:
            object.__setattr__(self, "turns", np.ones(len(self.bones)))
        sizes = {"T": len(self.R_basis), "K": len(self.bones)}
        for name, shape, kind in (("R_basis", "T K 3 3", float), ("locations", "T K 3", float), ("moves", "K", bool),
                                  ("turns", "K", bool)):  # fmt: skip
            array = frozen(getattr(self, name), kind)
            check_shape(name, array, shape, **sizes)
            object.__setattr__(self, name, array)

    @property
    def frame_count(self) -> int:
        return len(self.R_basis)
