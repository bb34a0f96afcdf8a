"""What an adjustment is free to change, as one row of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from backend.multiview.rig import Rig
from motion.arrays import Array, Mask
from motion.rotations import matrix_from_axis_angle

TURN, PLACE, START, DRIFT, LENS = slice(0, 3), slice(3, 6), 6, 7, 8
OF_VIEW = 9    # a turn of the camera, rad; its place, m; start, s; log of the clock's rate; log of the focal length


@dataclass(frozen=True, eq=False)
class Unknowns:
    """Cameras and, person after person, the logarithms of their bones' lengths."""

    rig: Rig
    log_bones: Array    # [P, B] of metres
    log_lens: Array     # [V] of the focal lengths over those that were guessed

    @property
    def count(self) -> int:
        return OF_VIEW * self.rig.count + self.log_bones.size

    def of_view(self, view: int) -> slice:
        """Which numbers belong to a camera; they lie as TURN, PLACE, START, DRIFT and LENS say."""
        return slice(OF_VIEW * view, OF_VIEW * (view + 1))

    def of_bones(self, person: int) -> slice:
        first = OF_VIEW * self.rig.count + self.log_bones.shape[1] * person
        return slice(first, first + self.log_bones.shape[1])

    def changed(self, step: Array) -> Unknowns:
        """After a step [count]; cameras turn about their own lens in the first camera's axes."""
        of_views = step[: OF_VIEW * self.rig.count].reshape(-1, OF_VIEW)
        factors = np.exp(of_views[:, LENS])
        K = self.rig.K.copy()
        K[:, 0, 0] *= factors
        K[:, 1, 1] *= factors
        rig = replace(self.rig, K=K, starts_s=self.rig.starts_s + of_views[:, START],
                      R_first_from_camera=matrix_from_axis_angle(of_views[:, TURN]) @ self.rig.R_first_from_camera,
                      places_first=self.rig.places_first + of_views[:, PLACE],
                      clock_rates=self.rig.clock_rates * np.exp(of_views[:, DRIFT]))  # fmt: skip
        bones = step[OF_VIEW * self.rig.count :].reshape(self.log_bones.shape)
        return Unknowns(rig, self.log_bones + bones, self.log_lens + of_views[:, LENS])


def freedom(
    view_count: int, bone_count: int, *, clocks: bool, drift: bool, lenses: Sequence[bool], poses: bool
) -> Mask:
    """Which unknowns [count] may change: the first camera stays where it is and keeps the time."""
    of_views = np.zeros((view_count, OF_VIEW), dtype=bool)
    of_views[1:, TURN] = of_views[1:, PLACE] = poses
    of_views[1:, START] = clocks
    of_views[1:, DRIFT] = drift
    of_views[:, LENS] = lenses
    return np.concatenate([of_views.ravel(), np.ones(bone_count, dtype=bool)])
