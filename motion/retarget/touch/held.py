"""What of a character rests on the world, as the source's contacts say, in lengths that clean-up is made for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...arrays import Array, Mask
from ...figure import Figure
from ...runs import runs
from ..source.source_pose import SourcePose
from ..target.target import Target

_FLOOR_M = 0.1     # what is lower than that is the floor


@dataclass(frozen=True, eq=False)
class Held:
    """A character grown to usual size, on a floor at z = 0."""

    figure: Figure
    size: float               # metres of the character in one of these
    floor_world_m: float
    rate: float               # frames a second
    names: tuple[str, ...]    # [C] points of the figure that may rest on the world
    held: Mask                # [T, C]
    height_m: Array           # [T, C]
    source_points: Array      # [T, P, 3] m the source's points, where the path brings them; NaN for those it lacks

    def channel(self, name: str) -> tuple[Mask, Array]:
        """Where a point rests [T], and the height of what is under it [T] m."""
        if name in self.names:
            c = self.names.index(name)
            return self.held[:, c], self.height_m[:, c]
        return np.zeros(len(self.held), dtype=bool), np.zeros(len(self.held))

    def inside(self, points_world: Array) -> Array:
        """Points [..., 3] m of the world as they are here."""
        return (points_world - [0.0, 0.0, self.floor_world_m]) / self.size


def held_of(target: Target, source: SourcePose) -> Held:
    """The source's contacts with the world that the character has points for."""
    contacts, figure, size = source.contacts, target.figure, target.figure.size
    both = [name for name in figure.point_names if name in source.figure.point_names]
    known = [c for c, name in enumerate(contacts.names) if contacts.holds_to[c] < 0 and name in both]
    points = np.full((source.frame_count, len(figure.point_names), 3), np.nan)
    points[:, [figure.point(name) for name in both]] = target.placed(
        source.points_world()[:, [source.figure.point(name) for name in both]], source.floor_world_m)  # fmt: skip
    held = Held(
        figure=figure.scaled(1.0 / size), size=size, floor_world_m=target.floor_world_m, rate=source.rate,
        names=tuple(contacts.names[c] for c in known), held=contacts.held[:, known],
        height_m=contacts.height_m[:, known] * (target.path_scale / size), source_points=points,
    )  # fmt: skip
    return replace(held, source_points=held.inside(points))


def where_it_comes_down(move: Array, held: Mask, height_m: Array) -> Array:
    """Moves [T, 3] m to places at which a palm rests, held [T], on height_m [T] above the floor.

    The floor is everywhere: there only so much is left of them as keeps the palm still and at its height.
    """
    left = np.array(move)
    for start, stop in runs(held):
        if np.median(height_m[start:stop]) < _FLOOR_M:
            left[start:stop, :2] -= left[start:stop, :2].mean(axis=0)
    return left
