"""What the product finds out about cameras of which it knows nothing, and what it tells the user to doubt."""

from __future__ import annotations

from dataclasses import dataclass

from backend.multiview.doubts import doubts_of
from backend.multiview.find_rig import find_rig
from backend.multiview.rig import Rig
from backend.multiview.size import metres_per_unit
from bench.multiview_ways import LiftedTake, grid_of


@dataclass(frozen=True, eq=False)
class Found:
    """Of one person before several cameras."""

    rig: Rig | None             # in metres; None where a camera was left out
    views: tuple[int, ...]      # in which the person before the first camera was found again
    doubts: tuple[str, ...]     # a sentence each

    @property
    def flagged(self) -> bool:
        return bool(self.doubts)


def found(seen: LiftedTake, height_m: float | None) -> Found:
    """From what each camera alone made of the person, all lenses guessed."""
    finding = find_rig([[lift] for lift in seen.lifts], lenses_known=[False] * len(seen.lifts))
    cameras = [view.camera for view in seen.take.views]
    said = doubts_of(finding, [camera.name for camera in cameras], cameras[0].rate_hz)
    doubts = tuple(sentence for of_view in said for sentence in of_view)
    if len(finding.used) < len(seen.lifts):
        return Found(None, (), doubts)
    views = tuple(sorted(finding.people[0]))
    person = {view: seen.lifts[view] for view in views}
    metres = metres_per_unit([person], finding.rig, grid_of(seen, finding.rig), height_m)
    return Found(finding.rig.scaled(metres), views, doubts)
