"""How far feet slide that rest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Mask
from ..figure import Figure
from ..motion import Motion


def feet_slide_m(motion: Motion, figure: Figure, names: Sequence[str], held: Mask) -> float:
    """How far on average the points `names` move along the floor from a frame to the next while held [T, C] in both.

    NaN when nothing is ever held.
    """
    R_world_from_joint, joints_world = figure.kinematics(motion.R_parent_from_joint, motion.root_world)
    places = figure.points(R_world_from_joint, joints_world)[:, [figure.point(name) for name in names], :2]
    rests = held[1:] & held[:-1]
    steps = np.linalg.norm(np.diff(places, axis=0), axis=-1)[rests]
    return float(steps.mean()) if len(steps) else float("nan")
