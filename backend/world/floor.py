"""The floor under resting feet, and the path that keeps the feet on it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import solveh_banded

from backend.lift.lift import Lift
from motion.arrays import Array
from motion.resting import SOLE_POINTS, ContactSettings, contact_probability, still_probability
from motion.rotations import normalised
from motion.skeleton import JOINT

_TILT_SIGMA = np.deg2rad(3.0)        # of the bodies' word for up
_HEIGHT_SIGMA_M = 0.05               # of a resting sole above the true floor
_INDEPENDENT_AFTER_S = 0.5           # errors of neighbouring frames are the same error
_PLACE_M = 0.3                       # soles that rest in one square of this size are one place, however long they do
_LOW_SHARE = 0.35                    # of all still soles, the share that may be the floor at first
_UNDER_SHARE = 30                    # percent of the frames: who runs is above the floor in many
_HUBER_M = 0.06
_SAME_HEIGHT_M = 0.06
# Who stands still this far above the floor stands on it: nearer to or farther from the camera than they seemed.
_PULL = {"floor_height": 0.35, "height_width": 0.05}   # m
_UNSEEN_SCORE, _SEEN_SCORE = 0.3, 0.6
_DEPTH_SIGMA_SHARE = 0.05            # of the distance: how well the person's size in the picture tells it
_HELD_WEIGHT = 0.1
_ACCELERATION_SIGMA = 3.0            # m/s^2 along the line of sight


@dataclass(frozen=True, eq=False)
class Floor:
    """A plane in the camera's frame: height of x above it is up . x - offset."""

    up: Array       # [3] unit
    offset: float   # m

    def height(self, points_camera: Array) -> Array:
        return points_camera @ self.up - self.offset


def find_floor(lifts: list[Lift], up: Array) -> Floor:
    """The plane through resting soles; `up` [3] from the bodies is corrected where the soles know better."""
    soles, weights = (np.concatenate(parts) for parts in zip(*(_resting_soles(lift) for lift in lifts)))
    weights = _each_place_once(soles, weights, up)
    if len(soles) == 0:
        return Floor(up, min(_under_the_feet(lift, up) for lift in lifts))
    floor = Floor(up, _lower_end(soles @ up, weights))
    for _ in range(5):
        floor = _refined(floor, up, soles, weights)
    return floor


def own_floor_offset(lift: Lift, up: Array) -> float:
    """Where one person's resting soles lie along `up` [3], m from the camera; negative below it."""
    soles, weights = _resting_soles(lift)
    if len(soles) == 0:
        return _under_the_feet(lift, up)
    return _lower_end(soles @ up, weights)


def _under_the_feet(lift: Lift, up: Array) -> float:
    """Where the floor most likely is when no sole was seen at rest: under the lower foot of most frames."""
    lowest = (soles_camera(lift)[lift.track.seen] @ up).min(axis=1)
    return float(np.percentile(lowest, _UNDER_SHARE))


def soles_camera(lift: Lift) -> Array:
    """The points under heels and balls, [T, 4, 3] m in the camera's frame."""
    names = lift.body.model.point_names
    return lift.points_camera()[:, [names.index(name) for name in SOLE_POINTS]]


def _resting_soles(lift: Lift) -> tuple[Array, Array]:
    """Sole points [N, 3] that are still on seen frames, with weights [N] that count each half second once."""
    soles = soles_camera(lift)
    rate = lift.track.rate
    still = still_probability(soles, rate) * sole_certainty(lift)
    chosen = still > 0.5
    return soles[chosen], still[chosen] / (rate * _INDEPENDENT_AFTER_S)


def sole_certainty(lift: Lift) -> Array:
    """0..1 [T, 4]: feet that nobody saw pull nobody to the floor; scores outside of the picture are 0.3 at most."""
    feet = lift.confidence[:, [JOINT["left_ankle"], JOINT["left_ankle"], JOINT["right_ankle"], JOINT["right_ankle"]]]
    return np.clip((feet - _UNSEEN_SCORE) / (_SEEN_SCORE - _UNSEEN_SCORE), 0.0, 1.0)


def _each_place_once(soles: Array, weights: Array, up: Array) -> Array:
    """Weights [N] scaled so that no place on the floor counts for more than one.

    Somebody who stays on the spot repeats one error for as long as they stand: that must not tilt the floor.
    """
    if len(soles) == 0:
        return weights
    cells = np.floor(soles @ _across(up).T / _PLACE_M).astype(np.int64)
    _, place = np.unique(cells, axis=0, return_inverse=True)
    total = np.bincount(place.ravel(), weights)
    return weights / np.maximum(1.0, total)[place.ravel()]


def _across(up: Array) -> Array:
    """Two unit directions square to `up`, [2, 3]."""
    return np.linalg.svd(up[None])[2][1:]


