"""Several cameras that film the same thing: where they stand, their lenses, and their clocks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from motion.arrays import Array, freeze


@dataclass(frozen=True, eq=False)
class Rig:
    """V standing cameras in the frame, and by the clock, of the first of them. OpenCV axes."""

    K: Array                      # [V, 3, 3] px
    R_first_from_camera: Array    # [V, 3, 3]
    places_first: Array           # [V, 3] m, of the lenses
    starts_s: Array               # [V] what the first camera's clock shows when that of each shows zero
    clock_rates: Array            # [V] seconds of each camera's clock in one second of the first's

    def __post_init__(self) -> None:
        shapes = {"K": "V 3 3", "R_first_from_camera": "V 3 3", "places_first": "V 3", "starts_s": "V",
                  "clock_rates": "V"}  # fmt: skip
        freeze(self, shapes, V=len(self.K))

    @property
    def count(self) -> int:
        return len(self.K)

    def own_times_s(self, view: int, times_s: Array) -> Array:
        """What the clock of a camera shows when the first camera's shows times_s [N]."""
        return (times_s - self.starts_s[view]) * self.clock_rates[view]

    def first_times_s(self, view: int, own_times_s: Array) -> Array:
        """And back."""
        return own_times_s / self.clock_rates[view] + self.starts_s[view]

    def in_camera(self, view: int, points_first: Array) -> Array:
        """Points [..., 3] m of the first camera's frame in that of another."""
        return (points_first - self.places_first[view]) @ self.R_first_from_camera[view]

    def in_first(self, view: int, points_camera: Array) -> Array:
        """And back."""
        return points_camera @ self.R_first_from_camera[view].T + self.places_first[view]

    def scaled(self, factor: float) -> Rig:
        """The same with all lengths multiplied."""
        return replace(self, places_first=factor * self.places_first)

    def only(self, views: list[int]) -> Rig:
        """Some of the cameras, in the frame and by the clock of the first of these."""
        first = views[0]
        R_new_from_old = self.R_first_from_camera[first].T
        return Rig(self.K[views], R_new_from_old @ self.R_first_from_camera[views],
                   self.in_camera(first, self.places_first[views]), self.own_times_s(first, self.starts_s[views]),
                   self.clock_rates[views] / self.clock_rates[first])  # fmt: skip


def alone(K: Array) -> Rig:
    """One camera."""
    return Rig(K[None], np.eye(3)[None], np.zeros((1, 3)), np.zeros(1), np.ones(1))
