"""The path of the pelvis: where the footage shows it, how fast the network says it goes, and which points rest.

What one camera cannot see well, depth, the other two know: on rendered_dev a network's velocity errs by 0.19 m/s
where the depth that a body's size tells trembles by 0.45 m/s.
"""

from __future__ import annotations

import numpy as np

from backend.world.floor import under_the_body
from backend.world.in_world import InWorld
from backend.world.roll_out import roll_out
from backend.world.sight import Sight, depth_is_seen, nearest_ray, sights_of
from motion.arrays import Array
from motion.banded import BandedNormal

# Standard deviations, and for how long an error stays the same error. On rendered_dev, with true camera paths and
# heights, roots then lie 48 mm beside the truth after rigid alignment; by sight and floor alone 58.
_ACROSS_M, _ACROSS_S = 0.01, 0.1
_DEPTH_SHARE, _DEPTH_S = 0.02, 0.5       # of the distance
_VELOCITY_M_S, _VELOCITY_SHARE, _VELOCITY_S = 0.05, 0.35, 5.0
_RESTING_M, _RESTING_S = 0.1, 0.3       # of a resting point from where it is in the mean
_HEIGHT_M, _HEIGHT_S = 0.05, 0.5         # of a resting point above the floor
_ACCELERATION_ALONG_M_S2, _ACCELERATION_ACROSS_M_S2, _ACCELERATION_S = 6.0, 20.0, 0.1
_UNSEEN_WEIGHT = 1e-3                    # of where the held body of an unseen frame would be
_LET_GO_M = 0.15                         # what the rest of the body contradicts by so much does not rest
_FLOOR_M = 0.15                          # what rests higher than this rests on something else
_PASSES = 5


def root_path(person: InWorld, floor_m: float | None, see_places: bool = True) -> Array:
    """The root [T, 3] m by least squares over the whole clip.

    `floor_m` None: the floor is not known yet. `see_places` False: the camera's way is not known, so that the footage
    tells no places and the first frame stays where it is.
    """
    person = person.with_root(person.root_seen_world if see_places else _rolled_out(person))
    for _ in range(_PASSES):
        person = person.with_root(_solved(person, floor_m, see_places))
    return person.root_world


def _rolled_out(person: InWorld) -> Array:
    """Where the network's velocity leads: feet that rest hold on to where the path puts them first."""
    beliefs = person.lift.beliefs
    if beliefs is None:
        return person.root_world
    path = roll_out(person.R_world_from_pelvis, beliefs.root_velocity, person.rate)
    return person.root_world[0] + path


def _solved(person: InWorld, floor_m: float | None, see_places: bool) -> Array:
    frames = len(person.root_world)
    normal = BandedNormal(frames, 3, 2)
    if see_places:
        normal.add_differences(np.ones(1), sight_information(person), person.root_seen_world)
    else:
        first = np.zeros(frames)
        first[0] = 1e6
        normal.add_differences(np.ones(1), first, person.root_world)
    _add_velocity(normal, person)
    _add_resting(normal, person, floor_m)
    normal.add_differences(np.array([1.0, -2.0, 1.0]), _smoothness(person))
    return normal.solve()


def _smoothness(person: InWorld) -> Array:
    """[T-2, 3, 3]: strong along the line of sight, where the footage trembles, weak across it, where it shows jumps.

    Where lines of sight of several cameras cross, no way is along.
    """
    sights = sights_of(person)
    ray = nearest_ray(sights)[1:-1]
    outer = ray[:, :, None] * ray[:, None, :]
    along, across = ((person.rate**2 / sigma) ** 2 / max(person.rate * _ACCELERATION_S, 1.0)
                     for sigma in (_ACCELERATION_ALONG_M_S2, _ACCELERATION_ACROSS_M_S2))  # fmt: skip
    along_there = np.where(depth_is_seen(sights)[1:-1], across, along)[:, None, None]
    return across * (np.eye(3) - outer) + along_there * outer


