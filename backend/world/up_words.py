"""What different sources say of up, as densities over directions, and the one belief that they make together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from motion.arrays import Array
from motion.rotations import normalised

_COARSE = 6000          # directions over the whole sphere, 2.6 degrees apart
_FINE, _REACH = 33, 4.0  # grid points along each axis of what remains likely, over so many sigmas either way
_LEVELS = 5
_LEAST_SIGMA_RAD = 1e-4


class UpWord(Protocol):
    """One source; what is asked on a grid is smoothed as the grid demands, or narrow words would fall between."""

    source: str

    def log_density(self, ups: Array, blur: Array) -> Array:
        """[G] up to a constant, of unit vectors [G, 3] of a grid; `blur` [3, 3] rad² is how far half a cell reaches."""
        ...


@dataclass(frozen=True, eq=False)
class Components:
    """Known components of up along unit directions; the whole word may be wrong, as Student's t has it."""

    source: str
    directions: Array        # [N, 3]
    values: Array            # [N]
    weights: Array           # [N] rad^-2
    said: int                # of how many numbers this is a word: one for roll, two for a direction
    freedom: float = np.inf  # degrees of it: few for words that are often quite wrong, infinite for the artist's

    def log_density(self, ups: Array, blur: Array) -> Array:
        blurred = np.einsum("ni,ij,nj->n", self.directions, blur, self.directions)
        misfit = (ups @ self.directions.T - self.values) ** 2 @ (self.weights / (1.0 + self.weights * blurred))
        if np.isinf(self.freedom):
            return -0.5 * misfit
        return -0.5 * (self.freedom + self.said) * np.log1p(misfit / self.freedom)


@dataclass(frozen=True, eq=False)
class UprightEdges:
    """Planes through the lens and edges of which a share stands upright; the others lean anyhow.

    Through a lens that is `stretches` times as long as it is taken to be, edges of a camera that looks down seem to
    lean less towards each other: which of these it is, is not known.
    """

    source: str
    normals: Array           # [V, 3] unit, in a camera's frame
    sigma_rad: float         # of upright ones
    upright_share: float
    others_rad: float        # how far the others lean either way
    counts: float            # of each edge: those of one door lean together
    stretches: Array         # [S]
    stretch_shares: Array    # [S], of which the sum is 1

    def log_density(self, ups: Array, blur: Array) -> Array:
        sigma = np.sqrt(self.sigma_rad**2 + np.einsum("vi,ij,vj->v", self.normals, blur, self.normals))
        each = [np.log(share) + self._log_density_through(normalised(ups * [stretch, stretch, 1.0]), sigma)
                for stretch, share in zip(self.stretches, self.stretch_shares, strict=True)]  # fmt: skip
        return np.logaddexp.reduce(each, axis=0)

    def _log_density_through(self, ups: Array, sigma: Array) -> Array:
        lean = ups @ self.normals.T / sigma
        upright = self.upright_share * np.exp(-0.5 * lean**2) / (np.sqrt(2.0 * np.pi) * sigma)
        return self.counts * np.log(upright + (1.0 - self.upright_share) / (2.0 * self.others_rad)).sum(axis=-1)


@dataclass(frozen=True, eq=False)
class Turned:
    """A word in the axes of another camera, of which it is known how it is turned, but for `sigma_rad` each way."""

    word: UpWord
    R_own_from_first: Array   # [3, 3]
    sigma_rad: float

    @property
    def source(self) -> str:
        return self.word.source

    def log_density(self, ups: Array, blur: Array) -> Array:
        R = self.R_own_from_first
        return self.word.log_density(ups @ R.T, R @ blur @ R.T + self.sigma_rad**2 * np.eye(3))


def direction(source: str, up: Array, sigma_rad: float, freedom: float = np.inf) -> Components:
    """Up lies along `up` [3], as surely each way."""
    return Components(source, np.eye(3), up, np.full(3, sigma_rad**-2), 2, freedom)


def agreed(words: Sequence[UpWord]) -> tuple[Array, Array]:
    """The mean [3] of all words together and its covariance [3, 3] rad² in the same axes.

    By summing over a grid that closes in on what is likely, so that words with heavy tails or several peaks count
    as they should.
    """
    ups, blur = _whole_sphere()
    for _ in range(_LEVELS):
        log_density = sum(word.log_density(ups, blur) for word in words)
        share = np.exp(log_density - np.max(log_density))
        share /= share.sum()
        up = normalised(share @ ups)
        across = axes_across(up)
        off = ups @ across.T
        covariance = (off.T * share) @ off
        ups, blur = _grid_about(up, across, covariance)
    return up, across.T @ covariance @ across


def axes_across(up: Array) -> Array:
    """Two unit directions square to `up` [3], [2, 3]."""
    return np.linalg.svd(up[None])[2][1:]


def _whole_sphere() -> tuple[Array, Array]:
    """Directions [G, 3] evenly spread (Fibonacci's spiral), and the covariance of half a cell."""
    number = np.arange(_COARSE) + 0.5
    z, turn = 1.0 - 2.0 * number / _COARSE, np.pi * (1.0 + 5.0**0.5) * number
    ring = np.sqrt(1.0 - z * z)
    return np.stack([ring * np.cos(turn), ring * np.sin(turn), z], axis=-1), np.pi / _COARSE * np.eye(3)


def _grid_about(up: Array, across: Array, covariance: Array) -> tuple[Array, Array]:
    """Directions [G, 3] about `up` along the main axes of a covariance [2, 2], and the covariance of half a cell."""
    variances, axes = np.linalg.eigh(covariance)
    sigmas = np.sqrt(np.maximum(variances, _LEAST_SIGMA_RAD**2))
    main = axes.T @ across * sigmas[:, None]
    steps = np.linspace(-_REACH, _REACH, _FINE)
    offsets = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2) @ main
    return normalised(up + offsets), (0.5 * (steps[1] - steps[0])) ** 2 * main.T @ main
