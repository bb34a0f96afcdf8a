"""What is to be keyed on a rig."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array, Mask, freeze


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
        shapes = {"R_basis": "T K 3 3", "locations": "T K 3", "moves": "K", "turns": "K"}
        freeze(self, shapes, {"moves": bool, "turns": bool}, T=len(self.R_basis), K=len(self.bones))

    @property
    def frame_count(self) -> int:
        return len(self.R_basis)
