"""A recording that was laid on a body, as the motion that everything else understands."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..arrays import Array
from ..body import Body
from ..contacts.believe import contact_probabilities
from ..contacts.body_points import figure_of
from ..motion import Motion
from ..skeleton import BODY_JOINT_COUNT, JOINT_COUNT
from .performance import Performance

_SAME_RATE = 5e-4   # relative, half of what lies between 30 and 29.97: 0.00833 s a frame means 120 Hz


def motion_of(performance: Performance, body: Body) -> Motion:
    """The performance at its own rate, on the body that it was laid on, grown to the subject's bones.

    Joints that were not recorded, those of fingers and face among them, have no confidence.
    """
    rate = exact_rate(performance.rate_hz)
    R_parent_from_joint, root_world = performance.R_parent_from_joint, performance.root_world
    figure = figure_of(body.grown_to(performance.skeleton))
    points_world = figure.points(*figure.kinematics(R_parent_from_joint, root_world))
    return Motion(
        skeleton=performance.skeleton,
        rate=rate,
        R_parent_from_joint=R_parent_from_joint,
        root_world=root_world,
        confidence=np.tile(_confidence(performance), (len(root_world), 1)),
        contact_names=figure.point_names,
        contacts=contact_probabilities(points_world, figure, float(rate)),
        body_shape=body.shape if body.model.name == "open" else np.zeros(0),
    )


def exact_rate(rate_hz: float) -> Fraction:
    """The frames a second that a file's rounded seconds a frame stand for: whole, NTSC's, else the nearest fraction."""
    whole, ntsc = Fraction(round(rate_hz)), Fraction(1000 * round(rate_hz * 1.001), 1001)
    nearest = min((whole, ntsc), key=lambda rate: abs(rate_hz - rate))
    if nearest and abs(rate_hz / float(nearest) - 1.0) < _SAME_RATE:
        return nearest
    return Fraction(rate_hz).limit_denominator(1001)


def _confidence(performance: Performance) -> Array:
    """[55] 1 where recorded, else 0."""
    return np.append(np.array(performance.recorded, dtype=float), np.zeros(JOINT_COUNT - BODY_JOINT_COUNT))
