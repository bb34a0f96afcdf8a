"""The way of a camera that travels: how many metres its pictures' unit is, or, where they tell none, the whole of it.

Whoever walks gives the scale: their body has a size, the network tells their speed, and feet that rest do not move.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.cameras.camera_path import CameraPath
from backend.lift.lift import Lift
from backend.world.in_world import InWorld, before_camera
from backend.world.path import root_path, sight_information
from motion.arrays import Array
from motion.banded import BandedNormal
from motion.filters import gaussian_smoothed

_SMOOTHED_S = 0.15            # speeds are compared after the depth's tremor is taken out
_HUBER_M_S = 0.3
_RESTING_M_S = 0.6            # of points that rest, by how much the lifted foot trembles about the pelvis
_ROUNDS = 10
_LARGEST_M = 1000.0           # of the whole way
_ACCELERATION_M_S2 = 1.0      # of a camera that somebody carries or drives


def metres_per_unit(people: list[InWorld], places_world: list[Array]) -> float:
    """By how much places_world [T, 3] of the lens, one for each of the `people` at their own times, are to be
    multiplied. The people are placed before a lens that stays at the origin.
    """
    rows = [_speeds(person, places) for person, places in zip(people, places_world, strict=True)]
    lens, wanted, weights = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    metres, robust = 0.0, np.ones(len(lens))
    for _ in range(_ROUNDS):
        total = robust * weights
        metres = float(np.sum(total[:, None] * lens * wanted) / max(np.sum(total[:, None] * lens**2), 1e-12))
        off_m_s = np.linalg.norm(wanted - metres * lens, axis=-1)
        robust = 1.0 / np.maximum(1.0, off_m_s / _HUBER_M_S)
    span = max(float(np.ptp(places, axis=0).max()) for places in places_world)
    return float(np.clip(metres, 0.0, _LARGEST_M / max(span, 1e-9)))


def _speeds(person: InWorld, places_world: Array) -> tuple[Array, Array, Array]:
    """The lens' speed [N, 3] in units a second, what it should be in m/s [N, 3], and weights [N]: once by the
    network's velocity, once by each point that rests.
    """
    rate = person.rate
    lens = np.gradient(gaussian_smoothed(places_world, rate, _SMOOTHED_S), axis=0) * rate
    seen_root = np.gradient(gaussian_smoothed(person.root_seen_world, rate, _SMOOTHED_S), axis=0) * rate
    beliefs, seen = person.lift.beliefs, person.lift.track.seen.astype(float)
    parts = []
    if beliefs is not None:
        velocity = np.einsum("tij,tj->ti", person.R_parent_from_joint[:, 0], beliefs.root_velocity)
        velocity = gaussian_smoothed(velocity, rate, _SMOOTHED_S)
        sigma = np.hypot(0.1, 0.25 * np.linalg.norm(velocity, axis=-1))
        parts.append((lens, velocity - seen_root, seen / sigma**2))
    resting = _resting_by_themselves(person)
    for number in np.flatnonzero(resting.sum(axis=0) > 0.0):
        own = gaussian_smoothed(person.points_from_root[:, number], rate, _SMOOTHED_S)
        parts.append((lens, -np.gradient(own, axis=0) * rate - seen_root, resting[:, number] * seen / _RESTING_M_S**2))
    return tuple(np.concatenate(each) for each in zip(*parts, strict=True))


def _resting_by_themselves(person: InWorld) -> Array:
    """[T, P] of heels and balls as the network says it: how fast they move is not known before the lens' way is."""
    resting = np.zeros(person.points_from_root.shape[:2])
    names = ("left_heel", "left_ball", "right_heel", "right_ball")
    chosen = [person.figure.point(name) for name in names]
    if person.lift.beliefs is not None:
        resting[:, chosen] = person.lift.beliefs.still[:, [0, 1, 3, 4]] * person.certainty()[:, chosen]
    return resting


def way_beside(person: InWorld) -> Array:
    """The lens [T, 3] m beside somebody whose own steps are all that is known of the way, smooth over time."""
    walked = person.with_root(root_path(person, None, see_places=False))
    from_lens = person.root_seen_world - person.camera_world
    wanted = walked.root_world - from_lens
    frames, rate = len(wanted), person.rate
    normal = BandedNormal(frames, 3, 2)
    normal.add_differences(np.ones(1), sight_information(person), wanted)
    smooth = (rate**2 / _ACCELERATION_M_S2) ** 2 / max(0.5 * rate, 1.0)
    normal.add_differences(np.array([1.0, -2.0, 1.0]), np.full(max(frames - 2, 0), smooth))
    return normal.solve()


def with_way(camera: CameraPath, people: list[InWorld], R_world_from_first: Array) -> CameraPath:
    """The camera's path in metres. `people` stand before a lens that stays at the origin."""
    if camera.kind != "travelling" or camera.in_metres:
        return camera
    longest = max(people, key=lambda person: int(person.lift.track.seen.sum()))
    if not np.ptp(camera.places_first, axis=0).max() > 0.0:
        places = way_beside(longest)
        first = np.stack([np.interp(camera.times_s, longest.lift.track.times_s, column) for column in places.T], axis=1)
        return replace(camera, places_first=(first - first[0]) @ R_world_from_first, in_metres=True)
    places = [camera.at(person.lift.track.times_s).places_first @ R_world_from_first.T for person in people]
    return replace(camera, places_first=metres_per_unit(people, places) * camera.places_first, in_metres=True)


def standing_before(lift: Lift, camera: CameraPath, R_world_from_first: Array) -> InWorld:
    """Somebody before the same camera, had it turned only."""
    return before_camera(lift, replace(camera, places_first=np.zeros_like(camera.places_first)), R_world_from_first)
