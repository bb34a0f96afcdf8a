"""Some cameras of a take by every way: single, calibrated, and as the product finds cameras and clocks by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from backend.multiview.rig import Rig
from backend.multiview.settings import MultiviewSettings
from bench.multiview_figures import Row, choices
from bench.multiview_found import found
from bench.multiview_measures import Figures, camera_figures, leg_m, pose_figures
from bench.multiview_takes import Take
from bench.multiview_ways import LiftedTake, Limbs, alone, fused, landmarks_only, limbs_of
from motion.arrays import Array

OWN = MultiviewSettings()
TRIANGULATION = MultiviewSettings(fusion="triangulation")
FUSIONS = {"network": MultiviewSettings(fusion="network"), "refined": TRIANGULATION}


@dataclass(frozen=True)
class Asked:
    """What is measured beside what the product does."""

    device: str = "cpu"
    fusions: bool = False           # every way of fusion, on the rig that was found
    joints: tuple[int, ...] = ()    # of the 12, whose own errors are said too


def rows_of(seen: LiftedTake, asked: Asked, views: Sequence[tuple[int, ...]] | None = None) -> Iterator[Row]:
    """Of every pair, triple and quadruple of cameras, or of those that are asked for."""
    for chosen in views or choices(len(seen.take.views)):
        yield row_of(seen.only(chosen), asked, "".join(str(view + 1) for view in chosen))


def row_of(seen: LiftedTake, asked: Asked, cameras: str) -> Row:
    """All of a take's cameras."""
    take = seen.take
    single = [alone(seen, view) for view in range(len(take.views))]
    ways = {"single": _mean([_pose(seen, limbs, asked, _to_known_size(take, limbs), view)
                             for view, limbs in enumerate(single)]),
            "calibrated": _pose(seen, limbs_of(fused(seen, take.rig(), TRIANGULATION, take.height_m, asked.device)),
                                asked)}  # fmt: skip
    told = found(seen, take.height_m)
    ways |= {"fused": {}, "triangulation": {}} if told.rig is None else _own_ways(seen, told.rig, told.views, asked)
    angle_deg = max(take.angle_deg(0, view) for view in range(1, len(take.views)))
    return Row(f"{take.name} {cameras}", len(take.views), angle_deg, ways, told.flagged, told.doubts)


def _own_ways(seen: LiftedTake, rig: Rig, views: Sequence[int], asked: Asked) -> dict[str, Figures]:
    """Of the cameras as they were found, and of those of them that show the same person there."""
    take, body = seen.take, _own_body(seen, rig, OWN, asked, views)
    factor = _to_known_size(take, body)
    cameras = camera_figures(rig.scaled(factor), take.rig(), _middle_s(seen), take.views[0].camera.rate_hz)
    size = {"scale_percent": scale_percent(seen, body, factor)}
    ways = {"fused": {**_pose(seen, body, asked, factor), **cameras, **size},
            "triangulation": _pose(seen, landmarks_only(seen, rig), asked, factor)}  # fmt: skip
    for name, settings in (FUSIONS if asked.fusions else {}).items():
        ways[name] = _pose(seen, _own_body(seen, rig, settings, asked, views), asked, factor)
    return ways


def _own_body(
    seen: LiftedTake, rig: Rig, settings: MultiviewSettings, asked: Asked, views: Sequence[int]
) -> Limbs:  # fmt: skip
    """Of the first camera alone where no other shows the person in the same place."""
    if len(views) < 2:
        return alone(seen, 0)
    return limbs_of(fused(seen, rig, settings, seen.take.height_m, asked.device, views))


def _pose(seen: LiftedTake, said: Limbs, asked: Asked, factor: float = 1.0, view: int = 0) -> Figures:
    """Over the time that all cameras share, all lengths multiplied by a factor."""
    judged = seen.shared(said.times_s, view)
    truth = seen.truth_at(said.times_s[judged], view)
    return pose_figures(factor * said.limbs_first[judged], truth, asked.joints)


def _to_known_size(take: Take, said: Limbs) -> float:
    """1 where the body's height was given to all that was found."""
    return 1.0 if take.leg_m is None else take.leg_m / leg_m(said.limbs_first)


def scale_percent(seen: LiftedTake, said: Limbs, factor: float = 1.0) -> float:
    """By how much legs are too long or too short."""
    judged = seen.shared(said.times_s)
    true_m = leg_m(seen.truth_at(said.times_s[judged]))
    return 100.0 * abs(factor * leg_m(said.limbs_first[judged]) / true_m - 1.0)


def _mean(figures: Sequence[Figures]) -> Figures:
    return {name: float(np.mean([each[name] for each in figures])) for name in figures[0]}


def _middle_s(seen: LiftedTake) -> float:
    """Of the time that all cameras share, by the first one's clock."""
    times_s: Array = seen.lifts[0].track.times_s
    return float(np.median(times_s[seen.shared(times_s)]))
