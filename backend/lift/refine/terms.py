"""What speaks for and against a correction: landmarks, the lifter's own word, and how far joints bend.

Errors last, so every frame counts only as the share of an independent one: of noise that is forgotten with the time
constant tau (first-order autoregressive), n frames of dt tell as much of something steady as n tanh(dt / (2 tau)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.cameras.projection import NEAREST_M, projected
from backend.lift.refine.bends import LOWER, UPPER, Hinges, bends
from backend.lift.refine.correction import SHIFT, TURNS, UNKNOWN_COUNT, Corrected
from backend.lift.refine.parts import NEIGHBOURS, PART_COUNT, PART_JOINTS
from backend.lift.refine.settings import RefineSettings
from backend.lift.refine.trust import Trust, TrustInView
from backend.lift.refine.turned import levers, part_rows
from motion.arrays import Array
from motion.rotations import normalised
from motion.skeleton import BODY_JOINT_COUNT


def independent_share(frame_s: float, lasts_s: float) -> float:
    """How much of an independent frame one is, when errors are forgotten with the time constant lasts_s."""
    return float(np.tanh(0.5 * frame_s / lasts_s))


@dataclass(frozen=True, eq=False)
class Landmarks:
    """The body's points should fall onto the landmarks in the picture, unless those are far off.

    Robust as Geman and McClure 1987: s / (1 + s / c^2) of the squared residual s in sigmas.
    """

    wanted_px: Array    # [T, 33, 2]
    certainty: Array    # [T, 33] one over sigma in pixels; 0 where nothing is known
    share: float        # of an independent frame
    gross: float        # c
    K: Array

    @classmethod
    def trusted(cls, trust: Trust | TrustInView, K: Array, frame_s: float, settings: RefineSettings) -> Landmarks:
        known = np.isfinite(trust.landmarks_px).all(axis=-1) & np.isfinite(trust.sigma_px) & (trust.sigma_px > 0.0)
        certainty = np.where(known, 1.0 / np.where(known, trust.sigma_px, 1.0), 0.0)
        share = independent_share(frame_s, settings.landmark_errors_last_s)
        return cls(np.where(known[..., None], trust.landmarks_px, 0.0), certainty, share, settings.gross, K)

    def cost(self, state: Corrected) -> float:
        return self.cost_of(state.body.points)

    def residuals(self, state: Corrected) -> tuple[Array, Array]:
        """Residuals [T, 66] and their derivatives [T, 66, n], with the weights that the robust cost gives them now."""
        off, weight = self.weighted(state.body.points)
        rows = point_rows(state, projection_rows(state.body.points, self.K))
        return off.reshape(len(off), -1), rows * np.repeat(weight * self.certainty, 2, axis=1)[..., None]

    def cost_of(self, points: Array) -> float:
        """Of points [T, 33, 3] m in this camera's frame."""
        squared = np.sum(self._sigmas_off(points) ** 2, axis=-1)
        return 0.5 * self.share * float(np.sum(squared / (1.0 + squared / self.gross**2)))

    def weighted(self, points: Array) -> tuple[Array, Array]:
        """Residuals [T, 33, 2] of such points, and the square roots [T, 33] of their weights, which they have."""
        off = self._sigmas_off(points)
        squared = np.sum(off**2, axis=-1)
        weight = np.sqrt(self.share) / (1.0 + squared / self.gross**2)
        return off * weight[..., None], weight

    def _sigmas_off(self, points: Array) -> Array:
        return (projected(points, self.K) - self.wanted_px) * self.certainty[..., None]


def point_rows(state: Corrected, by_place: Array) -> Array:
    """Derivatives [T, 33 R, n] by the correction of R numbers of every point, given those by its place [T, 33, R, 3].

    Turning by w moves a lever s by w x s.
    """
    lever = levers(state.body)
    by_turn = np.cross(lever[:, :, None], by_place[:, :, :, None])     # [T, 33, R, 22, 3]
    frames = len(lever)
    by_part = part_rows(by_turn.reshape(frames, -1, BODY_JOINT_COUNT, 3), state.turns_rad)
    return np.concatenate([by_part, by_place.reshape(frames, -1, 3)], axis=-1)


