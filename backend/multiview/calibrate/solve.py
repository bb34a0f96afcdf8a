"""Cameras and clocks brought to agree about people whom several of them saw, from a first guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from backend.multiview.calibrate.adjust import Adjusted, adjusted
from backend.multiview.calibrate.first_guess import second_beside_first
from backend.multiview.calibrate.residuals import Moments, bone_lengths
from backend.multiview.calibrate.sightings import Seen, moments
from backend.multiview.calibrate.unknowns import Unknowns, freedom
from backend.multiview.rig import Rig
from motion.arrays import Array

SPACING_S = 0.07
FEWEST_MOMENTS, _GUESS_MOMENTS = 5, 100
_DRIFT_SHOWS_S = 60.0    # clocks of phones differ by some 20 in a million: a tenth of a frame after two minutes


def solved(
    people: Sequence[Mapping[int, Seen]], rig: Rig, *, lenses_known: Sequence[bool], clocks: bool = True,
    poses: bool = True, rounds: int = 25, most_moments: int = 150,
) -> Adjusted | None:  # fmt: skip
    """The rig at which all that is seen agrees best. None where no two cameras see a person at the same moments.

    `clocks` and `poses`: whether these may change.
    """
    seen = [_moments(number, views, rig, most_moments) for number, views in enumerate(people)]
    if sum(len(each.times_s) for each in seen) < FEWEST_MOMENTS:
        return None
    points = [_first_points(each, rig) for each in seen]
    bones = np.log([_usual_bones(each, rig) for each in seen])
    length_s = max(float(np.ptp(each.times_s)) if len(each.times_s) else 0.0 for each in seen)
    free = freedom(rig.count, bones.size, clocks=clocks, drift=clocks and length_s > _DRIFT_SHOWS_S, poses=poses,
                   lenses=[poses and not known for known in lenses_known])  # fmt: skip
    count = max(len(each.times_s) for each in seen)
    return adjusted(seen, Unknowns(rig, bones, np.zeros(rig.count)), points, free, rounds, length_s / max(1, count - 1))


def beside(first: Mapping[int, Seen], second: Mapping[int, Seen], rig: Rig, one: int, other: int) -> Rig | None:
    """The rig with camera `other` placed beside camera `one` by the people, by number, whom both saw.

    None where they share no moment.
    """
    ways = []
    for person in first.keys() & second.keys():
        times_s = _shared_times_s(first[person], second[person], rig, one, other)
        way = second_beside_first(first[person].at(rig.own_times_s(one, times_s)),
                                  second[person].at(rig.own_times_s(other, times_s)))  # fmt: skip
        if way is not None:
            ways.append(way)
    if not ways:
        return None
    way = min(ways, key=lambda each: each.misfit_rad)
    R, places = rig.R_first_from_camera.copy(), rig.places_first.copy()
    R[other] = R[one] @ way.R_first_from_second
    places[other] = rig.in_first(one, way.place_first)
    return replace(rig, R_first_from_camera=R, places_first=places)


def _shared_times_s(a: Seen, b: Seen, rig: Rig, one: int, other: int) -> Array:
    begin_s = max(rig.first_times_s(view, each.times_s[0]) for view, each in ((one, a), (other, b)))
    end_s = min(rig.first_times_s(view, each.times_s[-1]) for view, each in ((one, a), (other, b)))
    return np.linspace(begin_s, end_s, _GUESS_MOMENTS) if end_s > begin_s else np.zeros(1)


def _moments(number: int, views: Mapping[int, Seen], rig: Rig, most: int) -> Moments:
    times_s = moments(views, rig, SPACING_S, most)
    return Moments(number, times_s, tuple(views.get(view) for view in range(rig.count)))


def _first_points(person: Moments, rig: Rig) -> Array:
    """[K, L, 3] m: the mean of where each camera alone puts them."""
    total, count = 0.0, np.zeros((len(person.times_s), 1, 1))
    for view, seen in enumerate(person.views):
        if seen is not None:
            at = seen.at(rig.own_times_s(view, person.times_s))
            shown = at.seen[:, None, None]
            total = total + shown * rig.in_first(view, at.points_hips + at.root_camera[:, None])
            count += shown
    return total / np.maximum(count, 1)


def _usual_bones(person: Moments, rig: Rig) -> Array:
    """[B] m: of the bodies which single cameras guessed."""
    return np.mean([bone_lengths(seen.points_hips) for seen in person.views if seen is not None], axis=0)
