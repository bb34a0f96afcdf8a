"""Where a bone of known length points, given where its end is seen and how deep the detector thinks it lies."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array
from motion.rotations import normalised

_COARSE = np.linspace(-0.5 * np.pi, 0.5 * np.pi, 49)
_NEWTON_STEPS = 3


def bone_direction(
    across: Array, along: Array, ray: Array, length: Array, sigma_across: Array, sigma_along: Array
) -> Array:
    """Unit directions [S, 3] of bones of `length` [S] m.

    `ray` [S, 3] is the unit viewing ray through the bone's end, `across` [S, 3] m the seen offset of that end from
    the bone's start, square to the ray, `along` [S] m the offset along the ray that the detector believes. The
    picture says |across| = length cos(phi), which leaves the sign of phi open; the depth, three to four times as
    uncertain, settles it. Returned is the phi that minimises

        (length cos phi - |across|)^2 / sigma_across^2 + (length sin phi - along)^2 / sigma_along^2.
    """
    reach = np.linalg.norm(across, axis=-1)
    phi = _best_angle(reach / length, along / length, (sigma_across / length) ** -2, (sigma_along / length) ** -2)
    sideways = normalised(across)
    return np.cos(phi)[:, None] * sideways + np.sin(phi)[:, None] * ray


def _best_angle(reach: Array, along: Array, weight_across: Array, weight_along: Array) -> Array:
    """phi [S] for bones of unit length: the best of a coarse scan, then Newton steps on the derivative."""

    def cost(phi: Array) -> Array:
        return weight_across * (np.cos(phi) - reach) ** 2 + weight_along * (np.sin(phi) - along) ** 2

    scan = np.stack([cost(np.full_like(reach, phi)) for phi in _COARSE])
    phi = _COARSE[np.argmin(scan, axis=0)]
    for _ in range(_NEWTON_STEPS):
        sine, cosine = np.sin(phi), np.cos(phi)
        slope = -weight_across * (cosine - reach) * sine + weight_along * (sine - along) * cosine
        bend = weight_across * (sine**2 - cosine * (cosine - reach))
        bend = bend + weight_along * (cosine**2 - sine * (sine - along))
        step = np.where(bend > 0, slope / np.maximum(bend, 1e-9), 0.0)
        phi = phi - np.clip(step, -_COARSE[1] + _COARSE[0], _COARSE[1] - _COARSE[0])
    return phi