def projection_rows(points_camera: Array, K: Array) -> Array:
    """How pixels move with points [..., 3] m: [..., 2, 3]. Points at or behind the lens are held before it."""
    x, y, z = np.moveaxis(points_camera, -1, 0)
    depth = np.maximum(z, NEAREST_M)
    rows = np.zeros(points_camera.shape[:-1] + (2, 3))
    for axis, place in enumerate((x, y)):
        focal_px = K[axis, axis]
        rows[..., axis, axis] = focal_px / depth
        rows[..., axis, 2] = np.where(z > NEAREST_M, -focal_px * place / depth**2, 0.0)
    return rows


@dataclass(frozen=True, eq=False)
class Bends:
    """Knees and elbows stop, softly, where they are straight."""

    hinges: Hinges
    certainty: float    # one over the sine by which they may bend backwards

    @classmethod
    def trusted(cls, hinges: Hinges, frame_s: float, settings: RefineSettings) -> Bends:
        share = independent_share(frame_s, settings.lift_errors_last_s)
        return cls(hinges, np.sqrt(share) / settings.backward_bend)

    def cost(self, state: Corrected) -> float:
        sine, _ = bends(self.hinges, state.turns_rad)
        return 0.5 * float(np.sum((self.certainty * np.minimum(sine, 0.0)) ** 2))

    def residuals(self, state: Corrected) -> tuple[Array, Array]:
        """Residuals [T, 4] and their derivatives [T, 4, n]; both zero where a hinge bends as it should."""
        sine, by_lower = bends(self.hinges, state.turns_rad)
        by_joint = np.zeros((*sine.shape, BODY_JOINT_COUNT, 3))
        hinge = np.arange(len(LOWER))
        by_joint[:, hinge, LOWER] = by_lower
        by_joint[:, hinge, UPPER] = -by_lower
        stopped = self.certainty * (sine < 0.0)
        rows = np.zeros((*sine.shape, UNKNOWN_COUNT))
        rows[..., TURNS] = part_rows(by_joint, state.turns_rad) * stopped[..., None]
        return stopped * sine, rows


@dataclass(frozen=True, eq=False)
class Prior:
    """The lifter is about right; what it is off by lasts, as an Ornstein-Uhlenbeck process of its own sigma does.

    Such a process x has -log p = sum over time of (x^2 / (2 tau) + x'^2 tau / 2) / (2 sigma^2) (its squares, without
    the ends). Neighbouring parts are off by about the same.
    """

    curvature: Array          # [T, n, n]
    slope_curvature: Array    # [T, n]

    @classmethod
    def trusted(cls, trust: Trust, root_camera: Array, frame_s: float, settings: RefineSettings) -> Prior:
        share = independent_share(frame_s, settings.lift_errors_last_s)
        own = np.zeros((len(root_camera), UNKNOWN_COUNT, UNKNOWN_COUNT))
        turns = np.arange(3 * PART_COUNT)
        own[:, turns, turns] = share * np.repeat(trust.sigma_turn_rad[:, PART_JOINTS] ** -2.0, 3, axis=1)
        own[:, SHIFT, SHIFT] = share * _place_certainty(root_camera, trust.sigma_place_m)
        diagonal = np.diagonal(own, axis1=1, axis2=2)
        slope_curvature = diagonal * (settings.lift_errors_last_s / frame_s) ** 2
        own[:, TURNS, TURNS] += share / settings.neighbours_differ_rad**2 * _DIFFERENCES
        return cls(own, slope_curvature)

    def cost(self, state: Corrected) -> float:
        return 0.5 * float(np.sum(state.correction * self.pull(state)) + np.sum(state.slope * self.slope_pull(state)))

    def pull(self, state: Corrected) -> Array:
        """The gradient [T, n] by the correction."""
        return (self.curvature @ state.correction[..., None])[..., 0]

    def slope_pull(self, state: Corrected) -> Array:
        """And by its slope."""
        return self.slope_curvature * state.slope


def _place_certainty(root_camera: Array, sigma_m: Array) -> Array:
    """[T, 3, 3] 1/m^2 of a place known better across its viewing ray than along it, sigma_m [T, 2]."""
    ray = normalised(root_camera)
    along = ray[:, :, None] * ray[:, None, :]
    across_m2, along_m2 = (sigma_m[:, way, None, None] ** -2.0 for way in (0, 1))
    return along_m2 * along + across_m2 * (np.eye(3) - along)


def _differences() -> Array:
    """[3 P, 3 P]: the square of this form is the sum of squared differences between parts and those that carry them."""
    first, second = NEIGHBOURS.T
    steps = np.eye(PART_COUNT)[first] - np.eye(PART_COUNT)[second]
    return np.kron(steps.T @ steps, np.eye(3))


_DIFFERENCES = _differences()
