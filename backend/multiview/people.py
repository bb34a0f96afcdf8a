"""Who in one clip is who in the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from backend.multiview.calibrate.sightings import Seen, moments
from backend.multiview.rig import Rig
from backend.multiview.sync.correlate import Agreement, Beginning, agreement_of
from backend.multiview.sync.signals import BodySignals
from motion.rotations import normalised

_LEAST_AGREEMENT, _LEAST_WEIGHT = 0.3, 0.4   # of 51 sound pairs of simulated takes the worst have 0.44
_FARTHEST_M = 0.4        # between two cameras' rays to one person
_DEPTH_COUNTS = 0.1      # of how far apart two cameras put somebody: a lone camera's distances are 10 % off and more
_NO_ONE = 1e6
_LIKELIEST = 4


@dataclass(frozen=True)
class Pairing:
    """A moment at which the second clip may have begun, and who in it is then who in the first."""

    start_s: float
    people: tuple[tuple[int, int], ...]    # numbers in the first clip and in the second
    agreement: float                       # the mean of theirs
    overlap_s: float
    weight: float                          # of all of them


def pairings(first: Sequence[BodySignals], second: Sequence[BodySignals], only_s: float | None = None) -> list[Pairing]:
    """By what the people do, likeliest first; empty where nobody in one clip does what somebody does in the other.

    `only_s`: near this start alone.
    """
    table = [[agreement_of(a, b) for b in second] for a in first]
    starts_s = {round(found.start_s, 2): found.start_s for row in table for each in row
                for found in each.beginnings(only_s)}  # fmt: skip
    found = [_pairing(table, start_s, _agree) for start_s in starts_s.values()]
    likely = [each for each in found if each is not None and each.weight >= _LEAST_WEIGHT]
    return sorted(likely, key=lambda each: -each.weight)[:_LIKELIEST]


def pairing_at(first: Sequence[BodySignals], second: Sequence[BodySignals], start_s: float) -> Pairing | None:
    """At a start that is known, also of people who stand still. None where nobody is seen in both clips at once."""
    return _pairing([[agreement_of(a, b) for b in second] for a in first], start_s, lambda told: told is not None)


def _pairing(
    agreements: list[list[Agreement]], start_s: float, belong: Callable[[Beginning | None], bool]
) -> Pairing | None:
    table = [[each.at(start_s) for each in row] for row in agreements]
    weights = np.array([[-1.0 if each is None else each.weight for each in row] for row in table])
    pairs = [(int(a), int(b)) for a, b in zip(*linear_sum_assignment(-weights)) if belong(table[a][b])]
    if not pairs:
        return None
    told = [table[a][b] for a, b in pairs]
    return Pairing(start_s, tuple(pairs), float(np.mean([each.agreement for each in told])),
                   max(each.overlap_s for each in told), float(sum(weights[a, b] for a, b in pairs)))  # fmt: skip


def _agree(told: Beginning | None) -> bool:
    return told is not None and told.agreement >= _LEAST_AGREEMENT


def people_by_place(clips: Sequence[Sequence[Seen]], rig: Rig, used: Sequence[bool]) -> list[dict[int, int]]:
    """Every person as number by clip, by where cameras that are known put them; those of the first clip come first."""
    people: list[dict[int, int]] = []
    for view, seen in enumerate(clips):
        if not used[view]:
            continue
        distances = np.array([[_apart_m(person, clips, view, other, rig) for other in seen] for person in people])
        taken: set[int] = set()
        if distances.size:
            for person, number in zip(*linear_sum_assignment(distances)):
                if distances[person, number] < _FARTHEST_M:
                    people[person][view] = int(number)
                    taken.add(int(number))
        people += [{view: number} for number in range(len(seen)) if number not in taken]
    return people


def _apart_m(person: Mapping[int, int], clips: Sequence[Sequence[Seen]], view: int, other: Seen, rig: Rig) -> float:
    """The least median distance to a person as the clips see them that have them already."""
    found = [_between_m(clips[known][number], known, other, view, rig) for known, number in person.items()]
    return min(found)


def _between_m(a: Seen, one: int, b: Seen, other: int, rig: Rig) -> float:
    """Mostly of the viewing rays to the same landmarks, which do not know how far away anybody is."""
    times_s = moments({one: a, other: b}, rig, 0.1, 100)
    if len(times_s) == 0:
        return _NO_ONE
    at_a, at_b = a.at(rig.own_times_s(one, times_s)), b.at(rig.own_times_s(other, times_s))
    points_a, points_b = (rig.in_first(view, at.points_hips + at.root_camera[:, None])
                          for view, at in ((one, at_a), (other, at_b)))  # fmt: skip
    rays_a, rays_b = points_a - rig.places_first[one], points_b - rig.places_first[other]
    square = normalised(np.cross(rays_a, rays_b))
    way = rig.places_first[other] - rig.places_first[one]
    across_m = np.median(np.abs(square @ way))
    return float(across_m + _DEPTH_COUNTS * np.median(np.linalg.norm(points_a - points_b, axis=-1)))
