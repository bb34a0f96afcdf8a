"""Which unit and which axis up a file has that says neither."""

from __future__ import annotations

from typing import Sequence

import numpy as np

from ..arrays import Array
from ..refusal import Refusal

METRES_PER_UNIT = (1.0, 0.1, 2.54 / 100.0 / 0.45, 0.0254, 0.01, 0.001)   # m, dm, CMU's, inch, cm, mm
HEIGHTS_M = (0.9, 2.3)     # of a figure from its lowest to its highest joint
USUAL_HEIGHT_M = 1.6
COLLAPSED = 0.3            # of the first frame's extent: a rest pose that is lower stands for nobody
R_Y_UP_FROM_Z_UP = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])

_HEADS = ("head", "skull", "neck")
_FEET = ("foot", "feet", "ankle", "toe")


def metres_per_unit(name: str, rest_joints: Array, first_frame: Array, stated: float | None = None) -> float:
    """The unit of a figure [N, 3], Y up, in m: one of METRES_PER_UNIT that makes it as tall as a person (HEIGHTS_M).

    Where several do, the one nearest to USUAL_HEIGHT_M by ratio. The height is that of the rest pose, or the largest
    extent of the first frame [N, 3] where the rest pose is collapsed. A unit `stated` by the file comes first.
    Raises Refusal when no unit fits.
    """
    height = float(np.ptp(rest_joints[:, 1]))
    extent = float(np.ptp(first_frame, axis=0).max())
    if height < COLLAPSED * extent:
        height = extent
    fitting = [unit for unit in METRES_PER_UNIT if HEIGHTS_M[0] <= height * unit <= HEIGHTS_M[1]]
    if stated is not None and HEIGHTS_M[0] <= height * stated <= HEIGHTS_M[1]:
        return stated
    if not fitting:
        raise Refusal("unknown-unit", f"{name} shows a figure {height:.4g} units tall, and no usual unit makes it as "
                      "tall as a person.", "Say how many metres its unit has.")  # fmt: skip
    return min(fitting, key=lambda unit: abs(np.log(height * unit / USUAL_HEIGHT_M)))


def turn_to_y_up(joint_names: Sequence[str], rest_joints: Array) -> Array:
    """What turns a file's world [3, 3] so that Y is up: nothing, unless at rest the head is above the feet along Z."""
    words = [name.lower() for name in joint_names]
    heads = [joint for joint, word in enumerate(words) if any(part in word for part in _HEADS)]
    feet = [joint for joint, word in enumerate(words) if any(part in word for part in _FEET)]
    if not heads or not feet:
        return np.eye(3)
    up = rest_joints[heads].mean(axis=0) - rest_joints[feet].mean(axis=0)
    return R_Y_UP_FROM_Z_UP if up[2] > max(abs(up[0]), abs(up[1])) else np.eye(3)