def _lower_end(heights: Array, weights: Array) -> float:
    """The weighted median of the lower part of the heights: where the floor most likely is."""
    order = np.argsort(heights)
    share = np.cumsum(weights[order]) / np.sum(weights)
    return float(heights[order][np.searchsorted(share, _LOW_SHARE / 2)])


def _refined(floor: Floor, up: Array, soles: Array, weights: Array) -> Floor:
    """One robust least-squares step for tilt and offset; the tilt is held near the bodies' word for up."""
    axes = _across(up)
    heights = floor.height(soles)
    # Feet on steps and chairs are above the floor; nothing rests far below it.
    robust = weights / np.maximum(1.0, np.abs(heights) / _HUBER_M) ** np.where(heights > 0, 2.0, 1.0)
    middle = np.average(soles, axis=0, weights=robust)
    design = np.concatenate([(soles - middle) @ axes.T, -np.ones((len(soles), 1))], axis=1)
    information = (design.T * robust) @ design / _HEIGHT_SIGMA_M**2
    information += np.diag([_TILT_SIGMA**-2, _TILT_SIGMA**-2, 1e-9])
    right = -(design.T * robust) @ ((soles - middle) @ up) / _HEIGHT_SIGMA_M**2
    tilt_0, tilt_1, offset = np.linalg.solve(information, right)
    tilted = normalised(up + tilt_0 * axes[0] + tilt_1 * axes[1])
    return Floor(tilted, float(offset + middle @ tilted))


def path_on_floor(lift: Lift, floor: Floor, contact_settings: ContactSettings) -> Array:
    """The root [T, 3] m in the camera's frame, moved along its lines of sight until resting soles are on the floor.

    Moving along the line of sight leaves the picture as it is. One number a frame, the change of depth, from three
    demands: resting and sunken soles at height zero, the depth that the size in the picture says, no jerks.
    """
    change = np.zeros(len(lift.root_camera))
    pull = replace(contact_settings, **_PULL)
    sight = lift.root_camera / np.maximum(lift.root_camera[:, 2:], 1e-6)   # per metre of depth
    for _ in range(3):
        soles = soles_camera(lift) + (sight * change[:, None])[:, None]
        change = change + _depth_change(lift, floor, sight, soles, change, pull)
    return lift.root_camera + sight * change[:, None]


def _depth_change(
    lift: Lift, floor: Floor, sight: Array, soles: Array, change: Array, settings: ContactSettings
) -> Array:
    rate = lift.track.rate
    heights = floor.height(soles)                                                        # [T, 4]
    upright = np.stack([soles @ axis for axis in _floor_axes(floor)], axis=-1)
    upright[..., 2] = heights
    resting = np.where(heights < 0.0, 1.0, contact_probability(upright, rate, settings))
    # Of two still feet at different heights the lower one stands; the other is held up.
    resting = resting * (heights < heights.min(axis=1, keepdims=True) + _SAME_HEIGHT_M)
    resting = resting * sole_certainty(lift) / (rate * _INDEPENDENT_AFTER_S)
    slope = sight @ floor.up                                                             # height per metre of depth
    weight = resting.sum(axis=1) * slope**2 / _HEIGHT_SIGMA_M**2
    right = -(resting * heights).sum(axis=1) * slope / _HEIGHT_SIGMA_M**2
    # Where nobody is seen the held depth counts a little, else the path would run off along a straight line.
    known = np.where(lift.track.seen, 1.0, _HELD_WEIGHT)
    size_weight = known / ((_DEPTH_SIGMA_SHARE * lift.root_camera[:, 2]) ** 2 * rate * _INDEPENDENT_AFTER_S)
    smooth = (rate**2 / _ACCELERATION_SIGMA) ** 2 / rate
    bands, bending = _second_difference_bands(len(change), smooth, change)
    bands[0] += weight + size_weight
    return solveh_banded(bands, right - size_weight * change - bending, lower=True)


def _second_difference_bands(count: int, weight: float, values: Array) -> tuple[Array, Array]:
    """Lower bands [3, T] of weight D'D for second differences D, and weight D'D values [T]."""
    D = np.zeros((3, count))
    bending = np.zeros(count)
    if count >= 3:
        for k, coefficient in enumerate((1.0, -2.0, 1.0)):
            D[0, k : count - 2 + k] += weight * coefficient**2
        D[1, 1 : count - 2] += weight * -4.0
        D[1, 0] = D[1, count - 2] = weight * -2.0
        D[2, : count - 2] = weight
        second = weight * np.diff(values, 2)
        for k, coefficient in enumerate((1.0, -2.0, 1.0)):
            bending[k : count - 2 + k] += coefficient * second
    return D, bending


def _floor_axes(floor: Floor) -> Array:
    """Three unit axes [3, 3] as rows, the last one up."""
    return np.concatenate([_across(floor.up), floor.up[None]])

