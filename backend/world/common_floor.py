"""Several people on one floor: where they stand tells how tall they are to each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.lift.lift import Lift
from backend.world.floor import own_floor_m
from backend.world.in_world import InWorld

# One camera sees size over distance only. Who would stand on the first person's floor if they were up to so much
# taller or smaller, and nearer or farther in proportion, does; anybody else stands on a roof, a stage or a chair.
_LARGEST_FACTOR = 1.35


def sizes_by_floor(people: list[InWorld], first_is_known: bool) -> list[float]:
    """By how much bodies and their distances from a lens that stays at the origin are scaled to share a floor.

    It is the first one's. When the first person's height is not known either, all are scaled together until they are
    of average height in the (geometric) mean. Bodies of an SMPL-X file keep their size, which betas give.
    """
    floors_m = [own_floor_m(person) for person in people]
    together = [_share_a_floor(floors_m[0], own) for own in floors_m]
    factors = np.array([floors_m[0] / own if shared else 1.0 for own, shared in zip(floors_m, together, strict=True)])
    if not first_is_known:
        factors[together] /= np.exp(np.mean(np.log(factors[together]))) if any(together) else 1.0
    return [float(factor) if person.lift.body.model.name == "open" else 1.0
            for person, factor in zip(people, factors, strict=True)]  # fmt: skip


def _share_a_floor(first: float, own: float) -> bool:
    """Whether both stand below the camera and a factor between the two floors is that of two people's sizes."""
    return first < 0.0 and own < 0.0 and 1.0 / _LARGEST_FACTOR < first / own < _LARGEST_FACTOR


def scaled(lift: Lift, factor: float) -> Lift:
    """The same picture from a body `factor` times as large, `factor` times as far away."""
    return lift if factor == 1.0 else replace(
        lift, body=lift.body.scaled(factor), root_camera=factor * lift.root_camera)  # fmt: skip


def lone_sized(lifts: list[Lift], people: list[InWorld]) -> list[Lift]:
    """Bodies that one of several cameras alone saw, sized to stand on the floor of those whom more of them saw.

    `people` are the lifts before the first camera, in a world that is about level.
    """
    sure = [own_floor_m(person) for person in people if not _is_lone(person.lift)]
    if not sure:
        return lifts
    floor_m = float(np.median(sure))
    return [_on_floor(person, floor_m) if _is_lone(person.lift) else lift
            for lift, person in zip(lifts, people, strict=True)]  # fmt: skip


def _is_lone(lift: Lift) -> bool:
    return len(lift.others) == (0 if lift.track.scores.any() else 1)


def _on_floor(person: InWorld, floor_m: float) -> Lift:
    """The same picture of a body of another size, nearer to the lens that saw it or farther from it."""
    lift, other = person.lift, person.lift.others[:1]
    lens_first = -other[0].R_view_from_camera.T @ other[0].t_view_from_camera if other else np.zeros(3)
    lens_m = float((person.camera_world[0] + person.R_world_from_camera[0] @ lens_first)[2])
    own_m = own_floor_m(person) - lens_m
    if lift.body.model.name != "open" or not _share_a_floor(floor_m - lens_m, own_m):
        return lift
    factor = (floor_m - lens_m) / own_m
    root_first = lens_first + factor * (lift.root_camera - lens_first)
    return replace(lift, body=lift.body.scaled(factor), root_camera=root_first)
