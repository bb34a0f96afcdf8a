"""Bundle adjustment: cameras, clocks, lenses, bones and points of people, all at once, from a first guess.

Gauss and Newton's steps, damped after Levenberg and Marquardt. Every moment has points of its own, so that they are
eliminated moment by moment (Schur's complement; Triggs and others 1999, "Bundle adjustment", section 6) and the time is
linear in their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backend.multiview.calibrate.residuals import Moments, blocks
from backend.multiview.calibrate.unknowns import LENS, Unknowns
from motion.arrays import Array, Mask

_LOG_BONE_SIGMA = 0.08       # of a bone less that of the body which was guessed
_LOG_LENS_SIGMA = 0.15
_ERRORS_LAST_S = 0.4         # a detector's error is about the same for so long
_GROSS_SIGMAS = (12.0, 3.0)  # first guesses are off by much
_DAMPING, _LESS, _MORE, _MOST = 1e-3, 0.2, 8.0, 1e6
_RIDGE = 1e-6                # for points that nobody sees
_NOTHING_KNOWN = 1e-4        # of what nothing tells the variance is this to the power of -1, not infinite
_ENOUGH = 5e-4               # of the cost: steps that gain less are the last


@dataclass(frozen=True, eq=False)
class Adjusted:
    """Where an adjustment ended."""

    state: Unknowns
    points: list[Array]     # [K, L, 3] m of every person's moments, in the first camera's frame
    cost: float             # by moment
    covariance: Array       # [count, count] of the unknowns; zero of those that were not free


@dataclass(frozen=True, eq=False)
class _Normal:
    """One linearisation with the points eliminated: S x = b, and how points follow."""

    S: Array
    b: Array
    cost: float
    follow: list[tuple[Array, Array]]   # by person: points' own step [K, 3 L] and its answer [K, 3 L, G]


_Place = tuple[Unknowns, list[Array]]


def adjusted(
    people: Sequence[Moments], state: Unknowns, points: Sequence[Array], free: Mask, rounds: int, spacing_s: float
) -> Adjusted:
    """The least cost that some rounds reach, far errors being heard first. `free` [count]: which unknowns may change.
    """
    usual, share = state.log_bones, min(1.0, spacing_s / _ERRORS_LAST_S)
    here, cost, normal = (state, list(points)), np.inf, None
    for gross_sigmas in _GROSS_SIGMAS:
        problem = _Problem(people, usual, free, share, gross_sigmas)
        here, cost, normal = _descended(problem, here, rounds)
    covariance = np.zeros_like(normal.S)
    covariance[np.ix_(free, free)] = np.linalg.inv(normal.S[np.ix_(free, free)] + _NOTHING_KNOWN * np.eye(free.sum()))
    return Adjusted(*here, cost / max(1, sum(map(len, here[1]))), covariance)


def _descended(problem: _Problem, here: _Place, rounds: int) -> tuple[_Place, float, _Normal]:
    """Where damped steps lead, the cost there, and the linearisation before the last of them."""
    damping, normal = _DAMPING, problem.normal(*here, _DAMPING)
    cost = normal.cost
    for _ in range(rounds):
        ahead = _ahead(here, normal, damping, problem.free)
        tried = problem.normal(*ahead, damping * _LESS)
        if tried.cost < cost:
            gained, cost = cost - tried.cost, tried.cost
            here, normal, damping = ahead, tried, damping * _LESS
            if gained < _ENOUGH * cost:
                break
        elif damping > _MOST:
            break
        else:
            damping *= _MORE
            normal = problem.normal(*here, damping)
    return here, cost, normal


@dataclass(frozen=True, eq=False)
class _Problem:
    people: Sequence[Moments]
    usual_log_bones: Array
    free: Mask
    share: float           # of independent evidence in one moment
    gross_sigmas: float

    def normal(self, state: Unknowns, points: Sequence[Array], damping: float) -> _Normal:
        """The points' own curvature is damped here, that of the other unknowns when the step is made."""
        S, b, cost = self._beliefs(state)
        follow = []
        for moments, here in zip(self.people, points, strict=True):
            found = blocks(moments, here, state, self.gross_sigmas)
            to_points = np.swapaxes(found.by_points, 1, 2)
            own = to_points @ found.by_points
            each = np.arange(own.shape[1])
            own[:, each, each] = (1.0 + damping) * own[:, each, each] + _RIDGE
            mixed = to_points @ found.by_unknowns
            pull = -(to_points @ found.residuals[..., None])
            answer = np.linalg.solve(own, np.concatenate([pull, mixed], axis=2))
            alone, with_unknowns = answer[..., 0], answer[..., 1:]
            to_unknowns, eliminated = (each.reshape(-1, state.count) for each in (found.by_unknowns, mixed))
            S += self.share * (to_unknowns.T @ to_unknowns - eliminated.T @ with_unknowns.reshape(eliminated.shape))
            b -= self.share * (to_unknowns.T @ found.residuals.ravel() + eliminated.T @ alone.ravel())
            cost += self.share * float(found.cost.sum())
            follow.append((alone, with_unknowns))
        return _Normal(S, b, cost, follow)

    def _beliefs(self, state: Unknowns) -> tuple[Array, Array, float]:
        """What is believed of lenses and bones before anything is seen."""
        S, b = np.zeros((state.count, state.count)), np.zeros(state.count)
        off, sure = np.zeros(state.count), np.zeros(state.count)
        for view, log_lens in enumerate(state.log_lens):
            off[state.of_view(view)][LENS], sure[state.of_view(view)][LENS] = log_lens, _LOG_LENS_SIGMA**-2
        bones = slice(state.count - state.log_bones.size, state.count)
        off[bones], sure[bones] = (state.log_bones - self.usual_log_bones).ravel(), _LOG_BONE_SIGMA**-2
        np.fill_diagonal(S, sure)
        b -= sure * off
        return S, b, float(0.5 * np.sum(sure * off**2))


def _ahead(here: _Place, normal: _Normal, damping: float, free: Mask) -> _Place:
    S, step = normal.S[np.ix_(free, free)], np.zeros(len(normal.b))
    step[free] = np.linalg.solve(S + np.diag(damping * np.diag(S) + 1e-12), normal.b[free])
    state, points = here
    moved = [each + (alone - with_unknowns @ step).reshape(each.shape)
             for each, (alone, with_unknowns) in zip(points, normal.follow, strict=True)]  # fmt: skip
    return state.changed(step), moved
