"""One person before several standing cameras, with what is true of all of them and what the product would know.

All truth is on the take's own clock and in a world with Z up; each clip has a clock of its own. How one camera alone
sees a take, for want of the others:

    from backend.body.actor import BodySettings, bodies_of
    from backend.lift.lift_by_network import lift_by_network
    from backend.lift.network.lift_network import shipped_lifter

    lifter = shipped_lifter()
    for take in simulated_takes(Path("prepared.npz"), "dev", count=4, seed=1):
        for view in take.views:
            start = bodies_of([view.track], view.K_guessed, BodySettings(take.height_m), None)[0]
            lift = lift_by_network(view.track, start.body, view.K_guessed, lifter)
            truth = take.limbs_before(view.camera, view.camera.take_times_s(lift.track.times_s))   # [T, 12, 3]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from backend.cameras.focal import GUESS_OVER_LONG_SIDE
from backend.multiview.rig import Rig
from backend.track.tracks import Track
from bench.render.performance import Performance
from motion.arrays import Array, freeze
from motion.resample import interpolate_linear
from motion.rotations import interpolate_rotations


@dataclass(frozen=True, eq=False)
class StandingCamera:
    """Where a camera truly stands, its lens, and its clock; OpenCV axes."""

    name: str
    size_px: tuple[int, int]
    K: Array                      # [3, 3] px
    R_camera_from_world: Array    # [3, 3]
    t_camera_from_world: Array    # [3] m
    rate_hz: float
    start_s: float = 0.0          # on the take's clock, when this one shows zero
    clock_rate: float = 1.0       # seconds of this clock in one of the take's

    def __post_init__(self) -> None:
        freeze(self, {"K": "3 3", "R_camera_from_world": "3 3", "t_camera_from_world": "3"})

    @property
    def place_world(self) -> Array:
        """[3] m of the lens."""
        return -self.R_camera_from_world.T @ self.t_camera_from_world

    def in_camera(self, points_world: Array) -> Array:
        """Points [..., 3] m of the world in the camera's frame."""
        return points_world @ self.R_camera_from_world.T + self.t_camera_from_world

    def take_times_s(self, own_times_s: Array) -> Array:
        """What the take's clock shows when the camera's own shows these."""
        return self.start_s + own_times_s / self.clock_rate


def guessed_intrinsics(size_px: tuple[int, int]) -> Array:
    """K [3, 3] px of a picture of which nobody says through what lens it was taken."""
    focal_px = GUESS_OVER_LONG_SIDE * max(size_px)
    return np.array([[focal_px, 0.0, size_px[0] / 2.0], [0.0, focal_px, size_px[1] / 2.0], [0.0, 0.0, 1.0]])


@dataclass(frozen=True, eq=False)
class TakeView:
    """One clip: who films, and the person as the product followed them, on the clip's own clock."""

    camera: StandingCamera
    track: Track
    K_guessed: Array              # [3, 3] px as the product takes it where nobody says what lens it is
    film: Path | None = None      # None where nobody filmed


@dataclass(frozen=True, eq=False)
class Take:
    """The true motion of one person, and the clips of it; the first is the one that others are compared with."""

    name: str
    times_s: Array              # [N] of the truth, on the take's clock
    limbs_world: Array          # [N, 12, 3] m, LIMB_LANDMARKS
    views: tuple[TakeView, ...]
    height_m: float | None = None               # None where nobody measured it
    performance: Performance | None = None      # begins with the take's clock; None where only places are known
    leg_m: float | None = None                  # thigh plus shank, where that is what is known of the person's size

    def __post_init__(self) -> None:
        freeze(self, {"times_s": "N", "limbs_world": "N 12 3"}, N=len(self.times_s))

    def only(self, views: Sequence[int]) -> Take:
        """The take as some of its cameras see it, the first of these first."""
        return replace(self, views=tuple(self.views[view] for view in views))

    def limbs_before(self, camera: StandingCamera, take_times_s: Array) -> Array:
        """The true limbs [T, 12, 3] m before one of the cameras; NaN at times of which the truth says nothing."""
        limbs = camera.in_camera(interpolate_linear(self.limbs_world, self.times_s, take_times_s))
        half = 0.5 * float(np.diff(self.times_s).max())
        known = (take_times_s > self.times_s[0] - half) & (take_times_s < self.times_s[-1] + half)
        return np.where(known[:, None, None], limbs, np.nan)

    def rig(self) -> Rig:
        """All cameras and clocks as they are, as the product would write them."""
        cameras = [view.camera for view in self.views]
        first = cameras[0]
        return Rig(
            K=np.stack([camera.K for camera in cameras]),
            R_first_from_camera=np.stack([first.R_camera_from_world @ each.R_camera_from_world.T for each in cameras]),
            places_first=np.stack([first.in_camera(each.place_world) for each in cameras]),
            starts_s=np.array([(each.start_s - first.start_s) * first.clock_rate for each in cameras]),
            clock_rates=np.array([each.clock_rate / first.clock_rate for each in cameras]),
        )

    def angle_deg(self, one: int, other: int) -> float:
        """Between the directions from the middle of the person's path to two of the cameras."""
        middle = np.median(self.limbs_world.reshape(-1, 3), axis=0)
        towards = [self.views[view].camera.place_world - middle for view in (one, other)]
        cosine = towards[0] @ towards[1] / np.prod([np.linalg.norm(each) for each in towards])
        return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def at_times(performance: Performance, take_times_s: Array) -> Performance:
    """What begins with the take, at other times [T]; its rate is of no meaning then."""
    own_s = np.arange(len(performance.root_world)) / performance.rate_hz
    return replace(
        performance,
        R_parent_from_joint=interpolate_rotations(performance.R_parent_from_joint, own_s, take_times_s),
        root_world=interpolate_linear(performance.root_world, own_s, take_times_s),
    )
