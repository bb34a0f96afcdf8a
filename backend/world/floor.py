"""The floor under resting feet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.world.hints import WorldHints
from backend.world.in_world import InWorld
from motion.arrays import Array
from motion.contacts.believe import STILL_POINTS
from motion.resting import still_probability
from motion.rotations import normalised

SOLES = ("left_heel", "left_ball", "right_heel", "right_ball")
_TOLD = [STILL_POINTS.index(name) for name in SOLES]
_HEIGHT_SIGMA_M = 0.05               # of a resting sole above the true floor
_INDEPENDENT_AFTER_S = 0.5           # errors of neighbouring frames are the same error
_LEAST_EVIDENCE = 0.5                # a quarter of a second of one sole: less may be a glimpse of unseen feet
_PLACE_M = 0.3                       # soles that rest in one square of this size are one place, however long they do
_LOW_SHARE = 0.35                    # of all still soles, the share that may be the floor at first
_LYING_SHARE = 0.2                    # of how high the pelvis stands: no higher over the soles is lying
_UNDER_SHARE = 30                    # percent of the frames: who runs is above the floor in many
_HUBER_M = 0.06
_UP = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, eq=False)
class Floor:
    """A plane in a level world: height of x above it is up . x - offset."""

    up: Array       # [3] unit
    offset: float   # m

    def height(self, points_world: Array) -> Array:
        return points_world @ self.up - self.offset


def find_floor(people: list[InWorld], up_covariance: Array) -> Floor:
    """The plane through resting soles. `up_covariance` [2, 2] rad^2 of the world's up along x and y: it is corrected
    where the soles know better.
    """
    soles, weights = (np.concatenate(parts) for parts in zip(*(resting_soles(person) for person in people)))
    weights = _each_place_once(soles, weights)
    if np.sum(weights) < _LEAST_EVIDENCE:
        return Floor(_UP, min(under_the_body(person) for person in people))
    floor = Floor(_UP, _lower_end(soles[:, 2], weights))
    for _ in range(5):
        floor = _refined(floor, up_covariance, soles, weights)
    return floor


def said_floor(first: InWorld, hints: WorldHints) -> Floor | None:
    """The floor under the lower sole at the time at which, as the artist says, it stands there."""
    if hints.floor_at_s is None:
        return None
    frame = int(np.argmin(np.abs(first.lift.track.times_s - hints.floor_at_s)))
    return Floor(_UP, float(_soles(first)[frame, :, 2].min()))


def own_floor_m(person: InWorld) -> float:
    """How high one person's resting soles lie."""
    soles, weights = resting_soles(person)
    return _lower_end(soles[:, 2], weights) if np.sum(weights) >= _LEAST_EVIDENCE else under_the_body(person)


def resting_soles(person: InWorld) -> tuple[Array, Array]:
    """Sole points [N, 3] that are still on seen frames, with weights [N] that count each half second once."""
    soles, beliefs = _soles(person), person.lift.beliefs
    still = still_probability(soles, person.rate) if beliefs is None else beliefs.still[:, _TOLD]
    certainty = person.certainty()[:, [person.figure.point(name) for name in SOLES]]
    still = still * certainty * person.lift.track.seen[:, None] * _borne(person, soles)
    at = still > 0.5
    return soles[at], still[at] / (person.rate * _INDEPENDENT_AFTER_S)


def _borne(person: InWorld, soles: Array) -> Array:
    """0..1 [T, 4]: soles on which somebody stands or crouches say where the floor is, those of who lies do not."""
    standing_m = person.figure.rest_joints[0, 1] - person.figure.points_rest[person.figure.point(SOLES[0]), 1]
    share = (person.root_world[:, None, 2] - soles[..., 2]) / standing_m
    return np.clip((share - _LYING_SHARE) / _LYING_SHARE, 0.0, 1.0)


def _soles(person: InWorld) -> Array:
    """[T, 4, 3] m."""
    return person.points_world[:, [person.figure.point(name) for name in SOLES]]


def under_the_body(person: InWorld) -> float:
    """Where the floor most likely is before a sole is known to bear anybody: under the lowest point of most frames."""
    lowest = person.points_world[person.lift.track.seen][..., 2].min(axis=1)
    return float(np.percentile(lowest, _UNDER_SHARE))


def _each_place_once(soles: Array, weights: Array) -> Array:
    """Weights [N] scaled so that no place on the floor counts for more than one.

    Somebody who stays on the spot repeats one error for as long as they stand: that must not tilt the floor.
    """
    if len(soles) == 0:
        return weights
    cells = np.floor(soles[:, :2] / _PLACE_M).astype(np.int64)
    _, place = np.unique(cells, axis=0, return_inverse=True)
    total = np.bincount(place.ravel(), weights)
    return weights / np.maximum(1.0, total)[place.ravel()]


def _lower_end(heights: Array, weights: Array) -> float:
    """The weighted median of the lower part of the heights: where the floor most likely is."""
    order = np.argsort(heights)
    share = np.cumsum(weights[order]) / np.sum(weights)
    return float(heights[order][np.searchsorted(share, _LOW_SHARE / 2)])


def _refined(floor: Floor, up_covariance: Array, soles: Array, weights: Array) -> Floor:
    """One robust least-squares step for tilt and offset; the tilt is held near the belief of up."""
    heights = floor.height(soles)
    # Feet on steps and chairs are above the floor; nothing rests far below it.
    robust = weights / np.maximum(1.0, np.abs(heights) / _HUBER_M) ** np.where(heights > 0, 2.0, 1.0)
    middle = np.average(soles, axis=0, weights=robust)
    design = np.concatenate([(soles - middle)[:, :2], -np.ones((len(soles), 1))], axis=1)
    information = (design.T * robust) @ design / _HEIGHT_SIGMA_M**2
    information[:2, :2] += np.linalg.inv(up_covariance)
    information[2, 2] += 1e-9
    right = -(design.T * robust) @ (soles - middle)[:, 2] / _HEIGHT_SIGMA_M**2
    tilt_x, tilt_y, offset = np.linalg.solve(information, right)
    tilted = normalised(_UP + np.array([tilt_x, tilt_y, 0.0]))
    return Floor(tilted, float(offset + middle @ tilted))
