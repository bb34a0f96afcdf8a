"""Smooth functions of time with few unknowns: quadratic B-splines on evenly spaced knots (de Boor 1978)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solveh_banded

from motion.arrays import Array

_REACH = 3    # coefficients that a frame hears


@dataclass(frozen=True)
class Knots:
    """T frames, `spacing` of them from knot to knot: G = T / spacing gaps, rounded up, and G + 2 coefficients."""

    frames: int
    spacing: int

    @property
    def gaps(self) -> int:
        return -(-self.frames // self.spacing)

    @property
    def coefficient_count(self) -> int:
        return self.gaps + _REACH - 1

    def values(self, coefficients: Array) -> Array:
        """The functions [T, n] of coefficients [G + 2, n]."""
        return self._at_frames(coefficients, self._basis())

    def slopes(self, coefficients: Array) -> Array:
        """Their change [T, n] a frame."""
        return self._at_frames(coefficients, self._basis_slopes())

    def least(self, curvature: Array, slope_curvature: Array, pull: Array, slope_pull: Array, ridge: float) -> Array:
        """Coefficients [G + 2, n] of the functions x whose sum over frames of these is least, with slopes x':

        x A x / 2 - b x + x' d x' / 2 - e x', for curvature A [T, n, n], slope_curvature d [T, n], pull b and
        slope_pull e [T, n]; and ridge / 2 times the sum of the coefficients' squares. Time is linear in T.
        """
        n = pull.shape[-1]
        blocks = np.zeros((_REACH, self.coefficient_count, n, n))
        self._add_products(blocks, curvature.reshape(self.frames, n * n), self._basis())
        diagonals = np.zeros((_REACH, self.coefficient_count, n))
        self._add_products(diagonals, slope_curvature, self._basis_slopes())
        diagonals[0] += ridge
        blocks[:, :, np.arange(n), np.arange(n)] += diagonals
        right = self._gathered(pull, self._basis()) + self._gathered(slope_pull, self._basis_slopes())
        solution = solveh_banded(_lower_band(blocks), right.ravel(), lower=True, overwrite_ab=True, check_finite=False)
        return solution.reshape(right.shape)

    def _at_frames(self, coefficients: Array, basis: Array) -> Array:
        near = np.stack([coefficients[a : a + self.gaps] for a in range(_REACH)], axis=1)
        return (basis @ near).reshape(self.gaps * self.spacing, -1)[: self.frames]

    def _gathered(self, values: Array, basis: Array) -> Array:
        """What the coefficients [G + 2, n] hear of values [T, n]: the transpose of _at_frames."""
        by_gap = basis.T @ self._by_gap(values)
        gathered = np.zeros((self.coefficient_count, values.shape[-1]))
        for a in range(_REACH):
            gathered[a : a + self.gaps] += by_gap[:, a]
        return gathered

    def _add_products(self, blocks: Array, values: Array, basis: Array) -> None:
        """Values [T, N] times the products of two basis functions, added to the blocks [3, G + 2, ...] of their pairs.

        blocks[d, k] belongs to the coefficients k and k + d.
        """
        by_gap = self._by_gap(values)
        for a in range(_REACH):
            for b in range(a, _REACH):
                product = basis[:, a] * basis[:, b]
                blocks[b - a, a : a + self.gaps] += (product @ by_gap).reshape(self.gaps, *blocks.shape[2:])

    def _by_gap(self, values: Array) -> Array:
        """Values [T, N] as [G, spacing, N], zero after the last frame."""
        missing = self.gaps * self.spacing - self.frames
        return np.pad(values, ((0, missing), (0, 0))).reshape(self.gaps, self.spacing, -1)

    def _basis(self) -> Array:
        """[spacing, 3] by how much each frame after a knot hears the coefficients."""
        f = self._after_knot()
        return np.stack([0.5 * (1.0 - f) ** 2, 0.75 - (f - 0.5) ** 2, 0.5 * f**2], axis=-1)

    def _basis_slopes(self) -> Array:
        f = self._after_knot()
        return np.stack([f - 1.0, 1.0 - 2.0 * f, f], axis=-1) / self.spacing

    def _after_knot(self) -> Array:
        return (np.arange(self.spacing) + 0.5) / self.spacing


def _lower_band(blocks: Array) -> Array:
    """Symmetric blocks [3, K, n, n], blocks[d, k] coupling k and k + d, as scipy's lower band [3 n, K n]."""
    reach, count, n, _ = blocks.shape
    columns = np.zeros((count, (reach + 1) * n, n))
    columns[:, : reach * n] = blocks.transpose(1, 0, 2, 3).reshape(count, reach * n, n)
    below_diagonal = np.arange(reach * n)[:, None] + np.arange(n)
    return columns[:, below_diagonal, np.arange(n)].transpose(1, 0, 2).reshape(reach * n, count * n)
