"""What several cameras say against a correction.

All of them together pull on every point of the body with one force, and know its place with one certainty [3, 3]. Three
rows a point hold that, however many cameras there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.lift.refine.correction import Corrected
from backend.lift.refine.settings import RefineSettings
from backend.lift.refine.terms import Landmarks, point_rows, projection_rows
from backend.lift.refine.trust import Trust
from motion.arrays import Array

_LEAST_SHARE, _LEAST = 1e-9, 1e-9   # of certainty along what nobody sees, so that it has a root


@dataclass(frozen=True, eq=False)
class LandmarksOfViews:
    """The landmarks of V cameras in the frame of the first."""

    views: tuple[Landmarks, ...]
    R_view_from_camera: Array    # [V, 3, 3]
    t_view_from_camera: Array    # [V, 3] m

    def cost(self, state: Corrected) -> float:
        return sum(view.cost_of(points) for view, points in zip(self.views, self._in_views(state), strict=True))

    def residuals(self, state: Corrected) -> tuple[Array, Array]:
        """Residuals [T, 99] and their derivatives [T, 99, n]: with root L of the certainty, L^-1 pull and L^T."""
        certainty, pull = self._certainty_and_pull(state)
        spare = _LEAST_SHARE * np.trace(certainty, axis1=-2, axis2=-1) + _LEAST
        root = np.linalg.cholesky(certainty + spare[..., None, None] * np.eye(3))
        residuals = np.linalg.solve(root, pull[..., None])
        return residuals.reshape(len(pull), -1), point_rows(state, root.swapaxes(-1, -2))

    def _certainty_and_pull(self, state: Corrected) -> tuple[Array, Array]:
        """[T, 33, 3, 3] 1/m^2 and [T, 33, 3] 1/m: the curvature and the slope of the cost by the points' places."""
        certainty, pull = np.zeros((*state.body.points.shape, 3)), np.zeros(state.body.points.shape)
        for view, points, R in zip(self.views, self._in_views(state), self.R_view_from_camera, strict=True):
            off, weight = view.weighted(points)
            rows = (weight * view.certainty)[..., None, None] * (projection_rows(points, view.K) @ R)
            certainty += rows.swapaxes(-1, -2) @ rows
            pull += (off[..., None, :] @ rows)[..., 0, :]
        return certainty, pull

    def _in_views(self, state: Corrected) -> list[Array]:
        return [state.body.points @ R.T + t
                for R, t in zip(self.R_view_from_camera, self.t_view_from_camera, strict=True)]  # fmt: skip


def landmarks_of(trust: Trust, K: Array, frame_s: float, settings: RefineSettings) -> Landmarks | LandmarksOfViews:
    """Of the lift's own camera, and of the others if there are any."""
    own = Landmarks.trusted(trust, K, frame_s, settings)
    if not trust.others:
        return own
    others = tuple(Landmarks.trusted(other, other.K, frame_s, settings) for other in trust.others)
    return LandmarksOfViews((own, *others),
                            np.stack([np.eye(3), *(other.R_view_from_camera for other in trust.others)]),
                            np.stack([np.zeros(3), *(other.t_view_from_camera for other in trust.others)]))  # fmt: skip
