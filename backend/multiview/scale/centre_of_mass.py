"""Where a body's centre of mass is, out of landmarks."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array
from motion.landmarks import LANDMARK, LANDMARK_COUNT

# P. de Leva 1996, Adjustments to Zatsiorsky-Seluyanov's segment inertia parameters, J. Biomech. 29, table 4: mass over
# the body's, and how far the centre of mass lies from the first joint towards the second; means of men and women. What
# is often hidden is not asked for: hands and feet, 4 % of the mass, count for wrists and ankles, and the head for a
# point beyond the shoulders as seen from the hips, by half of the trunk's length.
_TRUNK, _HEAD = (0.430, "shoulder", "hip", 0.41), (0.068, "shoulder", "hip", -0.5)
_LIMBS = (
    (0.0263, "shoulder", "elbow", 0.576), (0.0150, "elbow", "wrist", 0.457), (0.0059, "elbow", "wrist", 1.0),
    (0.1447, "hip", "knee", 0.385), (0.0457, "knee", "ankle", 0.444), (0.0133, "knee", "ankle", 1.0),
)  # fmt: skip


def _shares() -> Array:
    """[33] of the centre of mass that each landmark carries; they add up to 1."""
    shares = np.zeros(LANDMARK_COUNT)
    for mass, first, second, towards in (_TRUNK, _HEAD, *((2.0 * mass, *rest) for mass, *rest in _LIMBS)):
        for side in ("left", "right"):
            shares[LANDMARK[f"{side}_{first}"]] += 0.5 * mass * (1.0 - towards)
            shares[LANDMARK[f"{side}_{second}"]] += 0.5 * mass * towards
    return shares / shares.sum()


_SHARES = _shares()
_CARRYING = np.flatnonzero(_SHARES)


def centre_of_mass(landmarks: Array) -> Array:
    """[..., 3] of landmarks [..., 33, 3] in any unit and frame; NaN where one is missing that carries mass."""
    return np.einsum("...li,l->...i", landmarks[..., _CARRYING, :], _SHARES[_CARRYING])
