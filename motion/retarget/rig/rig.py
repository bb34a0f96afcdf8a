"""A character's bones, as far as retargeting must know them: read once, then only arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array, Indices, Mask, freeze

_SHAPES = {
    "parents": "B", "heads": "B 3", "tails": "B 3", "R_rig_from_bone": "B 3 3", "R_world_from_rig": "3 3",
    "origin_world": "3", "inherits_rotation": "B", "local_location": "B", "R_rest_from_posed": "B 3 3",
    "posed_locations": "B 3", "reference_heads": "B 3", "reference_tails": "B 3", "R_rig_from_reference_bone": "B 3 3",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Rig:
    """B bones at rest in the armature's own space (rig), whatever its unit, and where that stands in the world.

    World: Z up, m. A bone's orientation is that of its own axes (Blender's matrix_local), in which its turns are said.
    """

    names: tuple[str, ...]          # [B] parents before children
    parents: Indices                # [B] -1 for those without
    heads: Array                    # [B, 3] rig units
    tails: Array                    # [B, 3] rig units
    R_rig_from_bone: Array          # [B, 3, 3]
    R_world_from_rig: Array         # [3, 3]
    scale: float                    # metres of the world in one rig unit, the same every way
    origin_world: Array             # [3] m
    floor_world_m: float = 0.0      # height of what the feet stand on in the rest pose
    inherits_rotation: Mask = None  # [B] whether a bone turns with its parent; all if None
    local_location: Mask = None     # [B] whether its location is said in its own axes, else in its parent's; all
    # How bones are posed that no key of ours moves: beyond rest, in the bone's own axes. At rest if None.
    R_rest_from_posed: Array = None   # [B, 3, 3]
    posed_locations: Array = None     # [B, 3] rig units, as local_location says
    # The pose in which the character stands as the source does at rest, or nearly: the rest pose if None.
    reference_heads: Array = None           # [B, 3] rig units
    reference_tails: Array = None           # [B, 3] rig units
    R_rig_from_reference_bone: Array = None  # [B, 3, 3]

    def __post_init__(self) -> None:
        count = len(self.names)
        defaults = {
            "inherits_rotation": np.ones(count), "local_location": np.ones(count),
            "R_rest_from_posed": np.broadcast_to(np.eye(3), (count, 3, 3)), "posed_locations": np.zeros((count, 3)),
            "reference_heads": self.heads, "reference_tails": self.tails,
            "R_rig_from_reference_bone": self.R_rig_from_bone,
        }  # fmt: skip
        for name, default in defaults.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, default)
        freeze(self, _SHAPES, {"parents": np.int64, "inherits_rotation": bool, "local_location": bool}, B=count)
        if np.any(self.parents >= np.arange(count)):
            raise ValueError("Parents must come before their children.")

    def bone(self, name: str) -> int:
        """Raises ValueError when there is none of that name."""
        return self.names.index(name)

    def ancestors(self, bone: int) -> list[int]:
        """Parent, grandparent and so on, up to a bone without parent."""
        above = []
        while (bone := int(self.parents[bone])) >= 0:
            above.append(bone)
        return above

    def from_world(self, points_world: Array) -> Array:
        """Points [..., 3] m of the world in the rig, in its units."""
        return (points_world - self.origin_world) @ self.R_world_from_rig / self.scale

    def to_world(self, points_rig: Array) -> Array:
        """Points [..., 3] of the rig in the world, m."""
        return self.origin_world + self.scale * points_rig @ self.R_world_from_rig.T
