"""What two or more cameras saw of people at the same moments: the observations that tell where the cameras stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from backend.lift.lift import Lift
from backend.lift.refine.trust import usual_trust
from backend.multiview.rig import Rig
from motion.arrays import Array, Indices, Mask, freeze
from motion.filters import gaussian_smoothed
from motion.kinematics import forward_kinematics
from motion.landmarks import LANDMARK
from motion.resample import interpolate_linear
from motion.skeleton import BODY_JOINT_COUNT

# Landmarks that detectors place well and that stay where they are on a body; of the face its firm points.
_LIMBS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
USED: tuple[str, ...] = ("nose", "left_ear", "right_ear",
                         *(f"{side}_{name}" for name in _LIMBS for side in ("left", "right")))  # fmt: skip
USED_LANDMARKS = np.array([LANDMARK[name] for name in USED])
_SMOOTH_S, _SPEED_SMOOTH_S = 0.02, 0.05
_LEAST_SCORE = 0.3
_LONGEST_GAP_S = 0.25


@dataclass(frozen=True, eq=False)
class Seen:
    """One person as one camera saw them, on its own clock: what a Lift holds, ready to be asked at any moment."""

    times_s: Array         # [T]
    seen: Mask             # [T]
    landmarks_px: Array    # [T, L, 2] of USED, without the bias that a network sees in them
    speeds_px: Array       # [T, L, 2] px/s
    sigma_px: Array        # [T, L]; infinite where nothing is known
    points_hips: Array     # [T, L, 3] m in camera axes, of the lifted body about its pelvis
    root_camera: Array     # [T, 3] m
    R_camera_from_joint: Array   # [T, 22, 3, 3]

    def __post_init__(self) -> None:
        freeze(self, {"times_s": "T", "seen": "T", "landmarks_px": "T L 2", "speeds_px": "T L 2", "sigma_px": "T L",
                      "points_hips": "T L 3", "root_camera": "T 3", "R_camera_from_joint": "T 22 3 3"},
               {"seen": bool}, T=len(self.times_s), L=len(USED))  # fmt: skip

    def at(self, times_s: Array) -> Seen:
        """The same at other times of its clock, orientations of the nearest picture; nothing is seen where pictures
        are missing.
        """
        def lerp(values: Array) -> Array:
            return interpolate_linear(values, self.times_s, times_s)

        near = _near(self.times_s[self.seen], times_s)
        return Seen(times_s, near, lerp(self.landmarks_px), lerp(self.speeds_px),
                    np.where(near[:, None], 1.0 / lerp(1.0 / self.sigma_px).clip(1e-9), np.inf),
                    lerp(self.points_hips), lerp(self.root_camera),
                    self.R_camera_from_joint[_nearest(self.times_s, times_s)])  # fmt: skip


def seen_of(lift: Lift) -> Seen:
    """Of a lift by one camera alone."""
    track, seen = lift.track, lift.track.seen
    unbiased = track.landmarks_px - (0.0 if lift.beliefs is None else lift.beliefs.bias_px)
    filled = interpolate_linear(unbiased[seen][:, USED_LANDMARKS], track.times_s[seen], track.times_s)
    known = seen[:, None] & (track.scores[:, USED_LANDMARKS] >= _LEAST_SCORE)
    sigma = np.where(known, usual_trust(lift).sigma_px[:, USED_LANDMARKS], np.inf)
    R, _ = forward_kinematics(lift.body.skeleton, lift.R_parent_from_joint, lift.root_camera)
    points = lift.points_camera()[:, USED_LANDMARKS] - lift.root_camera[:, None]
    return Seen(track.times_s, seen, gaussian_smoothed(filled, track.rate, _SMOOTH_S), _speeds(filled, track.rate),
                sigma, points, lift.root_camera, R[:, :BODY_JOINT_COUNT])  # fmt: skip


def _speeds(values: Array, rate: float) -> Array:
    """Of values [T, ...], a second."""
    if len(values) < 2:
        return np.zeros_like(values)
    return np.gradient(gaussian_smoothed(values, rate, _SPEED_SMOOTH_S), axis=0) * rate


def _nearest(pictures_s: Array, times_s: Array) -> Indices:
    after = np.searchsorted(pictures_s, times_s).clip(1, len(pictures_s) - 1) if len(pictures_s) > 1 else 0 * times_s
    after = after.astype(int)
    before = np.maximum(after - 1, 0)
    return np.where(np.abs(pictures_s[before] - times_s) < np.abs(pictures_s[after] - times_s), before, after)


def _near(seen_s: Array, times_s: Array) -> Mask:
    """Whether the pictures on both sides of each moment, not far apart, show the person."""
    after = np.searchsorted(seen_s, times_s)
    inside = (after > 0) & (after < len(seen_s))
    before, after = np.maximum(after - 1, 0), np.minimum(after, len(seen_s) - 1)
    on_picture = np.isclose(seen_s[after], times_s) | np.isclose(seen_s[before], times_s)
    return on_picture | (inside & (seen_s[after] - seen_s[before] <= _LONGEST_GAP_S))


def moments(views: Mapping[int, Seen], rig: Rig, spacing_s: float, most: int) -> Array:
    """Times [K] of the first camera's clock, `spacing_s` apart or more, at which two cameras see a person."""
    begin_s = min(rig.first_times_s(view, each.times_s[0]) for view, each in views.items())
    end_s = max(rig.first_times_s(view, each.times_s[-1]) for view, each in views.items())
    times_s = np.arange(begin_s, end_s, spacing_s)
    count = sum(_near(each.times_s[each.seen], rig.own_times_s(view, times_s)).astype(int)
                for view, each in views.items())  # fmt: skip
    times_s = times_s[count >= 2]
    if len(times_s) > most:
        times_s = times_s[np.linspace(0, len(times_s) - 1, most).round().astype(int)]
    return times_s
