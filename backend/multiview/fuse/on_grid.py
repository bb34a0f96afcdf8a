"""What one camera alone made of a person, at the frames of the take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

from backend.lift.beliefs import Beliefs
from backend.lift.lift import Lift, LifterFeatures
from backend.multiview.rig import Rig
from backend.multiview.take_grid import TakeGrid
from motion.arrays import Array
from motion.resample import interpolate_linear
from motion.rotations import interpolate_rotations, normalised


def lift_on_grid(lift: Lift, rig: Rig, view: int, grid: TakeGrid) -> Lift:
    """In the axes of its own camera; poses are held while that one does not run."""
    before_s, own_s = lift.track.times_s, rig.own_times_s(view, grid.times_s)
    track = grid.track(lift.track, rig, view)

    def linear(values: Array) -> Array:
        return interpolate_linear(values, before_s, own_s)

    def turned(R: Array) -> Array:
        return interpolate_rotations(R, before_s, own_s)

    return Lift(track, lift.body, lift.K, turned(lift.R_parent_from_joint), linear(lift.root_camera),
                linear(lift.confidence) * track.seen[:, None], _beliefs_at(lift.beliefs, linear),
                _features_at(lift.features, linear, turned))  # fmt: skip


def _beliefs_at(beliefs: Beliefs | None, linear: Callable[[Array], Array]) -> Beliefs | None:
    if beliefs is None:
        return None
    told = Beliefs(**{field.name: linear(getattr(beliefs, field.name)) for field in fields(beliefs)})
    return replace(told, down_camera=normalised(told.down_camera))


def _features_at(
    features: LifterFeatures | None, linear: Callable[[Array], Array], turned: Callable[[Array], Array]
) -> LifterFeatures | None:
    if features is None:
        return None
    return LifterFeatures(linear(features.hidden), turned(features.R_view_from_camera))
