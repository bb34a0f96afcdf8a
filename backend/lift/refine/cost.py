"""What a correction of some frames costs in all, and the correction that costs least."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.lift.refine.correction import UNKNOWN_COUNT, Corrected, corrected
from backend.lift.refine.knots import Knots
from backend.lift.refine.terms import Bends, Landmarks, Prior
from backend.lift.refine.turned import Bones
from backend.lift.refine.views import LandmarksOfViews
from motion.arrays import Array

_SHARES_OF_STEP = (1.0, 0.3, 0.1)
_RIDGE = 1e-6    # for the outermost coefficients, which hardly any frame hears


@dataclass(frozen=True, eq=False)
class Cost:
    """Of T lifted frames, as a function of the coefficients [G + 2, n] of their correction."""

    bones: Bones
    knots: Knots
    landmarks: Landmarks | LandmarksOfViews
    bends: Bends
    prior: Prior

    def of(self, coefficients: Array) -> float:
        """Infinite where anything is no number."""
        state = self.state(coefficients)
        cost = self.landmarks.cost(state) + self.bends.cost(state) + self.prior.cost(state)
        return cost if np.isfinite(cost) else np.inf

    def step(self, coefficients: Array) -> Array:
        """The Gauss-Newton step [G + 2, n]: to the minimum of the cost with its residuals made linear."""
        state = self.state(coefficients)
        curvature, pull = self.prior.curvature.copy(), -self.prior.pull(state)
        for term in (self.landmarks, self.bends):
            residuals, rows = term.residuals(state)
            curvature += rows.swapaxes(1, 2) @ rows
            pull -= (rows.swapaxes(1, 2) @ residuals[..., None])[..., 0]
        return self.knots.least(curvature, self.prior.slope_curvature, pull, -self.prior.slope_pull(state), _RIDGE)

    def state(self, coefficients: Array) -> Corrected:
        return corrected(self.bones, self.knots.values(coefficients), self.knots.slopes(coefficients))


def least_costly(cost: Cost, rounds: int) -> Array:
    """Coefficients of the correction after some Gauss-Newton steps from none; none that would not lower the cost."""
    best = np.zeros((cost.knots.coefficient_count, UNKNOWN_COUNT))
    least = cost.of(best)
    for _ in range(rounds if np.isfinite(least) else 0):
        step = cost.step(best)
        tried = ((best + share * step) for share in _SHARES_OF_STEP)
        better = next(((each, value) for each in tried if (value := cost.of(each)) < least), None)
        if better is None:
            break
        best, least = better
    return best
