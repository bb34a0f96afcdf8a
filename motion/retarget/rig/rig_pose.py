"""Where a rig's bones are in a pose, as Blender evaluates bones without constraints."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .rig import Rig


def posed_bones(rig: Rig, R_basis: Array, locations: Array) -> tuple[Array, Array]:
    """R_rig_from_bone [T, B, 3, 3] and heads [T, B, 3] in rig units, of poses beyond rest.

    R_basis [T, B, 3, 3] in the bones' own axes, locations [T, B, 3] rig units, as a bone's "Local Location" says.
    """
    R, heads = np.empty(R_basis.shape), np.empty(locations.shape)
    for bone, parent in enumerate(rig.parents):
        rest = rig.R_rig_from_bone[bone]
        if parent < 0:
            carried, above, start = rest, np.eye(3), rig.heads[bone]
        else:
            R_parent_from_rig, above = rig.R_rig_from_bone[parent].T, R[:, parent]
            carried = above @ (R_parent_from_rig @ rest)
            start = heads[:, parent] + above @ (R_parent_from_rig @ (rig.heads[bone] - rig.heads[parent]))
        R[:, bone] = (carried if rig.inherits_rotation[bone] else rest) @ R_basis[:, bone]
        # A location that is not local is said in the parent's posed axes, not in the rig's (measured in 4.2).
        axes = carried if rig.local_location[bone] else above
        heads[:, bone] = start + np.einsum("...ij,...j->...i", axes, locations[:, bone])
    return R, heads
