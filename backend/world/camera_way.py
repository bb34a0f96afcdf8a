"""The way of a camera that travels: how many metres its pictures' unit is, or, where they tell none, the whole of it.

Whoever walks gives the scale: their body has a size, and feet that stand do not move.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backend.cameras.camera_path import CameraPath
from backend.lift.lift import Lift
from backend.world.floor import SOLES
from backend.world.in_world import InWorld, before_camera
from backend.world.path import root_path, sight_information
from motion.arrays import Array
from motion.banded import BandedNormal
from motion.filters import gaussian_smoothed
from motion.rotations import normalised

# On the seven clips of rendered_dev whose camera travels by more than a hand, the unit comes out a factor of 1.3 wrong
# in the (geometric) mean; by the network's speeds, which hardly know of running before a camera that keeps up, 2.1.
_STILL_M_S, _STILL_ALONG_M_S = 0.25, 0.6   # of a foot that stands, across the line of sight and along it
_SMOOTHED_S, _FOOT_SMOOTHED_S = 0.15, 0.03
_LOW_M = 0.05
_FASTEST_M_S = 12.0           # of a camera that keeps up with somebody
_TRIED, _MOST_FRAMES = 241, 3000
_ACCELERATION_M_S2 = 1.0      # of a camera that somebody carries or drives


def metres_per_unit(people: list[InWorld], places_world: list[Array]) -> float:
    """By how much places_world [T, 3] of the lens, one for each of the `people` at their own times, are to be
    multiplied: so that in as many frames as can be a foot that is low stands still. The people are placed before a
    lens that stays at the origin.
    """
    feet = [_low_feet(person, places) for person, places in zip(people, places_world, strict=True)]
    fastest = max(float(np.percentile(np.linalg.norm(each.lens, axis=-1), 90)) for each in feet)
    if fastest <= 0.0:
        return 0.0
    tried = np.linspace(0.0, _FASTEST_M_S / fastest, _TRIED)
    for _ in range(2):
        votes = sum(each.votes(tried) for each in feet)
        best, step = tried[int(np.argmax(votes))], tried[1] - tried[0]
        tried = np.linspace(max(best - step, 0.0), best + step, 21)
    return float(best)


@dataclass(frozen=True, eq=False)
class _LowFeet:
    """How the soles of N frames move before a lens that stays, and how that lens moves in truth, by its own unit."""

    velocity: Array      # [N, S, 3] m/s
    low: Array           # [N, S] 0..1
    ray: Array           # [N, 3] the line of sight
    lens: Array          # [N, 3] units a second

    def votes(self, metres: Array) -> Array:
        """[M] in how many frames some low sole stands still, if the unit is so many metres [M]."""
        return np.array([self._votes(each) for each in metres])

    def _votes(self, metres: float) -> float:
        velocity = self.velocity + metres * self.lens[:, None]
        along = np.einsum("npi,ni->np", velocity, self.ray)
        across = np.sum(velocity**2, axis=-1) - along**2
        misfit = across / _STILL_M_S**2 + along**2 / _STILL_ALONG_M_S**2
        return float((self.low * np.exp(-0.5 * misfit)).max(axis=1).sum())


def _low_feet(person: InWorld, places_world: Array) -> _LowFeet:
    rate = person.rate
    soles = person.points_from_root[:, [person.figure.point(name) for name in SOLES]]
    velocity = _velocity(soles + person.root_seen_world[:, None], rate, _FOOT_SMOOTHED_S)
    above = soles[..., 2] - soles[..., 2].min(axis=1, keepdims=True)
    frames = np.flatnonzero(person.lift.track.seen)
    frames = frames[:: max(1, len(frames) // _MOST_FRAMES)]
    ray = normalised(person.root_seen_world - person.camera_world)
    lens = _velocity(places_world, rate, _SMOOTHED_S)
    return _LowFeet(velocity[frames], np.exp(-above[frames] / _LOW_M), ray[frames], lens[frames])


def _velocity(places: Array, rate: float, smoothed_s: float) -> Array:
    return np.gradient(gaussian_smoothed(places, rate, smoothed_s), axis=0) * rate if len(places) > 1 else 0.0 * places


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
    if not camera.places_known:
        places = way_beside(longest)
        first = np.stack([np.interp(camera.times_s, longest.lift.track.times_s, column) for column in places.T], axis=1)
        return replace(camera, places_first=(first - first[0]) @ R_world_from_first, in_metres=True)
    places = [camera.at(person.lift.track.times_s).places_first @ R_world_from_first.T for person in people]
    return replace(camera, places_first=metres_per_unit(people, places) * camera.places_first, in_metres=True)


def standing_before(lift: Lift, camera: CameraPath, R_world_from_first: Array) -> InWorld:
    """Somebody before the same camera, had it turned only."""
    return before_camera(lift, replace(camera, places_first=np.zeros_like(camera.places_first)), R_world_from_first)