def sight_information(person: InWorld) -> Array:
    """[T, 3, 3] m^-2: how well the footage tells the root's place: well across each line of sight, badly along it."""
    return sum(_information(sight, person.rate) for sight in sights_of(person))


def _information(sight: Sight, rate: float) -> Array:
    along = 1.0 / ((_DEPTH_SHARE * sight.distance_m) ** 2 * max(rate * _DEPTH_S, 1.0))
    across = 1.0 / (_ACROSS_M**2 * max(rate * _ACROSS_S, 1.0))
    information = across * (np.eye(3) - sight.outer) + along[:, None, None] * sight.outer
    return np.where(sight.seen, 1.0, _UNSEEN_WEIGHT)[:, None, None] * information


def _add_velocity(normal: BandedNormal, person: InWorld) -> None:
    """The network's word for the speed; of the direct lift there is none."""
    beliefs, rate = person.lift.beliefs, person.rate
    if beliefs is None:
        return
    velocity = np.einsum("tij,tj->ti", person.R_world_from_pelvis, beliefs.root_velocity)[:-1]
    sigma = np.hypot(_VELOCITY_M_S, _VELOCITY_SHARE * np.linalg.norm(velocity, axis=-1))
    seen = person.lift.track.seen
    known = np.where(seen[1:] & seen[:-1], 1.0, _UNSEEN_WEIGHT)
    weights = known * rate**2 / (sigma**2 * max(rate * _VELOCITY_S, 1.0))
    normal.add_differences(np.array([-1.0, 1.0]), weights, velocity / rate)


def _add_resting(normal: BandedNormal, person: InWorld, floor_m: float | None) -> None:
    """Points that rest stay where they were in the mean, and those on the floor lie on it."""
    rate, points = person.rate, person.points_world
    resting = person.resting(floor_m if floor_m is not None else under_the_body(person))
    anchors = span_means(points, resting)
    off_m = np.linalg.norm(anchors - points, axis=-1)
    weights = resting / (1.0 + (off_m / _LET_GO_M) ** 2) ** 2 / (_RESTING_M**2 * max(rate * _RESTING_S, 1.0))
    total = weights.sum(axis=1)
    wanted = np.einsum("tp,tpi->ti", weights, anchors - person.points_from_root)
    normal.add_differences(np.ones(1), total, wanted / np.maximum(total, 1e-12)[:, None])
    if floor_m is not None:
        _add_heights(normal, person, resting, floor_m)


def span_means(points: Array, resting: Array) -> Array:
    """[T, P, 3] the weighted mean of points [T, P, 3] over the span of resting [T, P] above a half to which a frame
    belongs; elsewhere the points themselves.
    """
    held = resting > 0.5
    starts = held & ~np.concatenate([np.zeros_like(held[:1]), held[:-1]])
    span = np.cumsum(starts, axis=0)
    means = np.array(points)
    for number in np.flatnonzero(held.any(axis=0)):
        own, at = span[:, number], held[:, number]
        weight = np.bincount(own[at], resting[at, number])
        for axis in range(3):
            total = np.bincount(own[at], resting[at, number] * points[at, number, axis])
            means[at, number, axis] = (total / np.maximum(weight, 1e-12))[own[at]]
    return means


def _add_heights(normal: BandedNormal, person: InWorld, resting: Array, floor_m: float) -> None:
    rate = person.rate
    heights = person.points_world[..., 2] - floor_m
    # Sunken points count as resting; who rests high up rests on a step, a chair, somebody's shoulders.
    low = 1.0 / (1.0 + np.maximum(heights / _FLOOR_M, 0.0) ** 4)
    weights = low * np.where(heights < 0.0, np.maximum(resting, 0.5), resting) * person.certainty()
    weights /= _HEIGHT_M**2 * max(rate * _HEIGHT_S, 1.0)
    total = weights.sum(axis=1)
    wanted = floor_m - np.sum(weights * person.points_from_root[..., 2], axis=1) / np.maximum(total, 1e-12)
    axes = np.array([0.0, 0.0, 1.0])
    normal.add_differences(np.ones(1), total[:, None] * axes, wanted[:, None] * axes)
