"""Ways from what single cameras saw of a person to limbs in space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from backend.body.actor import BodySettings, bodies_of
from backend.lift.lift import Lift
from backend.lift.lift_by_network import lift_by_network
from backend.lift.network.lifter import Lifter
from backend.multiview.fuse.fused_lift import fused_lift
from backend.multiview.fuse.triangulate import triangulated
from backend.multiview.rig import Rig
from backend.multiview.settings import MultiviewSettings
from backend.multiview.take_grid import TakeGrid, take_grid
from bench.multiview_measures import bridged
from bench.multiview_takes import Take
from motion.arrays import Array, Mask
from motion.landmarks import LIMB_LANDMARKS


@dataclass(frozen=True, eq=False)
class Limbs:
    """A way's word: limbs [T, 12, 3] m before the first camera, at times by its clock."""

    times_s: Array
    limbs_first: Array


@dataclass(frozen=True, eq=False)
class LiftedTake:
    """A take and what each camera alone makes of it."""

    take: Take
    lifts: tuple[Lift, ...]

    def only(self, views: Sequence[int]) -> LiftedTake:
        """As some of the cameras see it, the first of these first."""
        return LiftedTake(self.take.only(views), tuple(self.lifts[view] for view in views))

    def truth_at(self, times_s: Array, view: int = 0) -> Array:
        """[T, 12, 3] m before a camera, at times by its clock."""
        camera = self.take.views[view].camera
        return self.take.limbs_before(camera, camera.take_times_s(times_s))

    def shared(self, times_s: Array, view: int = 0) -> Mask:
        """[T] of times by a camera's clock: whether all cameras run, as is judged."""
        spans = [each.camera.take_times_s(each.track.times_s[[0, -1]]) for each in self.take.views]
        take_s = self.take.views[view].camera.take_times_s(times_s)
        return (take_s >= max(span[0] for span in spans)) & (take_s <= min(span[1] for span in spans))


def lifted(take: Take, height_m: float | None, lifter: Lifter, device: str = "cpu") -> LiftedTake:
    """Each camera alone, as the pipeline does where it does not know its lens."""
    lifts = []
    for view in take.views:
        start = bodies_of([view.track], view.K_guessed, BodySettings(height_m), None)[0]
        lifts.append(lift_by_network(view.track, start.body, view.K_guessed, lifter, device=device))
    return LiftedTake(take, tuple(lifts))


def alone(seen: LiftedTake, view: int) -> Limbs:
    """One camera."""
    lift = seen.lifts[view]
    return Limbs(lift.track.times_s, lift.points_camera()[:, LIMB_LANDMARKS])


def fused(
    seen: LiftedTake, rig: Rig, settings: MultiviewSettings, height_m: float | None, device: str,
    views: Sequence[int] | None = None,
) -> Lift:  # fmt: skip
    """One body of all cameras by a rig, or of those of its `views` that found the person, of which there are two."""
    lifts = {view: seen.lifts[view] for view in (range(len(seen.lifts)) if views is None else views)}
    return fused_lift(lifts, rig, grid_of(seen, rig), settings, height_m=height_m, device=device)


def limbs_of(lift: Lift) -> Limbs:
    return Limbs(lift.track.times_s, lift.points_camera()[:, LIMB_LANDMARKS])


def landmarks_only(seen: LiftedTake, rig: Rig) -> Limbs:
    """What triangulation alone says, without bodies; gaps are bridged in straight lines."""
    grid = grid_of(seen, rig)
    tracks = [grid.track(lift.track, rig, view) for view, lift in enumerate(seen.lifts)]
    points = triangulated(np.stack([track.landmarks_px for track in tracks]),
                          np.stack([track.scores for track in tracks]), rig).points_first  # fmt: skip
    return Limbs(grid.times_s, bridged(points[:, LIMB_LANDMARKS], grid.times_s))


def grid_of(seen: LiftedTake, rig: Rig) -> TakeGrid:
    spans_s = np.array([lift.track.times_s[[0, -1]] for lift in seen.lifts])
    return take_grid(Fraction(seen.take.views[0].camera.rate_hz).limit_denominator(1001), rig, spans_s)
